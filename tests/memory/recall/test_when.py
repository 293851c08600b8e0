from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from memory.recall.when import Relation, read_when

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOW = datetime(2026, 5, 9, 15, 0, tzinfo=BERLIN)  # a Saturday


def ns(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000_000


def told(words: str, now: datetime = NOW) -> tuple[str, str]:
    """The span that words tell, as local times; empty where a side is open."""
    zone = now.tzinfo
    when = read_when(words, ns(now), zone)
    edges = (when.start_ns, when.end_ns)
    start, end = (
        "" if edge is None else f"{datetime.fromtimestamp(edge / 1e9, zone):%Y-%m-%d %H:%M}"
        for edge in edges
    )
    return start, end


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("Who did I meet today?", "2026-05-09 00:00", "2026-05-10 00:00"),
        ("Who called yesterday?", "2026-05-08 00:00", "2026-05-09 00:00"),
        ("Who called the day before yesterday?", "2026-05-07 00:00", "2026-05-08 00:00"),
        ("What is on tomorrow?", "2026-05-10 00:00", "2026-05-11 00:00"),
        ("What did I read this morning?", "2026-05-09 04:00", "2026-05-09 12:00"),
        ("Where was I yesterday morning?", "2026-05-08 04:00", "2026-05-08 12:00"),
        ("Where was I yesterday afternoon?", "2026-05-08 12:00", "2026-05-08 18:00"),
        ("Who came on Tuesday afternoon?", "2026-05-05 12:00", "2026-05-05 18:00"),
        ("Who came this afternoon?", "2026-05-09 12:00", "2026-05-09 18:00"),
        ("Who came on the afternoon of the 3rd?", "2026-05-03 12:00", "2026-05-03 18:00"),
        ("the evening of 7 May", "2026-05-07 18:00", "2026-05-08 00:00"),
        ("What did we eat last night?", "2026-05-08 18:00", "2026-05-09 04:00"),
        ("What is on tonight?", "2026-05-09 18:00", "2026-05-10 04:00"),
        ("What did I do in the evening?", "2026-05-08 18:00", "2026-05-09 00:00"),
        ("Who came last Tuesday evening?", "2026-05-05 18:00", "2026-05-06 00:00"),
        ("Who came on Friday night?", "2026-05-08 18:00", "2026-05-09 04:00"),
        ("Who came on Saturday?", "2026-05-02 00:00", "2026-05-03 00:00"),
        ("Whom do I meet next Friday?", "2026-05-15 00:00", "2026-05-16 00:00"),
        ("What did I say on Monday at 3 pm?", "2026-05-04 14:30", "2026-05-04 15:30"),
        ("What did I see at noon on Friday?", "2026-05-08 11:30", "2026-05-08 12:30"),
        ("What did he say at 10:30?", "2026-05-09 10:00", "2026-05-09 11:00"),
        ("What did he say at 5 p.m.?", "2026-05-08 16:30", "2026-05-08 17:30"),
        ("at 9 o'clock this morning", "2026-05-09 08:30", "2026-05-09 09:30"),
        ("at 3 o'clock yesterday", "2026-05-08 14:30", "2026-05-08 15:30"),
        ("at three o'clock yesterday", "2026-05-08 14:30", "2026-05-08 15:30"),
        ("on Monday at 3 in the afternoon", "2026-05-04 14:30", "2026-05-04 15:30"),
        ("half past eight yesterday evening", "2026-05-08 20:00", "2026-05-08 21:00"),
        ("yesterday at a quarter to four", "2026-05-08 15:15", "2026-05-08 16:15"),
        ("two hours ago", "2026-05-09 12:30", "2026-05-09 13:30"),
        ("a few minutes ago", "2026-05-09 14:55", "2026-05-09 14:59"),
        ("What was that just now?", "2026-05-09 14:58", ""),
        ("in the last two hours", "2026-05-09 13:00", ""),
        ("over the past three days", "2026-05-06 00:00", "2026-05-10 00:00"),
        ("a couple of days ago", "2026-05-07 00:00", "2026-05-08 00:00"),
        ("three weeks ago", "2026-04-15 00:00", "2026-04-22 00:00"),
        ("What happened last week?", "2026-04-27 00:00", "2026-05-04 00:00"),
        ("this week", "2026-05-04 00:00", "2026-05-11 00:00"),
        ("How was my week?", "2026-05-04 00:00", "2026-05-11 00:00"),
        ("How was my day?", "2026-05-09 00:00", "2026-05-10 00:00"),
        ("How was my day yesterday?", "2026-05-08 00:00", "2026-05-09 00:00"),
        ("last weekend", "2026-05-02 00:00", "2026-05-04 00:00"),
        ("this month", "2026-05-01 00:00", "2026-06-01 00:00"),
        ("last month", "2026-04-01 00:00", "2026-05-01 00:00"),
        ("last year", "2025-01-01 00:00", "2026-01-01 00:00"),
        ("in June", "2025-06-01 00:00", "2025-07-01 00:00"),
        ("What did she do in March?", "2026-03-01 00:00", "2026-04-01 00:00"),
        ("in May 2023", "2023-05-01 00:00", "2023-06-01 00:00"),
        ("last summer", "2025-06-01 00:00", "2025-09-01 00:00"),
        ("in 2022", "2022-01-01 00:00", "2023-01-01 00:00"),
        ("on 8 May 2023", "2023-05-08 00:00", "2023-05-09 00:00"),
        ("on May 7th", "2026-05-07 00:00", "2026-05-08 00:00"),
        ("the 8th of June", "2025-06-08 00:00", "2025-06-09 00:00"),
        ("on the 3rd", "2026-05-03 00:00", "2026-05-04 00:00"),
        ("2026-05-01", "2026-05-01 00:00", "2026-05-02 00:00"),
        ("What did I do before noon?", "", "2026-05-09 12:00"),
        ("since Monday", "2026-05-04 00:00", ""),
        ("after 2 pm", "2026-05-09 14:00", ""),
        ("until last Friday", "", "2026-05-09 00:00"),
        ("between 2 pm and 4 pm yesterday", "2026-05-08 14:00", "2026-05-08 16:00"),
        ("from Monday to Wednesday", "2026-05-04 00:00", "2026-05-07 00:00"),
    ],
)
def test_words_tell_a_span(words: str, start: str, end: str) -> None:
    assert told(words) == (start, end)


