"""The things that words name, so that what was told of one is held against what is spoken of now.

A thing is a run of words that carry meaning: "the blue rope" is one, and it is not "the red rope".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from memory.facts.numbers import WORDS
from memory.facts.phrasing import written_out
from memory.stems import COMMON, WORD, stems

_PLACING = frozenset(
    re.findall(
        r"\w+",
        """
    in on at by near under over behind beside below above beneath from to into onto inside across
    along round around through next opposite within of
    """,
    )
)
_LINKING = frozenset(
    re.findall(
        r"\w+",
        """
    against with without up down out off away back until till before since during past after
    because while though although unless if so such both either neither only just even still yet
    already again soon too very quite right left then there here where when who which is are was
    were been being has have had having got get gets getting gone goes go going come comes came
    coming do does did done make makes made let lets take takes took taking put puts use uses
    using used give gives gave keep keeps leave leaves want wants need needs look looks looking
    think thinks know knows tell tells told say says said must should shall may might cannot
    never nobody everybody somebody anybody nothing everything one ones two three little big old
    new whole own same other last next first second any some every each all bit lot couple pair
    few more most less least much many careful mind watch beware please quick quickly better best
    fine nice lovely good bad thing things stuff time day days today tomorrow tonight yesterday
    morning afternoon evening night week weeks month months minute minutes hour hours now later
    earlier his her him hers their theirs our ours your yours myself yourself himself herself
    itself am i he she we they you it me us them mr mrs miss walk drive run eat drink stand sit
    pick fly plug switch turn start touch lean climb open light hold carry bring home house road
    street side front door kitchen car place room way half quarter noon midday midnight
    monday tuesday wednesday thursday friday saturday sunday weekend january february march april
    june july august september october     november december end top bottom
    """,
    )
)
_NUMERALS = frozenset(WORDS)
_BROKEN_BY = frozenset('.,;:!?/()"\u2013\u2014\u2026|')


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that words name.

    Attributes:
        stems: Of the words that name it, in their order.
        placed: The word that places something by it ("under" the birches); empty where it is the
            thing itself that is spoken of.
    """

    stems: tuple[str, ...]
    placed: str = ""

    def common(self, other: Thing) -> frozenset[str]:
        """Return the stems that two have in common."""
        return frozenset(self.stems) & frozenset(other.stems)

    def is_same(self, other: Thing) -> bool:
        """Tell whether two may be one: each may be told more fully, but not differently."""
        common = self.common(other)
        is_told_apart = bool(set(self.stems) - common) and bool(set(other.stems) - common)
        return bool(common) and (len(common) > 1 or not is_told_apart)


@lru_cache(maxsize=16384)
def things_in(text: str) -> tuple[Thing, ...]:
    """Return the things that words name, in their order."""
    return tuple(_runs(written_out(text)))


def _runs(text: str) -> Iterator[Thing]:
    run: list[str] = []
    placed, end = "", 0
    for match in WORD.finditer(text):
        word, gap = match.group().casefold(), text[end : match.start()]
        own, end = word.removesuffix("'s"), match.end()
        if not _BROKEN_BY.isdisjoint(gap) and run:
            yield Thing(tuple(run), placed)
            run, placed = [], ""
        # "At nine" is no thing, "number nine" is.
        is_hour = not run and (own in _NUMERALS or own.isdecimal())
        if word in COMMON or own in _LINKING or own in _PLACING or is_hour:
            if run:
                yield Thing(tuple(run), placed)
                run = []
            # "Under the birches" and "under birches" are one place.
            placed = own if own in _PLACING else placed if word in ("the", "a", "an") else ""
            continue
        run += stems(own)
        if word != own:
            yield Thing(tuple(run), placed)
            run, placed = [], ""
    if run:
        yield Thing(tuple(run), placed)
