"""Statements and situations that no store holds, for the modules that weigh them."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from llm.context import CurrentContext
from llm.safety import Situation
from llm.safety.told import Told
from memory.records import WEARER, Category, Fact, Kind, Source

_numbers = count(1)


def at(day: int = 5, hour: int = 12, minute: int = 0) -> int:
    """Return a local time in May 2026; the fifth is a Tuesday."""
    return int(datetime(2026, 5, day, hour, minute).timestamp()) * 1_000_000_000


NOW_NS = at()
YESTERDAY_NS = at(4, 9)


def told(
    text: str,
    teller: str = "you",
    t_ns: int = YESTERDAY_NS,
    *,
    slot: str = "",
    value: str = "",
    whole: str = "",
) -> Told:
    source = Source(Kind.UTTERANCE, next(_numbers))
    return Told(text, teller, t_ns, source, slot, value, whole=whole)


def read(text: str, t_ns: int = YESTERDAY_NS) -> Told:
    return Told(text, "", t_ns, Source(Kind.TEXT, next(_numbers)))


def fact(
    slot: str, text: str, subject: str = WEARER, said_by: str = WEARER, value: str = "yes"
) -> Fact:
    number = next(_numbers)
    return Fact(
        number, subject, Category.SAFETY, slot, value, text, said_by, "", YESTERDAY_NS, 0.9,
        YESTERDAY_NS, None, (Source(Kind.UTTERANCE, number),),
    )  # fmt: skip


def situation(
    words: str,
    now_ns: int = NOW_NS,
    *,
    objects: tuple[str, ...] = (),
    people: tuple[str, ...] = (),
    writing: tuple[str, ...] = (),
    attended: str = "",
) -> Situation:
    return Situation(CurrentContext(now_ns, objects, people, writing, attended), words, now_ns)
