from __future__ import annotations

from datetime import date

from app.widgets.days import DayCursor

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 20)


def test_the_last_day_is_shown_first() -> None:
    cursor = DayCursor([FRIDAY, MONDAY])
    assert (cursor.day, cursor.earlier, cursor.later) == (FRIDAY, MONDAY, None)


def test_days_without_memories_are_skipped() -> None:
    cursor = DayCursor([MONDAY, FRIDAY], MONDAY)
    cursor.go(cursor.later)
    assert cursor.day == FRIDAY


def test_beyond_the_last_day_it_stays() -> None:
    cursor = DayCursor([MONDAY])
    cursor.go(cursor.later)
    assert cursor.day == MONDAY


def test_a_day_that_was_forgotten_leads_to_the_nearest() -> None:
    cursor = DayCursor([MONDAY, TUESDAY, FRIDAY], TUESDAY)
    cursor.reload([MONDAY, FRIDAY])
    assert cursor.day == MONDAY


def test_without_memories_there_is_no_day() -> None:
    cursor = DayCursor([MONDAY])
    cursor.reload([])
    assert (cursor.day, cursor.earlier, cursor.later) == (None, None, None)
