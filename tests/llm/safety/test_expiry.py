from __future__ import annotations

from datetime import date

import pytest

from llm.safety.expiry import cautions, is_over
from tests.llm.safety.statements import NOW_NS, at, read, situation, told

TODAY = date(2026, 5, 5)


@pytest.mark.parametrize(
    ("label", "over"),
    [
        ("USE BY 4 MAY 2026", True),
        ("USE BY 5 MAY 2026", False),
        ("USE BY 28 APR", True),
        ("Use by: 6 May", False),
        ("EXP 04/2026", True),
        ("EXP 05/2026", False),
        ("EXP 13/2026", False),
        ("BEST BEFORE 1 MAR 2026", False),
        ("BATCH 4 MAY 2026", False),
        ("USE BY", False),
        ("", False),
    ],
)
def test_a_last_day_is_over_from_the_day_after(label: str, over: bool) -> None:
    assert is_over(label, NOW_NS, TODAY) is over


def test_what_was_read_is_told_when_it_is_to_be_used() -> None:
    label = read("SMOKED MACKEREL / USE BY 28 APR 2026")
    (caution,) = cautions([label], situation("I'll put the mackerel on toast."))
    assert "28 APR 2026" in caution.text
    assert caution.sources == (label.source,)
    for words in ("I'll put the ham on toast.", "Where is the mackerel?", ""):
        assert list(cautions([label], situation(words))) == []


def test_what_is_in_view_needs_no_memory() -> None:
    shown = ("CREAM", "USE BY 30 APR 2026")
    (caution,) = cautions([], situation("I'll have this.", writing=shown))
    assert caution.sources == ()
    assert (
        list(
            cautions([], situation("I'll have this.", at(30) - 40 * 86_400 * 10**9, writing=shown))
        )
        == []
    )


def test_speech_is_no_label() -> None:
    said = told("Use by 28 April, it says on the mackerel.", "Ida")
    assert list(cautions([said], situation("I'll have the mackerel."))) == []
