"""Small numbers as people say them."""

from __future__ import annotations

WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_VALUES = {
    **{word: number for number, word in enumerate(WORDS, 1)},
    **{"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40},
    **{"forty-five": 45, "fifty": 50, "twenty-four": 24, "forty-eight": 48},
}
NUMBER = rf"\d{{1,3}}|{'|'.join(sorted(_VALUES, key=len, reverse=True))}"
"""What finds a number that :func:`count_of` reads, as alternatives of a regular expression."""


def count_of(word: str) -> int:
    """Return the number that a word or some digits name.

    Raises:
        ValueError: It names none.
    """
    word = word.casefold()
    return _VALUES[word] if word in _VALUES else int(word)
