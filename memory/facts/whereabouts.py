"""Where a fact was said: as the wearer told it, or as a sign did that was read shortly before.

Nothing measures where the wearer is. What tells it are words: "we are here at the clinic", and
writing that names a place. The last of them counts for as long as one context of ten minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.facts.phrasing import clauses, is_stated
from memory.facts.readings import WHEN
from memory.history.phrases import place_here, places_written
from memory.people import speaker_of
from memory.provenance import add_sources, drop_sources, sources_of
from memory.records import Kind, Source
from memory.schema import FactRow, SeenRow, UtteranceRow
from memory.sentences import sentences
from memory.spans import found, overlapping, seen_from
from memory.units import MINUTE_NS

REACH_NS = 10 * MINUTE_NS
_NOT_NOW = re.compile(
    rf"\b(?:was|were|will|every|each|always|usually|often|sometimes|most|weekends|\w+days|from|"
    rf"since|minutes)\b|{WHEN}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place with the row that tells of it and when that was."""

    place: str
    t_ns: int
    source: Source


def place_fact(session: Session, fact: FactRow, said: UtteranceRow) -> None:
    """Say where a fact was said, by what is remembered of that time."""
    place = Source(Kind.PLACE, fact.id)
    last = whereabouts(session, said)
    fact.place = last.place if last else ""
    rests_on = (last.source,) if last else ()
    if sources_of(session, place) != rests_on:
        drop_sources(session, place)
        add_sources(session, place, rests_on)


def is_misplaced(session: Session, fact: FactRow, said: UtteranceRow) -> bool:
    """Tell whether a fact has another first statement now, or lost what told its place."""
    is_bare = fact.place and not sources_of(session, Source(Kind.PLACE, fact.id))
    return bool(is_bare) or fact.t_ns != said.start_ns


def drop_place(session: Session, fact_id: int) -> None:
    """Remove what the place of a fact rests on, before the fact goes."""
    drop_sources(session, Source(Kind.PLACE, fact_id))


def whereabouts(session: Session, said: UtteranceRow) -> Whereabouts | None:
    """Return where something was said, None where neither words nor writing tell it."""
    told = (*_read(session, said), *_told(session, said))
    return max(told, key=lambda one: one.t_ns, default=None)


@lru_cache(maxsize=16384)
def place_told(text: str) -> str:
    """Return the place where somebody says to be, e.g. ``"clinic"``; empty without one."""
    stated = (clause for part in sentences(text) if is_stated(part) for clause in clauses(part))
    of_now = (place_here(clause) for clause in stated if not _NOT_NOW.search(clause))
    return next(filter(None, of_now), "")


def _read(session: Session, said: UtteranceRow) -> Iterator[Whereabouts]:
    near = seen_from(said.recording_id, said.start_ns - REACH_NS, said.end_ns)
    lines = select(SeenRow).where(
        SeenRow.kind == Kind.TEXT, SeenRow.is_attended, found(SeenRow, near)
    )
    for line in session.scalars(lines.order_by(SeenRow.t_ns, SeenRow.id)):
        # "The Lake Ledger" is no lake: the noun that names a place ends its name.
        match places_written(line.text):
            case [noun, *_, name] | [noun as name] if name.endswith(noun):
                yield Whereabouts(name, line.t_ns, Source(Kind.TEXT, line.id))


def _told(session: Session, said: UtteranceRow) -> Iterator[Whereabouts]:
    near = overlapping(UtteranceRow, said.recording_id, said.start_ns - REACH_NS, said.start_ns + 1)
    words = select(UtteranceRow).where(UtteranceRow.is_wearer, found(UtteranceRow, *near))
    for row in session.scalars(words.order_by(UtteranceRow.start_ns, UtteranceRow.id)):
        if speaker_of(row) is not None and (place := place_told(row.text)):
            yield Whereabouts(place, row.end_ns, Source(Kind.UTTERANCE, row.id))
