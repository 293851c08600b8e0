from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.sentences import introduced_name, sentences


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
        ("Good evening, I'm Mr Alder, I teach the fourth form.", "Alder"),
        ("I am Dr. Hall and I work late.", "Hall"),
        ("I'm Dr.", ""),
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
    ("text", "expected"),
    [
        ("I live at 3.5 Mill Lane. Is that fine?", ["I live at 3.5 Mill Lane.", "Is that fine?"]),
        ("I am Dr. Hall and I work late.", ["I am Dr. Hall and I work late."]),
        ("Good\u2026 so be it!", ["Good\u2026", "so be it!"]),
    ],
)
def test_sentences_keep_their_closing_marks(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(max_size=200))
def test_no_sentence_says_what_was_not_said(text: str) -> None:
    for sentence in sentences(text):
        for word in sentence.split():
            assert word in text
