from __future__ import annotations

import pytest

from app.address import is_question


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("What was written on the box on my table?", True),
        ("Where does Jon work?", True),
        ("I saw him today. Who is that?", True),
        ("And where is my cup?", True),
        ("Tell me what he said.", True),
        ("Please remind me of her name.", True),
        ("I'm leaving these biscuits on the kitchen table, next to the blue pen.", False),
        ("It is cold, right?", False),
        ("You know?", False),
        ("Is it late? I should go home.", False),
        ("What a lovely day.", False),
        ("", False),
        ("  ", False),
    ],
)
def test_is_question(words: str, expected: bool) -> None:
    assert is_question(words) is expected
