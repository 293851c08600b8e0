from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from llm import grounding
from memory.units import HOUR_NS
from tests.llm.grounds import ground, weighed

NOTE = 'read 5 minutes ago: "On the tin was written: HOLLOWAY PLUMS / 450 g"'


@pytest.mark.parametrize(
    ("hours", "expected"), [(0.1, False), (10, False), (20, True), (30, True), (50, False)]
)
def test_yesterday_is_said_only_of_yesterday(hours: float, expected: bool) -> None:
    """At half past seven in the evening."""
    now_ns = int(datetime(2026, 5, 9, 19, 30).timestamp()) * 1_000_000_000
    asked = ground("What was written on the tin?", "On the tin was written: HOLLOWAY PLUMS")
    read = replace(asked.recalled[0], t_ns=now_ns - round(hours * HOUR_NS))
    asked = replace(asked, now_ns=now_ns, recalled=(read,))
    assert grounding.is_grounded("You read so yesterday.", asked, [read.text]) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("You met Ida, who teaches the cello.", True),
        ("You were at a house, where Ida teaches.", False),
        ("I don't know more than that.", True),
    ],
)
def test_every_word_of_a_summary_must_come_from_the_notes(sentence: str, expected: bool) -> None:
    note = 'Ida said: "I teach the cello."'
    asked = ground("What did I do today?", note)
    assert asked.asked.level is not None
    assert grounding.is_grounded(sentence, asked, [note]) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It said Holloway plums.", True),
        ("It said plums, 450 g.", True),
        ("It said Galloway plums.", False),
        ("It weighs 500 g.", False),
        ("Holloway plums from Kent.", False),
        ("Margaret told you.", False),
        ("I don't know.", True),
        ("Unfortunately, I don't know.", True),
    ],
)
def test_names_and_numbers_must_come_from_the_notes(sentence: str, expected: bool) -> None:
    asked = ground("What was written on the tin?")
    assert grounding.is_grounded(sentence, asked, [NOTE]) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It said Holloway plums.", True),
        ("It was written on the tin.", False),
        ("You asked what was written on the tin.", False),
        ("I am glad to help.", False),
        ("I don't know.", False),
    ],
)
def test_an_answer_must_add_something_from_the_notes(sentence: str, expected: bool) -> None:
    asked = ground("What was written on the tin?", "On the tin was written: HOLLOWAY PLUMS")
    assert grounding.is_worth_saying(sentence, asked, [NOTE]) is expected


@pytest.mark.parametrize(
    ("words", "sentence", "expected"),
    [
        ("My feet hurt.", "My feet hurt.", False),
        ("My feet hurt.", "I am sorry to hear that.", True),
        ("Did I open the tin?", "Yes, you did.", True),
        ("Who is my dentist?", "Someone with a tin, whose name I don't know.", True),
    ],
)
def test_a_reply_must_not_echo(words: str, sentence: str, expected: bool) -> None:
    asked = ground(words, 'You said of someone 2: "My dentist has a tin."')
    assert grounding.is_worth_saying(sentence, asked, [NOTE]) is expected


@pytest.mark.parametrize(("answers", "expected"), [(0.1, True), (0.5, True), (0.9, False)])
def test_to_know_nothing_is_worth_saying_unless_memory_is_sure(
    answers: float, expected: bool
) -> None:
    asked = weighed("What is my sister's phone number?", answers)
    assert grounding.is_worth_saying("I don't know.", asked, [NOTE]) is expected


def test_an_admission_stays_one_whatever_words_it_shares_with_the_notes() -> None:
    asked = weighed("Which tin is it?", 0.9)
    assert not grounding.is_worth_saying("I don't know which.", asked, ["Ida knows the tin."])


@pytest.mark.parametrize(
    ("sentence", "answers", "expected"),
    [
        ("Ida said that it was changed.", 0.6, False),
        ("It is two nine oh six now.", 0.6, True),
        ("It is on the sign at the harbour.", 0.6, True),
        ("It is on the sign at the harbour.", 0.9, False),
        ("Ida said that it was changed.", 0.1, True),
    ],
)
def test_names_and_numbers_of_the_likeliest_memory_are_kept(
    sentence: str, answers: float, expected: bool
) -> None:
    texts = ('Ida said: "It was changed. Two nine oh six now."', 'You said: "A sign, harbour."')
    asked = ground("What do I punch in?", *texts)
    one, other = asked.recalled
    hits = (replace(one, answers=answers), replace(other, answers=0.1))
    asked = replace(asked, recalled=hits)
    assert grounding.is_worth_saying(sentence, asked, texts) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It takes forty minutes.", False),
        ("Ida said forty minutes, but you said an hour.", True),
    ],
)
def test_both_sides_are_told_of_what_was_told_in_two_ways(sentence: str, expected: bool) -> None:
    one, other = 'Ida said: "It takes forty minutes."', 'You said: "The crossing? An hour."'
    asked = ground("How long is the crossing?", one, other)
    assert grounding.is_worth_saying(sentence, asked, [one, other]) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("I don\u2019t know.", True),
        ("You have not told me.", True),
        ("The notes do not mention it.", True),
        ("There is no record of that.", True),
        ("I don't have that.", True),
        ("You know the way.", False),
        ("You can't have nuts.", False),
        ("She asked you not to tell Ida.", False),
        ("He works at the harbour.", False),
    ],
)
def test_recognises_an_admission(sentence: str, expected: bool) -> None:
    assert grounding.is_admission(sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "spoken"),
    [
        ("<|im_start|>assistant: Hello.", "Hello."),
        (" Companion: It is *late*.\n", "It is late."),
        ("1. It said `plums`.", "It said plums."),
        ("<|im_end|>", ""),
    ],
)
def test_what_cannot_be_spoken_is_removed(sentence: str, spoken: str) -> None:
    assert grounding.clean(sentence) == spoken


@pytest.mark.parametrize(
    ("sentence", "expected"), [("Two nine oh six now.", True), ("Jan has the needles.", False)]
)
def test_a_further_sentence_tells_more_of_the_same_memory(sentence: str, expected: bool) -> None:
    texts = ('Ida said: "The box is changed. Two nine oh six now."', 'Jan said: "I have needles."')
    asked = ground("What do I punch in?", *texts)
    assert grounding.rests_on_the_same(sentence, "Ida said it was changed.", asked) is expected
