from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.facts import introduced_name, own_statements, remarks, sentences


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hi, I'm Ruth Ambler. I'm a glazier.", "Ruth Ambler"),
        ("My name is Anna-Lena Krogh and I live here.", "Anna-Lena Krogh"),
        ("my name's Per", "Per"),
        ("Hello, this is Olga in Ohio.", "Olga"),
        ("I think it rang twice, you know, this is Olga in Ohio.", "Olga"),
        ("And I\u2019m Nadine in Utah.", "Nadine"),
        ("I am Mary O'Hara, the vet.", "Mary O'Hara"),
        ("I'm American.", ""),
        ("I'm tired.", ""),
        ("We went home and this is Paris, I think.", ""),
        ("This is Olga. And I'm Nadine.", ""),
        ("What is your name?", ""),
        ("", ""),
    ],
)
def test_a_name_is_taken_from_an_introduction_only(text: str, name: str) -> None:
    assert introduced_name(text) == name


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("I'm leaving the key here. Is that fine?", ["I'm leaving the key here."]),
        ("So, I live at 3.5 Mill Lane.", ["So, I live at 3.5 Mill Lane."]),
        ("My sister is a vet. She likes cows.", ["My sister is a vet."]),
        ("Hi, I'm Ruth Ambler.", []),
        ("This is Olga in Ohio.", ["This is Olga in Ohio."]),
        ("The train leaves at five.", []),
        ("I am Dr. Hall and I work late.", ["I am Dr. Hall and I work late."]),
        ("Do I know you?", []),
        ("I do.", []),
    ],
)
def test_own_statements_are_whole_first_person_sentences(text: str, statements: list[str]) -> None:
    assert own_statements(text) == statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He is my neighbour.", ["He is my neighbour."]),
        ("She's the new vet. I like her.", ["She's the new vet."]),
        ("This is my cousin Bo.", ["This is my cousin Bo."]),
        ("Is he my neighbour?", []),
        ("The hedge is his.", []),
    ],
)
def test_remarks_are_about_the_person_in_view(text: str, expected: list[str]) -> None:
    assert remarks(text) == expected


@given(st.text(max_size=200))
def test_no_sentence_says_what_was_not_said(text: str) -> None:
    for sentence in sentences(text):
        for word in sentence.split():
            assert word in text
