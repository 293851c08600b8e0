"""The sentence under which a row is found: it says who and what, and stands alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from memory.people import capital, label
from memory.provenance import sources_of
from memory.records import Kind, Level, Source
from memory.schema import (
    ContextRow,
    DocumentPersonRow,
    DocumentRow,
    EpisodeRow,
    FactRow,
    FeelingRow,
    MomentRow,
    PersonRow,
    SeenRow,
    SightingRow,
    TurnRow,
    UtteranceRow,
)
from memory.slots import in_slot, slot_rows
from memory.spans import found, in_moment, overlapping
from perception.events import CauseKind

MAX_LINES = 20
WORDS_NEAR_NS = 10_000_000_000
_QUOTATION = re.compile(r'[^":]{1,80}: "(.*)"', re.DOTALL)
_WRITTEN = " was written: "
_SAID_THEN = ". You said then: "
_SENSES = {CauseKind.SEEN: "saw", CauseKind.HEARD: "heard"}


@dataclass(frozen=True, slots=True)
class Document:
    """What a row says, when, about whom, and from which rows."""

    text: str
    start_ns: int
    end_ns: int
    moment_id: int | None
    people: tuple[int, ...]
    sources: tuple[Source, ...]


def render(session: Session, row: Source) -> Document | None:
    """Say what a row says, None where it has nothing to say."""
    return _RENDER[row.kind](session, row.id)


def fact_text(session: Session, fact: FactRow) -> str:
    """Say a fact: as a quotation with its speaker, or as the wearer corrected it."""
    if not fact.is_quote:
        return fact.statement
    speaker = _person(session, fact.said_by_id)
    who = capital(label(speaker))
    if fact.subject_id is None or fact.subject_id == fact.said_by_id:
        return f'{who} said: "{fact.statement}"'
    about = label(_person(session, fact.subject_id))
    return f'{who} said of {about}: "{fact.statement}"'


def quoted(document_text: str) -> str:
    """Return the words that a document quotes with their speaker, or all of it."""
    match = _QUOTATION.fullmatch(document_text)
    return match[1] if match else document_text


def written(document_text: str) -> str:
    """Return the lines that a document of writing shows, divided by " / "."""
    return document_text.partition(_WRITTEN)[2].partition(_SAID_THEN)[0]


def writing(session: Session, row: SeenRow) -> list[SeenRow]:
    """Return the lines that are told together with a line, in reading order."""
    lines = [r for r in slot_rows(session, row) if r.is_attended == row.is_attended]
    best = sorted(lines, key=lambda r: -r.confidence)[:MAX_LINES]
    return sorted(best, key=lambda r: (r.box_y_px, r.box_x_px, r.id))


def _utterance(session: Session, row_id: int) -> Document | None:
    row = session.get(UtteranceRow, row_id)
    if row is None:
        return None
    who = capital(label(_person(session, row.person_id)))
    verb = "asked" if row.text.endswith("?") else "said"
    return Document(
        f'{who} {verb}: "{row.text}"',
        row.start_ns,
        row.end_ns,
        row.moment_id,
        _ids(row.person_id),
        (Source(Kind.UTTERANCE, row.id),),
    )


def _text(session: Session, row_id: int) -> Document | None:
    row = session.get(SeenRow, row_id)
    if row is None:
        return None
    lines = writing(session, row)
    sources = [Source(Kind.TEXT, line.id) for line in lines]
    where = "In view"
    if row.is_attended:
        thing = _thing_behind(session, lines)
        if thing is not None:
            sources.append(Source(Kind.OBJECT, thing.id))
        where = f"On {'the ' + thing.text if thing else 'what'} you looked at"
    text = f"{where}{_WRITTEN}{' / '.join(line.text for line in lines)}"
    if (words := _words_near(session, row)) is not None:
        text = f'{text}{_SAID_THEN}"{words.text}"'
        sources.append(Source(Kind.UTTERANCE, words.id))
    return Document(
        text,
        min(line.t_ns for line in lines),
        max(line.t_ns for line in lines) + 1,
        row.moment_id,
        (),
        tuple(sources),
    )


def _thing_behind(session: Session, lines: list[SeenRow]) -> SeenRow | None:
    """Return the smallest attended object of the slot that holds the middle of a line."""
    objects = select(SeenRow).where(
        SeenRow.kind == Kind.OBJECT, SeenRow.is_attended, in_slot(lines[0])
    )
    holding = [
        thing
        for thing in session.scalars(objects.order_by(SeenRow.id))
        if any(_holds(thing, line) for line in lines)
    ]
    return min(holding, key=lambda r: r.box_width_px * r.box_height_px, default=None)


def _holds(thing: SeenRow, line: SeenRow) -> bool:
    x_px = line.box_x_px + line.box_width_px / 2
    y_px = line.box_y_px + line.box_height_px / 2
    return (
        0 <= x_px - thing.box_x_px < thing.box_width_px
        and 0 <= y_px - thing.box_y_px < thing.box_height_px
    )


def _words_near(session: Session, row: SeenRow) -> UtteranceRow | None:
    """Return what the wearer said, not asked, in the same moment or around a line of writing."""
    near = overlapping(
        UtteranceRow, row.recording_id, row.t_ns - WORDS_NEAR_NS, row.t_ns + WORDS_NEAR_NS
    )
    statement = select(UtteranceRow).where(
        UtteranceRow.is_wearer,
        UtteranceRow.text.not_like("%?%"),
        found(UtteranceRow, *near, *in_moment(UtteranceRow, row.moment_id)),
    )
    said = session.scalars(statement.order_by(UtteranceRow.start_ns, UtteranceRow.end_ns)).all()
    return min(said, key=lambda u: abs(u.start_ns - row.t_ns), default=None)


def _object(session: Session, row_id: int) -> Document | None:
    row = session.get(SeenRow, row_id)
    if row is None:
        return None
    article = "an" if row.text[:1].lower() in "aeiou" else "a"
    thing = f"{article} {row.text}"
    return Document(
        f"You looked at {thing}." if row.is_attended else f"{capital(thing)} was in view.",
        row.t_ns,
        row.t_ns + 1,
        row.moment_id,
        (),
        (Source(Kind.OBJECT, row.id),),
    )


def _sighting(session: Session, row_id: int) -> Document | None:
    row = session.get(SightingRow, row_id)
    if row is None:
        return None
    return Document(
        f"You saw {label(_person(session, row.person_id))}.",
        row.start_ns,
        row.end_ns,
        row.moment_id,
        (row.person_id,),
        (Source(Kind.SIGHTING, row.id),),
    )


def _person_known(session: Session, row_id: int) -> Document | None:
    person = session.get(PersonRow, row_id)
    if person is None or person.is_wearer or not person.name:
        return None
    times = [
        t_ns
        for table in (SightingRow, UtteranceRow)
        for end in (func.min, func.max)
        if (t_ns := session.scalar(select(end(table.start_ns)).where(table.person_id == row_id)))
        is not None
    ]
    if not times:
        return None
    me = Source(Kind.PERSON, row_id)
    sources = (me, *sources_of(session, me))
    text = f"You met {person.name}."
    return Document(text, min(times), max(times) + 1, None, (row_id,), sources)


def _feeling(session: Session, row_id: int) -> Document | None:
    row = session.get(FeelingRow, row_id)
    if row is None:
        return None
    text = f"You {'felt' if row.is_confirmed else 'seemed'} {row.emotion}"
    if row.cause and row.cause_kind in _SENSES and row.is_confirmed is not False:
        verb = "because of" if row.is_confirmed else "perhaps because of"
        text = (
            f"{text}, {verb} what you {_SENSES[CauseKind(row.cause_kind)]}: {row.cause.rstrip('.')}"
        )
    me = Source(Kind.FEELING, row.id)
    sources = (me, *sources_of(session, me))
    return Document(f"{text}.", row.start_ns, row.end_ns, row.moment_id, (), sources)


def _moment(session: Session, row_id: int) -> Document | None:
    row = session.get(MomentRow, row_id)
    if row is None or row.end_ns is None:
        return None
    labels = session.scalars(
        select(EpisodeRow.label)
        .where(EpisodeRow.moment_id == row_id, EpisodeRow.label != "")
        .order_by(EpisodeRow.confidence.desc(), EpisodeRow.id)
    )
    things = list(dict.fromkeys(labels))
    if not things:
        return None
    text = f"You paid attention to: {', '.join(things)}."
    return Document(text, row.start_ns, row.end_ns, row.id, (), (Source(Kind.MOMENT, row.id),))


def _context(session: Session, row_id: int) -> Document | None:
    row = session.get(ContextRow, row_id)
    if row is None:
        return None
    sources = sources_of(session, Source(Kind.CONTEXT, row_id))
    # Longer ones are found by their summaries only: they repeat what shorter ones tell better.
    told = row.detail if row.level == Level.MINUTE else ""
    return Document(
        " ".join((told or row.summary).split("\n")),
        row.start_ns,
        row.end_ns,
        None,
        tuple(_told_of(session, sources)),
        sources,
    )


def _told_of(session: Session, sources: Iterable[Source]) -> Iterable[int]:
    """Yield the people of whom these rows tell."""
    for source in sources:
        match source.kind:
            case Kind.SIGHTING if sighting := session.get(SightingRow, source.id):
                yield sighting.person_id
            case Kind.UTTERANCE if said := session.get(UtteranceRow, source.id):
                yield from _ids(said.person_id)
            case Kind.CONTEXT:
                yield from session.scalars(
                    select(DocumentPersonRow.person_id)
                    .join(DocumentRow, DocumentRow.id == DocumentPersonRow.document_id)
                    .where(DocumentRow.kind == source.kind, DocumentRow.row_id == source.id)
                )


def _fact(session: Session, row_id: int) -> Document | None:
    row = session.get(FactRow, row_id)
    if row is None or row.valid_until_ns is not None:
        return None
    sources = sources_of(session, Source(Kind.FACT, row_id))
    said = [
        utterance
        for source in sources
        if source.kind == Kind.UTTERANCE and (utterance := session.get(UtteranceRow, source.id))
    ]
    moment_id = next((u.moment_id for u in said if u.moment_id is not None), None)
    people = _ids(row.subject_id) + _ids(row.said_by_id)
    me = Source(Kind.FACT, row_id)
    text = fact_text(session, row)
    return Document(text, row.t_ns, row.t_ns + 1, moment_id, people, (me, *sources))


def _turn(session: Session, row_id: int) -> Document | None:
    row = session.get(TurnRow, row_id)
    if row is None:
        return None
    text = f'You asked: "{row.asked}" The answer was: "{row.replied}"'
    me = Source(Kind.TURN, row_id)
    return Document(text, row.t_ns, row.t_ns + 1, None, (), (me, *sources_of(session, me)))


def _person(session: Session, person_id: int | None) -> PersonRow | None:
    return None if person_id is None else session.get(PersonRow, person_id)


def _ids(person_id: int | None) -> tuple[int, ...]:
    return () if person_id is None else (person_id,)


_RENDER: dict[Kind, Callable[[Session, int], Document | None]] = {
    Kind.MOMENT: _moment,
    Kind.PERSON: _person_known,
    Kind.SIGHTING: _sighting,
    Kind.OBJECT: _object,
    Kind.TEXT: _text,
    Kind.UTTERANCE: _utterance,
    Kind.FEELING: _feeling,
    Kind.CONTEXT: _context,
    Kind.FACT: _fact,
    Kind.TURN: _turn,
}
