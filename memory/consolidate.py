"""Minutes of the day: what was looked at, who was there, what was said, read and felt.

A context is put together from its sources' own words and says nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from memory import documents
from memory.facts import is_question
from memory.people import capital, label
from memory.provenance import add_sources, drop_sources, forget_sources, sources_of
from memory.records import Kind, Level, Source
from memory.schema import (
    ContextRow,
    EpisodeRow,
    FeelingRow,
    PersonRow,
    SeenRow,
    SightingRow,
    UtteranceRow,
)
from memory.slots import MINUTE_NS, minute_of

MAX_THINGS = 6
MAX_LINES = 6


@dataclass(slots=True)
class _Minute:
    sentences: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    arousal: float = 0.0

    def add(self, sentence: str, sources: list[Source]) -> None:
        if sources:
            self.sentences.append(sentence)
            self.sources.extend(sources)


def consolidate(session: Session, until_ns: int) -> None:
    """Write the contexts of every minute that began before ``until_ns`` and is not settled.

    The last two written minutes are told anew, because people and words arrive late.
    """
    newest = session.scalar(select(func.max(ContextRow.start_ns)))
    tables = (SeenRow.t_ns, SightingRow.start_ns, UtteranceRow.start_ns, FeelingRow.peak_ns)
    minutes = {
        minute_of(t_ns)
        for column in tables
        for t_ns in session.scalars(
            select(column).where(
                column < until_ns,
                column >= (newest - 2 * MINUTE_NS if newest is not None else 0),
            )
        )
    }
    rebuild(session, minutes)


def rebuild(session: Session, minutes: set[int]) -> None:
    """Tell these minutes anew from what is remembered now; drop those that are empty."""
    for start_ns in sorted(minutes):
        told = _tell(session, start_ns)
        row = session.scalar(select(ContextRow).where(ContextRow.start_ns == start_ns))
        if not told.sentences:
            if row is not None:
                remove(session, row.id)
            continue
        if row is None:
            row = ContextRow(level=Level.MINUTE, start_ns=start_ns, end_ns=start_ns + MINUTE_NS)
            session.add(row)
        row.summary, row.detail = told.sentences[0], " ".join(told.sentences)
        row.arousal = told.arousal
        session.flush()
        context = Source(Kind.CONTEXT, row.id)
        if sources_of(session, context) != tuple(dict.fromkeys(told.sources)):
            drop_sources(session, context)
            add_sources(session, context, told.sources)
        documents.refresh(session, [context])


def retell(session: Session, rows: Iterable[Source]) -> None:
    """Say rows anew, e.g. under a new name, and with them the minutes that tell of them."""
    contexts: list[Source] = []
    others: list[Source] = []
    for row in rows:
        (contexts if row.kind == Kind.CONTEXT else others).append(row)
    documents.refresh(session, others)
    told = select(ContextRow.start_ns).where(ContextRow.id.in_([row.id for row in contexts]))
    rebuild(session, set(session.scalars(told)))


def remove(session: Session, context_id: int) -> None:
    """Drop a context with its document and its edges."""
    context = Source(Kind.CONTEXT, context_id)
    documents.drop(session, [context])
    forget_sources(session, context)
    session.execute(delete(ContextRow).where(ContextRow.id == context_id))


def _tell(session: Session, start_ns: int) -> _Minute:
    minute = _Minute()
    end_ns = start_ns + MINUTE_NS
    _tell_objects(session, minute, start_ns, end_ns)
    _tell_people(session, minute, start_ns, end_ns)
    _tell_writing(session, minute, start_ns, end_ns)
    _tell_words(session, minute, start_ns, end_ns)
    _tell_feelings(session, minute, start_ns, end_ns)
    return minute


def _tell_objects(session: Session, minute: _Minute, start_ns: int, end_ns: int) -> None:
    episodes = session.scalars(
        select(EpisodeRow)
        .where(EpisodeRow.key_ns >= start_ns, EpisodeRow.key_ns < end_ns, EpisodeRow.label != "")
        .order_by(EpisodeRow.key_ns, EpisodeRow.id)
    ).all()
    seen = session.scalars(
        select(SeenRow)
        .where(
            SeenRow.kind == Kind.OBJECT,
            SeenRow.is_attended,
            SeenRow.t_ns >= start_ns,
            SeenRow.t_ns < end_ns,
        )
        .order_by(SeenRow.t_ns, SeenRow.id)
    ).all()
    labels = [e.label for e in episodes] + [s.text for s in seen]
    things = list(dict.fromkeys(labels))[:MAX_THINGS]
    sources = [Source(Kind.MOMENT, e.moment_id) for e in episodes if e.label in things]
    sources += [Source(Kind.OBJECT, s.id) for s in seen if s.text in things]
    minute.add(f"You looked at: {', '.join(things)}.", sources)


def _tell_people(session: Session, minute: _Minute, start_ns: int, end_ns: int) -> None:
    rows = session.execute(
        select(SightingRow, PersonRow)
        .join(PersonRow, PersonRow.id == SightingRow.person_id)
        .where(SightingRow.start_ns < end_ns, SightingRow.end_ns > start_ns)
        .order_by(SightingRow.start_ns, SightingRow.id)
    ).all()
    names = list(dict.fromkeys(label(person) for _, person in rows))
    sources = [Source(Kind.SIGHTING, sighting.id) for sighting, _ in rows]
    minute.add(f"You saw: {', '.join(names)}.", sources)


def _tell_writing(session: Session, minute: _Minute, start_ns: int, end_ns: int) -> None:
    rows = session.scalars(
        select(SeenRow)
        .where(
            SeenRow.kind == Kind.TEXT,
            SeenRow.is_attended,
            SeenRow.t_ns >= start_ns,
            SeenRow.t_ns < end_ns,
        )
        .order_by(SeenRow.confidence.desc(), SeenRow.id)
        .limit(MAX_LINES)
    ).all()
    lines = " / ".join(row.text for row in rows)
    minute.add(f"You read: {lines}.", [Source(Kind.TEXT, row.id) for row in rows])


def _tell_words(session: Session, minute: _Minute, start_ns: int, end_ns: int) -> None:
    rows = session.scalars(
        select(UtteranceRow)
        .where(UtteranceRow.start_ns >= start_ns, UtteranceRow.start_ns < end_ns)
        .order_by(UtteranceRow.start_ns, UtteranceRow.id)
    ).all()
    for row in rows:
        # What the wearer asked the companion is a turn, not an event of the day.
        if row.is_wearer and is_question(row.text):
            continue
        speaker = session.get(PersonRow, row.person_id) if row.person_id else None
        said = f'{capital(label(speaker))} said: "{row.text}"'
        minute.add(said, [Source(Kind.UTTERANCE, row.id)])


def _tell_feelings(session: Session, minute: _Minute, start_ns: int, end_ns: int) -> None:
    rows = session.scalars(
        select(FeelingRow)
        .where(FeelingRow.peak_ns >= start_ns, FeelingRow.peak_ns < end_ns)
        .order_by(FeelingRow.peak_ns, FeelingRow.id)
    ).all()
    minute.arousal = max((row.arousal for row in rows), default=0.0)
    emotions = list(dict.fromkeys(row.emotion for row in rows))
    sources = [Source(Kind.FEELING, row.id) for row in rows]
    minute.add(f"You seemed {', then '.join(emotions)}.", sources)
