from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reflection.scale import Scale, ticks
from tests.memory.day import START, S

KATHMANDU = ZoneInfo("Asia/Kathmandu")


@pytest.mark.parametrize("length_s", [1, 40, 600, 5 * 3600, 20 * 3600])
def test_ticks_are_few_even_and_distinct(length_s: int) -> None:
    scale = Scale.around([(START + 7 * S, START + (7 + length_s) * S)])
    marks = ticks(scale, names_days=False, zone=KATHMANDU)
    assert 1 <= len(marks) <= 9
    gaps = [b.position - a.position for a, b in pairwise(marks)]
    assert all(gap == pytest.approx(gaps[0]) and gap > 0 for gap in gaps)
    assert len({mark.text for mark in marks}) == len(marks)


def test_whole_hours_are_whole_where_zones_differ_by_minutes() -> None:
    scale = Scale(START, START + 5 * 3600 * S)
    marks = ticks(scale, names_days=False, zone=KATHMANDU)
    assert {mark.text.split(":")[1] for mark in marks} == {"00"}


@given(st.lists(st.tuples(st.integers(0, 10**14), st.integers(0, 10**11)), min_size=1, max_size=5))
def test_everything_lies_inside_the_scale(spans: list[tuple[int, int]]) -> None:
    intervals = [(START + start, START + start + length) for start, length in spans]
    scale = Scale.around(intervals)
    for start_ns, end_ns in intervals:
        assert 0 < scale.position(start_ns) <= scale.position(end_ns) < 1


def test_times_outside_are_clipped() -> None:
    scale = Scale(START, START + S)
    assert scale.position(START - S) == 0
    assert scale.position(START + 9 * S) == 1
