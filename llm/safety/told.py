"""Something that bears on safety as it was told: by whom, when, in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from llm.quoting import quoted
from memory.records import WEARER, Fact, Kind, Notice, Source

NEAR_DAYS = 7
QUOTED_WORDS = 40


@dataclass(frozen=True, slots=True)
class Told:
    """A statement with its origin.

    Attributes:
        teller: ``"you"``, a name or a label; empty for writing.
        value: Of the fact that it is, else empty.
        also: What it rests on besides its source, e.g. the answer that agreed to it.
        whole: Everything that was said with it, where that is known.
    """

    text: str
    teller: str
    t_ns: int
    source: Source
    slot: str = ""
    value: str = ""
    also: tuple[Source, ...] = ()
    whole: str = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """All that it rests on."""
        return (self.source, *self.also)

    @property
    def is_of_another(self) -> bool:
        """It is of somebody of the teller's, kept under whom it is of ("mother: medicine:...")."""
        return ": " in self.slot

    @property
    def is_own(self) -> bool:
        """The wearer said it."""
        return self.teller == "you"


def told_by_wearer(facts: Iterable[Fact]) -> Iterator[Told]:
    """Yield what the wearer said of themselves."""
    for fact in facts:
        if fact.subject == WEARER and fact.said_by == WEARER:
            yield told_of(fact)


def told_of(fact: Fact) -> Told:
    """Return a fact as it was told."""
    teller = "you" if fact.said_by == WEARER else fact.said_by
    source = Source(Kind.FACT, fact.id)
    return Told(statement(fact), teller, fact.t_ns, source, fact.slot, fact.value)


def noticed(notices: Iterable[Notice]) -> Iterator[Told]:
    """Yield what others said and what was read."""
    for notice in notices:
        yield Told(notice.text, notice.said_by, notice.t_ns, notice.source)


def within(own: Iterable[Told], spoken: Iterable[Told]) -> Iterator[Told]:
    """Yield what the wearer told, each with all that was said in the same breath."""
    breaths = {told.t_ns: told.text for told in spoken}
    for told in own:
        whole = breaths.get(told.t_ns, "")
        yield replace(told, whole=whole) if told.text in whole else told


def statement(fact: Fact) -> str:
    """Return what was said, without who said it."""
    return fact.text.removesuffix('"').split(': "', 1)[-1]


def saying(told: Told, now_ns: int) -> str:
    """Say who told something when, in their words."""
    text = told.whole if len(told.whole.split()) in range(1, QUOTED_WORDS) else told.text
    when, words = _when(told.t_ns, now_ns), quoted(text.strip().rstrip(".!"))
    return (
        f"{told.teller} said {when}: {words}" if told.teller else f"it was written {when}: {words}"
    )


def _when(t_ns: int, now_ns: int) -> str:
    at, now = (datetime.fromtimestamp(ns / 1e9) for ns in (t_ns, now_ns))
    days = (now.date() - at.date()).days
    if days == 0:
        return f"today at {at.hour}:{at:%M}"
    if days == 1:
        return "yesterday"
    if 0 < days < NEAR_DAYS:
        return f"on {at:%A}"
    return f"on {at.day} {at:%B}" + (f" {at.year}" if at.year != now.year else "")
