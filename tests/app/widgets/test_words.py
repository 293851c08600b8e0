from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.widgets import words

BERLIN = ZoneInfo("Europe/Berlin")
S = 1_000_000_000


@pytest.fixture
def machine_in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "1 s"),
        (8.4, "8 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (125, "2 min"),
        (3600, "1 h"),
        (3900, "1 h 5 min"),
    ],
)
def test_spans_read_like_speech(seconds: float, expected: str) -> None:
    assert words.span(round(seconds * S)) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["cup"], "cup"),
        (["cup", "pen"], "cup and pen"),
        (["cup", "pen", "tin"], "cup, pen and tin"),
        (["cup", "pen", "tin", "map", "bike"], "cup, pen, tin and 2 more"),
    ],
)
def test_lists_read_like_speech(items: list[str], expected: str) -> None:
    assert words.listed(items) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 people"), (1, "1 person"), (2_000, "2,000 people")]
)
def test_counts_agree_with_their_noun(number: int, expected: str) -> None:
    assert words.counted(number, "person", "people") == expected


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [(0.0, "a guess"), (0.49, "a guess"), (0.5, "fairly sure"), (0.8, "quite sure")],
)
def test_confidence_is_said_in_words(confidence: float, expected: str) -> None:
    assert words.sure(confidence) == expected


def test_a_day_of_the_clock_change_is_as_long_as_it_is() -> None:
    start_ns, end_ns = words.day_bounds_ns(date(2026, 10, 25), 1, BERLIN)
    assert (end_ns - start_ns) / S == 25 * 3600
    assert datetime.fromtimestamp(start_ns / S, UTC) == datetime(2026, 10, 24, 22, tzinfo=UTC)


@pytest.mark.usefixtures("machine_in_berlin")
@pytest.mark.parametrize("month", [1, 7])
def test_the_machines_zone_knows_summer_time(month: int) -> None:
    noon_ns = int(datetime(2026, month, 5, 12, tzinfo=UTC).timestamp()) * S
    here, there = (words.clock(noon_ns, zone) for zone in (words.MACHINE_ZONE, BERLIN))
    assert here == there
    day = date(2026, month, 5)
    assert words.day_bounds_ns(day, 1, words.MACHINE_ZONE) == words.day_bounds_ns(day, 1, BERLIN)


def test_the_machines_zone_is_the_one_in_use() -> None:
    now = datetime.now(UTC)
    local = words.local_time(int(now.timestamp() * S), words.MACHINE_ZONE)
    assert local.utcoffset() == now.astimezone().utcoffset(), os.environ.get("TZ")
