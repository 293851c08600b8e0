from __future__ import annotations

import pytest

from llm.safety.told import Told
from llm.safety.warned import cautions
from memory.units import DAY_NS
from tests.llm.safety.statements import NOW_NS, at, read, situation, told

RUNG = "The top rung of the ladder's cracked."
CLIMBS = "I'll take the ladder up to the gutter."


def warned(words: str, *statements: Told, now_ns: int = NOW_NS) -> bool:
    return bool(list(cautions(list(statements), situation(words, now_ns))))


def test_a_danger_is_told_with_its_source_and_only_the_newest() -> None:
    older, newer = told(RUNG, "Ida", at(3)), told(RUNG, "Bo")
    (caution,) = cautions([older, newer], situation(CLIMBS))
    assert caution.text == f'Careful there: Bo said yesterday: "{RUNG.rstrip(".")}".'
    assert caution.sources == (newer.source,)


@pytest.mark.parametrize(
    ("warning", "words", "is_warned"),
    [
        ("Don't trust the blue rope.", "I'll go down the blue rope.", True),
        ("Don't trust the blue rope.", "I'll go down the red rope.", False),
        ("The brakes on the van are going.", "I'll take the van to town.", True),
        ("The stove leaks gas, leave it be.", "I'll light the stove.", True),
        ("There are adders in the bracken.", "I'll lie down in the bracken.", True),
        ("There are adders in the bracken.", "I'll lie down on the lawn.", False),
        ("The prawns in the fridge have gone off.", "I'll have the prawns.", True),
        ("The prawns in the fridge have gone off.", "I'll have ham from the fridge.", False),
        ("If I were you I'd stay out of the loft.", "I'll go up into the loft.", True),
        ("The caf\u00e9 stairs nearly broke my neck.", "I'll take the caf\u00e9 stairs.", True),
        ("The ladder's in the shed.", CLIMBS, False),
        ("I love that ladder.", CLIMBS, False),
        ("", CLIMBS, False),
    ],
)  # fmt: skip
def test_the_same_thing_must_be_dangerous(warning: str, words: str, is_warned: bool) -> None:
    assert warned(words, told(warning, "Ida")) is is_warned


@pytest.mark.parametrize(
    "warning",
    [
        "The ladder used to be cracked.",
        "Is the ladder cracked?",
        "Maybe the ladder is cracked.",
        "If the ladder is cracked, tell me.",
        "I can't touch the ladder.",
    ],
)
def test_what_was_asked_or_supposed_is_no_warning(warning: str) -> None:
    assert not warned(CLIMBS, told(warning, "Ida"))


@pytest.mark.parametrize(
    "words", ["", "Where is the ladder?", "When did the ladder crack?", "Nice ladder."]
)
def test_who_begins_nothing_is_not_warned(words: str) -> None:
    assert not warned(words, told(RUNG, "Ida"))


def test_a_warning_is_forgotten_in_time_and_what_is_wet_dries() -> None:
    assert not warned(CLIMBS, told(RUNG, "Ida"), now_ns=NOW_NS + 40 * DAY_NS)
    assert not warned(CLIMBS, told(RUNG, "Ida", NOW_NS + DAY_NS))  # not said yet
    paint, leans = read("WET PAINT / BANDSTAND RAIL", at(5, 11)), "I'll lean on the bandstand rail."
    assert warned(leans, paint)
    assert not warned(leans, paint, now_ns=NOW_NS + 2 * DAY_NS)


def test_the_orders_of_the_wearer_and_whom_somebody_calls_are_no_dangers() -> None:
    order = "Don't touch the dresser, Bo."
    assert warned("I'll polish the dresser.", told(order, "Ida"))
    assert not warned("I'll polish the dresser.", told(order))
    assert not warned("I'll meet Bo.", told(order, "Ida"))


@pytest.mark.parametrize(
    ("news", "is_warned"),
    [
        (told("I've welded that rung on the ladder.", "Ida", at(5, 9)), False),
        (told("I've mended the kettle.", "Ida", at(5, 9)), True),
        (told("I've welded that rung on the ladder.", "Ida", at(3)), True),
    ],
    ids=["mended", "another", "before"],
)
def test_what_is_mended_since_is_no_danger(news: Told, is_warned: bool) -> None:
    assert warned(CLIMBS, told(RUNG, "Ida"), news) is is_warned


def test_what_is_looked_at_counts_where_it_is_to_be_used() -> None:
    kettle = told("The kettle gives you a shock.", "Ida")
    used = situation("I'll fill this.", attended="kettle")
    assert list(cautions([kettle], used))
    assert not list(cautions([kettle], situation("Is this mine?", attended="kettle")))
    assert not list(cautions([kettle], situation("I'll fill this.", attended="bucket")))
    assert not list(cautions([], used))
