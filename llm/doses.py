"""Medicines: one that must not be taken, one taken twice, and one that is due."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from llm.due import clock_time
from memory.facts.medicines import medicines_in
from memory.records import Fact, Kind, Source

HOUR_NS = 3600 * 1_000_000_000
LEAST_BETWEEN_NS = 4 * HOUR_NS
LEAST_BETWEEN_DAILY_NS = 18 * HOUR_NS
DUE_BEFORE_NS = HOUR_NS // 4
DUE_AFTER_NS = HOUR_NS

_TAKING = re.compile(
    r"\b(?:take|taking|took|have|having|another|swallow|drink|need|use|mix|combine|pills?|tablets?|"
    r"dose|buy|painkiller)\b",
    re.IGNORECASE,
)
_ASKING_WHETHER = re.compile(r"\b(?:did i|have i|when did i|what did i|when was)\b", re.IGNORECASE)
_FOODS = re.compile(
    r"\b(?:alcohol|wine|beer|grapefruit|milk|coffee|cheese|liquorice|spinach)\b", re.IGNORECASE
)
_ALCOHOL = {"wine", "beer", "alcohol"}
_TOGETHER = re.compile(r"\b(?:with|and|together|while|mix|combine)\b", re.IGNORECASE)
_DAILY = re.compile(
    r"\b(?:once a day|daily|every (?:day|morning|evening|night)|before bed|in the (?:morning|"
    r"evening))\b",
    re.IGNORECASE,
)
_EVERY_HOURS = re.compile(
    r"\bevery (?P<hours>\d{1,2}|two|three|four|six|eight|twelve) hours\b", re.IGNORECASE
)
_HOURS = {"two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "twelve": 12}

_Told = tuple[str, tuple[Source, ...]]


def cautions(
    facts: Sequence[Fact], words: str, writing: Sequence[str], reply: str, now_ns: int
) -> Iterator[_Told]:
    """Yield what the wearer's own facts about medicines make it necessary to say.

    Args:
        facts: The wearer's, about safety.
        words: What the wearer said.
        writing: What can be read.
        reply: What is about to be said.
        now_ns: Decides what is due, in this machine's time zone.
    """
    yield from _forbidden(facts, words, writing, reply)
    yield from _twice(facts, words, now_ns)
    yield from _due(facts, words, now_ns)


def _forbidden(
    facts: Sequence[Fact], words: str, writing: Sequence[str], reply: str
) -> Iterator[_Told]:
    taken = {_name(fact) for fact in facts if fact.value == "takes"}
    for fact in facts:
        if fact.value != "must not":
            continue
        substances = _substances(fact.text)
        # "I must not take aspirin with warfarin": what is taken anyway is not the danger.
        dangers = [name for name in substances if name not in taken]
        if _TOGETHER.search(fact.text) and len(dangers) == len(substances):
            dangers = substances[:1]
        here = _substances(" ".join(writing))
        meant = _substances(words) if _TAKING.search(words) else []
        planned = _substances(reply) if "must not" not in reply else []
        for danger in dangers:
            if _is_among(danger, [*here, *meant, *planned]):
                yield f"Careful: you told me about {danger}: {_quote(fact)}.", (_source(fact),)
                break


def _twice(facts: Sequence[Fact], words: str, now_ns: int) -> Iterator[_Told]:
    if not _TAKING.search(words) or _ASKING_WHETHER.search(words):
        return
    meant = medicines_in(words)
    for fact in facts:
        if not fact.slot.startswith("taken:") or _name(fact) not in meant:
            continue
        ago_ns = now_ns - fact.t_ns
        if 0 < ago_ns < _least_between_ns(facts, _name(fact)):
            yield (
                f"Careful: you told me {_ago(ago_ns)} that you have taken {_name(fact)}.",
                (_source(fact),),
            )


def _due(facts: Sequence[Fact], words: str, now_ns: int) -> Iterator[_Told]:
    for fact in facts:
        at_ns = _today_ns(fact, now_ns) if fact.value == "takes" else None
        if at_ns is None or not at_ns - DUE_BEFORE_NS <= now_ns <= at_ns + DUE_AFTER_NS:
            continue
        name = _name(fact)
        is_taken = any(
            other.slot == f"taken:{name}" and other.t_ns >= at_ns - LEAST_BETWEEN_NS / 2
            for other in facts
        )
        if not is_taken and name not in words.casefold():
            yield f"It is time for your {name}: {_quote(fact)}.", (_source(fact),)


def _today_ns(fact: Fact, now_ns: int) -> int | None:
    at = clock_time(fact.text)
    if at is None:
        return None
    now = datetime.fromtimestamp(now_ns / 1e9).astimezone()
    return int(datetime.combine(now.date(), at).astimezone().timestamp()) * 1_000_000_000


def _least_between_ns(facts: Sequence[Fact], name: str) -> int:
    """Return how long to wait for the next dose, as the wearer told, or some hours."""
    for fact in facts:
        if fact.slot == f"medicine:{name}" and fact.value == "takes":
            if match := _EVERY_HOURS.search(fact.text):
                hours = match["hours"].casefold()
                return (_HOURS[hours] if hours in _HOURS else int(hours)) * HOUR_NS
            if _DAILY.search(fact.text):
                return LEAST_BETWEEN_DAILY_NS
    return LEAST_BETWEEN_NS


def _substances(text: str) -> list[str]:
    return [*medicines_in(text), *(match.group().lower() for match in _FOODS.finditer(text))]


def _is_among(danger: str, found: Sequence[str]) -> bool:
    return danger in found or (danger == "alcohol" and bool(_ALCOHOL & set(found)))


def _name(fact: Fact) -> str:
    return fact.slot.partition(":")[2]


def _quote(fact: Fact) -> str:
    said = fact.text.removesuffix('"').split(': "', 1)[-1]
    return f'you said "{said.rstrip(".!")}"'


def _ago(span_ns: int) -> str:
    minutes = span_ns // (60 * 1_000_000_000)
    if minutes < 2:
        return "just now"
    return f"{minutes} minutes ago" if minutes < 100 else f"{round(minutes / 60)} hours ago"


def _source(fact: Fact) -> Source:
    return Source(Kind.FACT, fact.id)