@pytest.mark.parametrize(
    "words",
    [
        "Where are my keys?",
        "May I see the may flowers?",
        "I have two dogs and one cat.",
        "When was the last time I saw him?",
        "Is it the second cup?",
        "Was the evening before the exam a good one?",
        "Which of the three is it?",
        "on 31 February 2023",
        "Where is the 8 mm spanner?",
        "",
    ],
)
def test_other_words_tell_none(words: str) -> None:
    assert told(words) == ("", "")
    assert read_when(words, ns(NOW), BERLIN).rest == words


@pytest.mark.parametrize(
    ("words", "anchor", "relation"),
    [
        ("What did I read before the meeting?", "the meeting", Relation.BEFORE),
        ("Who came after lunch with Jon?", "lunch with Jon", Relation.AFTER),
        ("What did I see during my walk?", "my walk", Relation.DURING),
        ("What have I eaten since breakfast?", "breakfast", Relation.AFTER),
        ("What did she say before leaving the house?", "leaving the house", Relation.BEFORE),
    ],
)
def test_a_happening_can_name_a_time(words: str, anchor: str, relation: Relation) -> None:
    when = read_when(words, ns(NOW), BERLIN)
    assert (when.anchor, when.relation, when.is_told) == (anchor, relation, False)


def test_the_rest_is_what_remains_to_be_found() -> None:
    assert read_when("Who called yesterday morning?", ns(NOW), BERLIN).rest == "Who called ?"


@pytest.mark.parametrize(
    ("day", "hours"), [(datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25)]
)
def test_a_day_is_as_long_as_its_clocks_make_it(day: datetime, hours: int) -> None:
    next_day = ns((day + timedelta(days=1, hours=9)).replace(tzinfo=BERLIN))
    when = read_when("yesterday", next_day, BERLIN)
    assert when.start_ns is not None
    assert when.end_ns is not None
    assert when.end_ns - when.start_ns == hours * 3_600 * 1_000_000_000


def test_hours_ago_are_counted_whatever_the_clocks_did() -> None:
    now = ns(datetime(2026, 3, 29, 4, 0, tzinfo=BERLIN))  # two hours before, it was one o'clock
    when = read_when("two hours ago", now, BERLIN)
    assert when.start_ns == now - 150 * 60 * 1_000_000_000


def test_the_day_is_that_of_the_wearers_zone() -> None:
    late = datetime(2026, 5, 9, 23, 30, tzinfo=NEW_YORK)
    assert told("today", late) == ("2026-05-09 00:00", "2026-05-10 00:00")
    assert told("today", late.astimezone(BERLIN)) == ("2026-05-10 00:00", "2026-05-11 00:00")
