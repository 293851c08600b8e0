from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.widgets.clamp import ELLIPSIS, clamp

TEXTS = st.lists(st.text("abc", min_size=1, max_size=9), max_size=30).map(" ".join)


def lines_of(text: str, width: int) -> int:
    """Count lines as a label would break them."""
    lines, line = 0, ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if lines and len(longer) <= width:
            line = longer
        else:
            lines, line = lines + 1, word
    return lines


def test_what_fits_is_left_alone() -> None:
    assert clamp("a box of biscuits", 20, 1, len) == "a box of biscuits"


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    assert clamp("a box of biscuits on the table", 12, 2, len) == "a box of biscuits on…"


def test_one_long_word_is_cut() -> None:
    assert clamp("Donaudampfschifffahrt", 8, 1, len) == "Donauda…"


@given(TEXTS, st.integers(9, 40), st.integers(1, 4))
def test_the_lines_always_fit(text: str, width: int, lines: int) -> None:
    cut = clamp(text, width, lines, len)
    assert lines_of(cut, width) <= lines
    assert all(len(word) <= width for word in cut.split())
    assert text.startswith(cut.removesuffix(ELLIPSIS))
    assert cut.endswith(ELLIPSIS) or cut == text
