"""Rules that read a clause: what kind of lasting fact it states, and which question it answers.

A rule sees the predicate of a clause as if said in the first person ("am allergic to nuts"), so
that one table serves for "I", "my sister" and "Maya".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from memory.facts import lexicon
from memory.facts.health import appointment, condition, medicine
from memory.facts.likings import liking
from memory.facts.readings import (
    ADVERBS,
    BE,
    NOT,
    PLACE,
    TRANSIENT,
    WHEN,
    Reading,
    is_update,
    slot_name,
)
from memory.records import Category

_FREQUENCY = (
    r"\b(?:every (?:single )?(?:day|morning|evening|night|week|month|year|summer|winter|spring|"
    rf"autumn|christmas|weekend|time|other|second|two|few|(?:{lexicon.WEEKDAY})\w*day|hour)|(?:on|"
    rf"most) (?:(?:{lexicon.WEEKDAY})\w*days|weekends|weekdays|mornings|evenings|nights|days)|"
    rf"(?:once|twice|"
    r"three times|four times|several times|\d times|a few times|many times) (?:a|per|every) (?:day|"
    r"week|month|year|night)|daily|weekly|before bed|after (?:work|dinner|lunch|breakfast) every|"
    r"whenever|all year round|at weekends|in the (?:mornings|evenings)|each (?:day|week|morning|"
    r"evening|night|year)|from time to time|now and then|all the time)\b"
)
_PAST = (
    r"(?:\w+ed|said|knew|went|saw|had|was|were|got|did|thought|came|made|took|told|found|left|felt|"
    r"gave|put|met|ran|sat|stood|lost|won|bought|brought|heard|kept|meant|paid|sent|slept|spent|"
    r"wrote|ate|drank|began|broke|chose|drove|fell|forgot|swam|wanted|have (?:been|had|\w+ed)|"
    r"would|will|am (?:late|right|wrong|here|there))\b"
)

_TRIVIAL = (
    r"(?:go(?: (?:home|now|there|out|in|back|upstairs|downstairs|to (?:bed|sleep|the toilet|"
    r"the bathroom|the loo))| and\b|$)|sit|leave|eat|drink|see|know|say|ask|sleep|get|have|pee|"
    r"thank|show|stay|be\b(?! an? )|tell|look|hear|think|stop|feel|keep|make|find|share|let|bring|"
    r"catch|ensure|try|do (?:it|that|this)|come|help|wait|rest|lie|hold|check|use|take|give|put|"
    r"make sure|talk|believe|point|wash|die|scream|cry|finish this|pay|listen|speak)\b"
)
_PARTS = {
    "adverbs": ADVERBS,
    "not": NOT,
    "be": BE,
    "place": PLACE,
    "when": WHEN,
    "past": _PAST,
    "frequency": _FREQUENCY,
    "trivial": _TRIVIAL,
    "occupations": lexicon.OCCUPATIONS,
    "kin": lexicon.KIN,
    "pets": lexicon.PETS,
    "traits": lexicon.TRAITS,
    "characters": lexicon.CHARACTERS,
    "diets": lexicon.DIETS,
    "meats": lexicon.MEATS,
    "possessions": lexicon.POSSESSIONS,
    "numbers": lexicon.NUMBERS,
    "nationality": lexicon.NATIONALITY,
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern with what it means; ``rules.toml`` says how."""

    category: Category
    slot: str
    pattern: re.Pattern[str]
    yes: str
    no: str

    def read(self, clause: str) -> Reading | None:
        match = self.pattern.search(clause)
        if match is None:
            return None
        groups = match.groupdict()
        slot = self.slot
        if "thing" in groups:
            thing = slot_name(groups["thing"] or "")
            if not thing:
                return None
            slot = f"{slot}:{thing}"
        value = slot_name(groups["value"] or "") if "value" in groups else self.yes
        if groups.get("no"):
            value = self.no or f"not {value}".strip()
        return Reading(self.category, slot, value, is_update(clause))


def _rule(entry: dict[str, Any]) -> _Rule:
    pattern = entry["says"].replace("\n", "").format(**_PARTS)
    flags = 0 if entry.get("capitals_matter") else re.IGNORECASE
    return _Rule(
        Category(entry["category"]),
        entry.get("slot", ""),
        re.compile(pattern, flags),
        entry.get("yes", ""),
        entry.get("no", ""),
    )


_RULES = {
    group: tuple(_rule(entry) for entry in entries)
    for group, entries in tomllib.loads(
        Path(__file__).with_name("rules.toml").read_text(encoding="utf-8")
    ).items()
}


def read_predicate(clause: str, adverbial: str = "") -> Reading | None:
    """Read the predicate of one clause.

    Args:
        clause: As in the first person, without the subject: ``"live in Leeds"``.
        adverbial: What stood before the subject: ``"on Sundays"``.
    """
    whole = f"{clause} {adverbial}".strip()
    if safe := _first("allergies", clause, whole) or medicine(clause) or condition(clause):
        return safe
    if date := appointment(whole):
        return date
    return (
        _first("background", clause, whole)
        or _first("relationships", clause, whole)
        or _lasting(liking(clause), whole)
        or _first("personality", clause, whole)
        or _first("habits", whole, whole)
        or _first("preferences", clause, whole)
        or _first("activities", clause, whole)
        or _first("plans", whole, whole)
    )


def _first(group: str, clause: str, whole: str) -> Reading | None:
    for rule in _RULES[group]:
        if (reading := _lasting(rule.read(clause), whole)) is not None:
            return _settled(reading)
    return None


def _settled(reading: Reading) -> Reading:
    """An age changes by itself, so that a later one is always news."""
    return replace(reading, is_update=True) if reading.slot == "age" else reading


def _lasting(reading: Reading | None, text: str) -> Reading | None:
    """Return a reading unless the text says that it holds for the moment only."""
    if reading is None or reading.category in (Category.SAFETY, Category.PLAN):
        return reading
    lasts_anyway = reading.slot in ("lives in", "age", "works at")
    return reading if lasts_anyway or not TRANSIENT.search(text) else None
