from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.voice.sentences import MAX_SENTENCE_CHARS, SentenceSplitter


def split(*pieces: str) -> list[str]:
    splitter = SentenceSplitter()
    return [s for piece in pieces for s in splitter.push(piece)] + splitter.flush()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", " Two!", " Three?"]),
        ("It costs 3.50 today. Good.", ["It costs 3.50 today.", " Good."]),
        ("Dr. Weiss is here. Hello.", ["Dr. Weiss is here.", " Hello."]),
        ("J. K. Moss called. Twice.", ["J. K. Moss called.", " Twice."]),
        ("At 9 a.m. you left. Then rain.", ["At 9 a.m. you left.", " Then rain."]),
        ("You left at 9 a.m. Then it rained.", ["You left at 9 a.m.", " Then it rained."]),
        ('She said "Stop." You stopped.', ['She said "Stop."', " You stopped."]),
        ("Wait... what? Yes.", ["Wait...", " what?", " Yes."]),
        ("first line\nsecond line", ["first line\n", "second line"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_splits_at_sentence_ends_only(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences
    assert split(*text) == sentences


def test_a_sentence_comes_as_soon_as_it_is_complete() -> None:
    splitter = SentenceSplitter()
    assert splitter.push("The shed is open.") == []
    assert splitter.push(" And") == ["The shed is open."]


def test_text_without_an_end_is_cut_between_words() -> None:
    parts = split("word " * 200)
    assert len(parts) > 2
    assert all(len(part) <= MAX_SENTENCE_CHARS for part in parts)
    assert all(part.strip().startswith("word") for part in parts if part.strip())


@given(st.lists(st.text(alphabet='ab .!?\n"A1e', max_size=30), max_size=20))
def test_no_character_is_lost_and_pieces_do_not_matter(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(split(*pieces)) == text
    assert split(*pieces) == split(*text)
