from __future__ import annotations

import pytest

from llm.common_ground import CommonGround
from llm.context import CurrentContext
from llm.cues import read_question
from llm.guard import is_whole, may_be_said, parrots, speaks_for_another
from llm.prompt import render
from memory.records import Hit, Kind


@pytest.mark.parametrize(
    "sentence",
    [
        "I felt moved by what I saw.",
        "I'm a lecturer at the harbour school.",
        "It is not mine.",
        "You met my neighbour.",
        "I took the cup.",
    ],
)
def test_the_companion_did_none_of_that(sentence: str) -> None:
    assert speaks_for_another(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I don't know his name.",
        "I am sorry to hear that.",
        "I think it was the harbour.",
        "You told me that it is broken.",
        'He said: "I\'m a lecturer."',
        "He said 'I love my boat' twice.",
        "You took your cup.",
        "I\u2019ll be quiet.",
    ],
)
def test_the_companion_may_say_so_of_itself(sentence: str) -> None:
    assert not speaks_for_another(sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He lost the guard of the bandsaw.", True),
        ("It was very, very late.", True),
        ("He lost the guard, and he/she/she/she/she/she", False),
        ("He lost the guard of the bandsaw, and", False),
        ("You put it under the", False),
    ],
)
def test_a_sentence_is_whole_or_not_said(sentence: str, expected: bool) -> None:
    assert is_whole(sentence) is expected


@pytest.mark.parametrize(
    ("words", "sentence", "expected"),
    [
        ("My knee hurts, I'll take two of these.", "You'll take two of these.", True),
        ("My knee hurts, I'll take two of these.", "The knee hurts.", True),
        ("My feet hurt.", "I am sorry to hear that.", False),
        ("My feet hurt.", "Put your feet up for a while.", False),
        ("Does my knee hurt?", "Your knee hurts.", False),
    ],
)
def test_a_remark_is_not_given_back(words: str, sentence: str, expected: bool) -> None:
    asked = read_question(words, [], (), "", 0)
    ground = CommonGround(0, words, asked, CurrentContext(0))
    assert parrots(sentence, ground) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Yes, you have a pacemaker.", False),
        ("You can't go through the arch.", False),
        ("Ida said that she has a pacemaker.", True),
        ("You met Ida, who has a pacemaker.", True),
        ("You have a pacemaker, says Jan.", False),
        ("You have an appointment on the sixteenth.", True),
    ],
)
def test_what_another_said_of_themselves_is_not_the_wearers(sentence: str, expected: bool) -> None:
    words = "Have I got a pacemaker?"
    texts = (
        'Ida said: "I have a pacemaker, I can\'t go through that arch."',
        'Ida said: "I see you have an appointment on the sixteenth."',
        'Jan said: "I like trams."',
    )
    hits = tuple(Hit(Kind.UTTERANCE, n, 0, text, 1.0, None, ()) for n, text in enumerate(texts))
    asked = read_question(words, [], (), "", 0)
    ground = CommonGround(0, words, asked, CurrentContext(0), hits)
    assert may_be_said(sentence, ground, render(ground)) is expected
