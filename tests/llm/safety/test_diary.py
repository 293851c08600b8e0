from __future__ import annotations

from llm.safety.diary import engagements, next_begin_ns, spans_of
from memory.facts.schedule import read_schedule
from tests.llm.safety.statements import NOW_NS, YESTERDAY_NS, at, told

DENTIST = "I have a dentist appointment on Thursday at three."


def test_what_is_told_for_a_time_begins_then() -> None:
    (held,) = engagements([told(DENTIST)])
    assert next_begin_ns(held, NOW_NS) == at(7, 15)
    assert next_begin_ns(held, at(8)) is None


def test_what_is_called_off_or_moved_is_held_no_longer() -> None:
    off = told("The dentist appointment on Thursday is cancelled.", t_ns=at(4, 10))
    assert engagements([told(DENTIST), off]) == []
    moved = told("The dentist appointment is moved to Friday at four.", t_ns=at(4, 10))
    (held,) = engagements([told(DENTIST), moved])
    assert next_begin_ns(held, NOW_NS) == at(8, 16)


def test_others_business_questions_and_the_past_hold_nobody() -> None:
    statements = [
        told("I have a dentist appointment on Thursday at three.", "Ida"),
        told("Do I have the dentist on Thursday at three?"),
        told("I was at the dentist on Thursday at three."),
        told("The dentist."),
        told(""),
    ]
    assert engagements(statements) == []
    assert engagements([]) == []


def test_the_way_there_belongs_to_it() -> None:
    (held,) = engagements(
        [told("The tax office on Friday at eleven, it's an hour and a half by train.")]
    )
    assert held.lead_min == 90
    assert held.spans()[0][0] == 9 * 60 + 30


def test_being_early_belongs_to_it() -> None:
    text = "My ferry goes on Friday at 15:20, I'm to be at the quay half an hour before."
    (held,) = engagements([told(text)])
    assert held.spans()[0][0] == 14 * 60 + 50


def test_what_has_no_end_lasts_as_such_things_do() -> None:
    schedule = read_schedule("on Friday at two", YESTERDAY_NS)
    assert spans_of(schedule, "the dentist") == ((14 * 60, 15 * 60),)
    assert spans_of(schedule, "the wedding") == ((14 * 60, 16 * 60),)
    assert spans_of(read_schedule("on Friday", YESTERDAY_NS), "the wedding") == ()
