from __future__ import annotations

import pytest

from llm.safety.doses import cautions, meant, mentions
from llm.safety.told import Told
from tests.llm.safety.statements import NOW_NS, at, situation, told

ANOTHER = "I'll take another ibuprofen."


def taken(text: str, medicine: str, t_ns: int) -> Told:
    return told(text, t_ns=t_ns, slot=f"taken:{medicine}", value="taken")


def test_a_dose_too_soon_is_told_with_the_one_before() -> None:
    dose = taken("I've just taken an ibuprofen.", "ibuprofen", at(5, 10, 30))
    (caution,) = cautions([dose], [], [], situation(ANOTHER))
    assert "today at 10:30" in caution.text
    assert caution.sources == (dose.source,)


@pytest.mark.parametrize("t_ns", [at(5, 7), at(4, 11), NOW_NS, NOW_NS + 1])
def test_a_dose_long_ago_or_just_now_is_no_reason(t_ns: int) -> None:
    dose = taken("I've just taken an ibuprofen.", "ibuprofen", t_ns)
    assert list(cautions([dose], [], [], situation(ANOTHER))) == []


@pytest.mark.parametrize(
    "words",
    ["", "When did I take my ibuprofen?", "Lovely day.", "I'll take another paracetamol.",
     "I didn\u2019t sleep."],
)  # fmt: skip
def test_only_a_dose_of_the_same_is_warned_of(words: str) -> None:
    dose = taken("I've just taken an ibuprofen.", "ibuprofen", at(5, 11))
    assert list(cautions([dose], [], [], situation(words))) == []


def test_nothing_told_is_nothing_to_warn_of() -> None:
    assert list(cautions([], [], [], situation(ANOTHER))) == []


def test_a_rule_of_somebody_who_may_say_so_lengthens_the_wait() -> None:
    dose = taken("I've taken my naproxen.", "naproxen", at(5, 6))
    rule = told("The naproxen is every twelve hours.", "Dr Ek")
    words = "I'll take another naproxen."
    (caution,) = cautions([dose], [rule], [], situation(words))
    assert caution.sources == (dose.source, rule.source)
    others = told("I take naproxen every twelve hours.", "Ida")
    assert list(cautions([dose], [others], [], situation(words))) == []


def test_a_weekly_dose_has_its_day() -> None:
    rule = told("The alendronate is Sundays, one tablet.", "Dr Ek")
    words = "I'll take the alendronate now."
    (caution,) = cautions([], [rule], [], situation(words))
    assert "no day for alendronate" in caution.text
    assert list(cautions([], [rule], [], situation(words, at(10, 8)))) == []


def test_the_most_a_day_is_counted() -> None:
    rule = told("No more than two codeine in a day.", "Dr Ek")
    doses = [taken("I've taken a codeine.", "codeine", at(5, hour)) for hour in (6, 11)]
    words = "I'll take a codeine."
    (caution,) = cautions(doses, [rule], [], situation(words, at(5, 21)))
    assert rule.source in caution.sources
    assert list(cautions(doses[:1], [rule], [], situation(words, at(5, 21)))) == []


def test_what_somebody_was_given_is_not_given_again() -> None:
    given = told("I gave Ebba her Calpol at ten.", "Nils", at(5, 10))
    (caution,) = cautions([], [given], [], situation("I'll give Ebba some Calpol."))
    assert caution.sources == (given.source,)
    for words in ("I'll give Bo some Calpol.", "I'll give Ebba some cough syrup."):
        assert list(cautions([], [given], [], situation(words))) == []
    evening = situation("I'll give Ebba some Calpol.", at(5, 19))
    assert list(cautions([], [given], [], evening)) == []


def test_what_is_meant_is_named_or_pointed_at() -> None:
    shown = ("IBUPROFEN 200 MG",)
    assert meant(situation("I'll take two of these.", writing=shown)) == ("ibuprofen",)
    assert meant(situation("I'll take a paracetamol.", writing=shown)) == ("paracetamol",)
    assert meant(situation("Two of these.")) == ()


@pytest.mark.parametrize(
    ("text", "name", "is_named"),
    [
        ("I took my Nurofen.", "ibuprofen", True),
        ("The doxy is in.", "doxycycline", True),
        ("The docks are shut.", "doxycycline", False),
        ("", "ibuprofen", False),
    ],
)
def test_a_medicine_has_more_than_one_name(text: str, name: str, is_named: bool) -> None:
    assert mentions(told(text), name) is is_named
