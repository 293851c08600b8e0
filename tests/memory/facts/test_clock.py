from __future__ import annotations

import pytest

from memory.facts.clock import hours_in


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("Choir at seven for two hours.", [(19 * 60, 21 * 60)]),
        ("Dentist at 9:30 for half an hour.", [(9 * 60 + 30, 10 * 60)]),
        ("Lunch at noon for about an hour and a half.", [(12 * 60, 13 * 60 + 30)]),
        ("From six to half eight in the evening.", [(18 * 60, 20 * 60 + 30)]),
        ("At three, two hours away.", [(15 * 60, None)]),
        ("It takes two hours.", []),
    ],
)
def test_words_tell_from_when_until_when(words: str, hours: list[tuple[int, int | None]]) -> None:
    assert [(found.begin_min, found.end_min) for found in hours_in(words)] == hours
