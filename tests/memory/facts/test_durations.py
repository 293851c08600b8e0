from __future__ import annotations

import pytest

from memory.facts.durations import durations
from memory.facts.numbers import count_of


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("half an hour", [30]),
        ("an hour and a half by train", [90]),
        ("two and a half hours", [150]),
        ("a couple of hours", [120]),
        ("three quarters of an hour", [45]),
        ("90 minutes, or fifty mins", [90, 50]),
        ("an hour\u2019s drive", [60]),
        ("at half past two", []),
        ("two weeks", []),
        ("another hour", []),
        ("", []),
    ],
)
def test_a_length_of_time_is_read_in_minutes(text: str, minutes: list[int]) -> None:
    found = list(durations(text))
    assert [one.minutes for one in found] == minutes
    assert all(text[one.start : one.end].strip() for one in found)


def test_what_is_no_number_is_refused() -> None:
    assert (count_of("Twenty-four"), count_of("an"), count_of("7")) == (24, 1, 7)
    with pytest.raises(ValueError, match="many"):
        count_of("many")
