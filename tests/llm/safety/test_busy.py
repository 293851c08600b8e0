from __future__ import annotations

import pytest

from llm.safety.busy import busy_min, cautions
from tests.llm.safety.statements import NOW_NS, at, read, situation, told

DEPOT = "PARCEL DEPOT / COLLECT BY 5 MAY 2026 / 9:00-13:00"
NAP = "I'll have a nap till two."


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        (NAP, 120),
        ("I'll lie down for half an hour.", 30),
        ("I'm going to paint, it's an hour and a half.", 90),
        ("Let me make a start, it\u2019s a couple of hours.", 120),
        ("I'll potter about all afternoon.", 6 * 60),
        ("I'll nap tomorrow for an hour.", 0),
        ("I'll have a nap till eleven this morning.", 0),
        ("The film takes two hours.", 0),
        ("I'm tired.", 0),
        ("", 0),
    ],
)
def test_how_long_one_is_busy_is_what_is_said(words: str, minutes: int) -> None:
    assert busy_min(situation(words)) == minutes


def test_what_ends_before_one_is_done_is_told_with_its_source() -> None:
    label = read(DEPOT)
    (caution,) = cautions([label], [], situation(NAP))
    assert "13:00" in caution.text
    assert caution.sources == (label.source,)


@pytest.mark.parametrize("done", ["I've picked up the parcel.", "Got it, the parcel\u2019s here."])
def test_what_is_done_is_not_told(done: str) -> None:
    assert list(cautions([read(DEPOT)], [told(done, t_ns=at(5, 10))], situation(NAP))) == []


def test_what_was_done_before_or_with_something_else_does_not_count() -> None:
    before = told("I've picked up the parcel.", t_ns=at(3))
    other = told("I've picked up the cat.", t_ns=at(5, 10))
    assert list(cautions([read(DEPOT)], [before, other], situation(NAP)))


@pytest.mark.parametrize(
    "label",
    [
        "PARCEL DEPOT / COLLECT BY 4 MAY 2026 / 9:00-13:00",  # over
        "PARCEL DEPOT / COLLECT BY 5 MAY 2026 / 9:00-11:00",  # over for today
        "PARCEL DEPOT / COLLECT BY 5 MAY 2026 / 9:00-17:00",  # after the nap
        "PARCEL DEPOT / COLLECT BY 5 MAY 2026",  # no hour
        "PARCEL DEPOT / 9:00-13:00",  # no day
        "",
    ],
)
def test_what_does_not_end_meanwhile_is_not_told(label: str) -> None:
    assert list(cautions([read(label)], [], situation(NAP))) == []


def test_who_is_not_busy_is_told_nothing() -> None:
    assert list(cautions([read(DEPOT)], [], situation("", NOW_NS))) == []
