from __future__ import annotations

import pytest

from llm.companion import Companion
from llm.context import CurrentContext
from llm.naming import given_name
from memory.records import Person
from memory.store import Memory
from tests.llm.conftest import END_NS, S


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("No, his name is Jon Peirce.", "Jon Peirce"),
        ("Her name's actually Irma.", "Irma"),
        ("Irma's name is Erma Sand, not Irma.", "Erma Sand"),
        ("She is called Mette-Marit.", "Mette-Marit"),
        ("Call him Ben.", "Ben"),
        ("Is his name Ben?", ""),
        ("His name is Ben?", ""),
        ("My name is Ben.", ""),
        ("He is called every day.", ""),
        ("Her name is Norwegian.", ""),
        ("Call me Ben.", ""),
    ],
)
def test_a_name_is_taken_from_plain_words_only(words: str, expected: str) -> None:
    assert given_name(words) == expected


def irma(memory: Memory) -> Person:
    return next(person for person in memory.people() if person.utterances and not person.is_wearer)


def say(memory: Memory, words: str, at_ns: int = END_NS) -> str:
    reply = Companion(memory, None).reply(words, CurrentContext(at_ns), at_ns)
    return " ".join(sentence.text for sentence in reply)


@pytest.mark.parametrize(
    "words", ["No, her name is Erma Sandt, not Irma.", "Irma's name is Erma Sandt."]
)
def test_the_wearer_spells_a_name_for_good(memory: Memory, words: str) -> None:
    assert "Erma Sandt" in say(memory, words)
    person = irma(memory)
    assert (person.name, person.is_name_given) == ("Erma Sandt", True)
    assert 'Erma Sandt said: "' in say(memory, "Where does Erma work?", END_NS + S)


def test_she_is_whom_the_conversation_is_about(memory: Memory) -> None:
    say(memory, "Where does Irma work?")
    say(memory, "Her name is Astrid.", END_NS + S)
    assert irma(memory).name == "Astrid"


def test_what_others_say_names_nobody(memory: Memory) -> None:
    words = "Irma's name is Grizelda."
    companion = Companion(memory, None)
    list(companion.reply(words, CurrentContext(END_NS), END_NS, by_wearer=False))
    assert irma(memory).name == "Irma Sand"


def test_a_name_for_nobody_names_nobody(memory: Memory) -> None:
    say(memory, "His name is Astrid.")
    assert irma(memory).name == "Irma Sand"
