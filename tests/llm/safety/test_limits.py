from __future__ import annotations

import pytest

from llm.safety.limits import cautions
from tests.llm.safety.statements import NOW_NS, at, read, situation, told

WEEK_NS = 7 * 24 * 3600 * 10**9
NO_LIFTING = "You mustn't lift anything for six weeks."
CARRIES = "I'll carry these sacks in."


def test_what_is_ruled_out_is_told_with_its_source() -> None:
    rule = told(NO_LIFTING, "Dr Ek")
    (caution,) = cautions([rule], situation(CARRIES))
    assert caution.text.startswith("Careful with lifting: Dr Ek said yesterday")
    assert caution.sources == (rule.source,)


@pytest.mark.parametrize(("weeks", "count"), [(5, 1), (7, 0)])
def test_a_limit_ends_when_it_says(weeks: int, count: int) -> None:
    later = situation(CARRIES, NOW_NS + weeks * WEEK_NS)
    assert len(list(cautions([told(NO_LIFTING, "Dr Ek")], later))) == count


@pytest.mark.parametrize(
    ("rule", "words", "day", "is_warned"),
    [
        ("That shoulder stays in the sling till the twentieth.", CARRIES, 19, True),
        ("That shoulder stays in the sling till the twentieth.", CARRIES, 23, False),
        ("The ankle needs a fortnight of rest.", "I'll walk to the sea.", 10, True),
        ("Rest your voice for ten days.", "I'm going to sing tonight.", 10, True),
        ("Rest your voice for ten days.", "I'm going to sing tonight.", 20, False),
        ("Rest your voice for ten days.", "I'll carry the shopping.", 10, False),
        ("The rest of the hand was dealt for an hour.", "I'll hammer it in.", 4, False),
    ],
)
def test_a_part_of_the_body_that_rests_is_not_used(
    rule: str, words: str, day: int, is_warned: bool
) -> None:
    found = list(cautions([told(rule, "Dr Ek")], situation(words, at(day, 15))))
    assert bool(found) == is_warned


@pytest.mark.parametrize(
    "words", ["", "When may I lift again?", "The sacks were heavy.", "Caf\u00e9?"]
)
def test_who_begins_nothing_is_told_nothing(words: str) -> None:
    assert list(cautions([told(NO_LIFTING, "Dr Ek")], situation(words))) == []


@pytest.mark.parametrize(
    "rule",
    [
        told("I mustn't lift anything for six weeks.", "Ida"),
        told("My heart's on a battery, and no strain for me these six weeks.", "Ida"),
        told("My back went. Rest for six weeks, they said.", "Ida"),
        told("He mustn't lift anything for six weeks.", "Ida"),
        told("My back, Ida's back: no lifting for six weeks.", slot="ida: condition"),
        told("Maybe you mustn't lift anything for six weeks.", "Dr Ek"),
        told("Must you not lift anything for six weeks?", "Dr Ek"),
        read("NO HEAVY LIFTING FOR SIX WEEKS"),
        told("", "Dr Ek"),
    ],
    ids=lambda rule: rule.text,
)
def test_the_limits_of_others_and_what_is_not_stated_bind_nobody(rule: object) -> None:
    assert list(cautions([rule], situation(CARRIES))) == []  # type: ignore[list-item]


def test_what_is_lifted_holds_no_longer() -> None:
    rule = told(NO_LIFTING, "Dr Ek")
    lifted = told("You can lift again now.", "Dr Ek", at(5, 9))
    assert list(cautions([rule, lifted], situation(CARRIES))) == []
    before = told("You can lift again now.", "Dr Ek", at(3))
    assert list(cautions([before, rule], situation(CARRIES)))


def test_no_rules_no_warning() -> None:
    assert list(cautions([], situation(CARRIES))) == []
