from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from llm.manners import GAP_NS, Command, Manners, Today, command_of, today
from memory.records import Kind, Source
from memory.store import Memory
from tests.llm.conftest import END_NS, S, said

NOON = int(datetime(2026, 5, 30, 12, 0).astimezone().timestamp()) * S
MINUTE = 60 * S
BY_DAY = Manners()


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "now", "expected"),
    [
        (time(22), time(7), time(23), True),
        (time(22), time(7), time(6, 59), True),
        (time(22), time(7), time(7), False),
        (time(22), time(7), time(12), False),
        (time(13), time(15), time(14), True),
        (time(13), time(15), time(15), False),
        (time(9), time(9), time(9), False),
    ],
)
def test_quiet_hours(quiet_from: time, quiet_until: time, now: time, expected: bool) -> None:
    moment = datetime.combine(datetime(2026, 5, 30), now).astimezone()
    manners = Manners(quiet_from, quiet_until)
    assert manners.is_quiet_hour(int(moment.timestamp()) * S) is expected


@pytest.mark.parametrize(
    ("so_far", "is_urgent", "expected"),
    [
        (Today(), False, True),
        (Today(is_hushed=True), False, False),
        (Today(is_hushed=True), True, False),
        (Today(unasked_ns=(NOON - 2 * MINUTE,)), False, False),
        (Today(unasked_ns=(NOON - 2 * MINUTE,)), True, True),
        # Nobody answered the first one, so the pause doubles: 360 s.
        (Today(unasked_ns=(NOON - 5 * MINUTE,)), False, False),
        (Today(unasked_ns=(NOON - 7 * MINUTE,)), False, True),
        (Today((NOON - 5 * MINUTE,), words_ns=(NOON - 5 * MINUTE + 30 * S,)), False, True),
        (Today(tuple(NOON - m * MINUTE for m in (59, 50, 40, 30)), (NOON,)), False, False),
        (Today(tuple(NOON - m * MINUTE for m in (90, 80, 75, 70)), (NOON,)), False, True),
    ],
)
def test_the_budget_of_annoyance(so_far: Today, is_urgent: bool, expected: bool) -> None:
    assert BY_DAY.allow(so_far, NOON, is_urgent) is expected


def test_nobody_is_spoken_to_at_night() -> None:
    night = NOON + 11 * 60 * MINUTE
    assert not BY_DAY.allow(Today(), night)
    assert not BY_DAY.allow(Today(), night, is_urgent=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Keep quiet.", Command.QUIET),
        ("Attune, be quiet please.", Command.QUIET),
        ("Oh shut up!", Command.QUIET),
        ("Not now.", Command.NOT_NOW),
        ("No, not now, please.", Command.NOT_NOW),
        ("You can talk again.", Command.TALK),
        ("You may speak.", Command.TALK),
        ("He told us to be quiet in the library.", None),
        ("It was very quiet.", None),
        ("I do not know if you can talk to her about it.", None),
    ],
)
def test_commands_are_short_and_plain(words: str, expected: Command | None) -> None:
    assert command_of(words) is expected


def test_the_day_is_read_from_memory(memory: Memory) -> None:
    now = END_NS + 1000 * S
    source = Source(Kind.UTTERANCE, 1)
    memory.add_turn(now - 500 * S, "", "A minute ago you said something.", (source,))
    said(memory, 820, "Not now.", 1, is_wearer=True)
    day = today(memory, now)
    assert day.unasked_ns == (now - 500 * S,)
    assert day.is_hushed
    assert memory.text_of(source) in day.told
    memory.add_turn(now - 100 * S, "You can talk again.", "All right.")
    assert not today(memory, now).is_hushed


def test_a_strangers_words_command_nothing(memory: Memory) -> None:
    said(memory, 250, "Keep quiet.", 2)
    assert not today(memory, END_NS).is_hushed


def test_not_now_to_somebody_else_is_no_command(memory: Memory) -> None:
    said(memory, 250, "Not now.", 1, is_wearer=True)
    assert not today(memory, END_NS).is_hushed


def test_a_night_ends_it(memory: Memory) -> None:
    memory.add_turn(END_NS, "Keep quiet.", "All right.")
    assert today(memory, END_NS + S).is_hushed
    later = datetime.fromtimestamp(END_NS / 1e9).astimezone() + timedelta(days=1)
    assert not today(memory, int(later.timestamp()) * S + GAP_NS).is_hushed
