"""Documents: under which sentence each row is found, kept up with whatever it was made from."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import LargeBinary, cast, delete, func, select
from sqlalchemy.orm import Session

from memory.history import arousal
from memory.recall.revisions import next_revision
from memory.records import Kind, Source
from memory.rendering import WORDS_NEAR_NS, Document, render
from memory.schema import (
    ContextRow,
    DocumentPersonRow,
    DocumentRow,
    DocumentSourceRow,
    SeenRow,
    UtteranceRow,
)
from memory.slots import minute_of, slot_rows
from memory.spans import found, in_moment, seen_from
from memory.units import MINUTE_NS

_SPEECH = frozenset((Kind.UTTERANCE, Kind.FACT))
_TIMELESS = frozenset((Kind.PERSON, Kind.TURN))


def refresh(session: Session, rows: Iterable[Source]) -> None:
    """Render the documents of these rows, and drop those that have nothing to say."""
    for row in dict.fromkeys(rows):
        session.flush()
        for leader in _leaders(session, row):
            document = render(session, leader)
            if document is None:
                drop(session, [leader])
            else:
                _put(session, leader, document)


def refresh_moved(session: Session, moved: Iterable[Source]) -> None:
    """Render anew what rows say whose moment changed, and what was said with their help."""
    rows = list(dict.fromkeys(moved))
    for row in list(rows):
        rows += made_from(session, row)
        if row.kind == Kind.UTTERANCE and (said := session.get(UtteranceRow, row.id)):
            rows += writing_near(session, said)
        if row.kind == Kind.OBJECT and (seen := session.get(SeenRow, row.id)):
            rows += writing_near(session, seen)
    refresh(session, rows)


def drop(session: Session, rows: Iterable[Source]) -> None:
    """Remove the documents of these rows from both indexes."""
    for row in rows:
        session.execute(
            delete(DocumentRow).where(DocumentRow.kind == row.kind, DocumentRow.row_id == row.id)
        )


def is_told(session: Session, row: Source) -> bool:
    """Tell whether a row has a document."""
    told = select(DocumentRow.id).where(DocumentRow.kind == row.kind, DocumentRow.row_id == row.id)
    return session.scalar(told) is not None


def size_bytes(session: Session) -> int:
    """Return how long all sentences are together."""
    return session.scalar(select(func.sum(func.length(cast(DocumentRow.text, LargeBinary))))) or 0


def weigh(session: Session, start_ns: int, end_ns: int) -> None:
    """Take up what a feeling that was noticed late says about the importance of what was there."""
    if arousal.measured(session, start_ns, end_ns) is None:
        return
    rows = select(DocumentRow).where(
        DocumentRow.start_ns >= start_ns, DocumentRow.start_ns < end_ns
    )
    for row in session.scalars(rows.order_by(DocumentRow.id)).all():
        source = Source(Kind(row.kind), row.row_id)
        importance = _importance(session, source, row.text, row.start_ns, row.end_ns)
        if row.importance != importance:
            row.importance, row.revision = importance, next_revision(session)
    session.flush()


def writing_near(session: Session, row: SeenRow | UtteranceRow) -> list[Source]:
    """Return the lines of writing whose document may name an object or quote an utterance."""
    if isinstance(row, UtteranceRow):
        start_ns, end_ns = row.start_ns - WORDS_NEAR_NS, row.end_ns + WORDS_NEAR_NS
    else:
        start_ns = minute_of(row.t_ns)
        end_ns = start_ns + MINUTE_NS
    near = seen_from(row.recording_id, start_ns, end_ns)
    lines = session.scalars(
        select(SeenRow.id)
        .where(SeenRow.kind == Kind.TEXT, found(SeenRow, near, *in_moment(SeenRow, row.moment_id)))
        .order_by(SeenRow.id)
    )
    return [Source(Kind.TEXT, line_id) for line_id in lines]


def made_from(session: Session, row: Source) -> list[Source]:
    """Return the rows whose documents were made from a row."""
    found = session.execute(
        select(DocumentRow.kind, DocumentRow.row_id)
        .join(DocumentSourceRow, DocumentSourceRow.document_id == DocumentRow.id)
        .where(DocumentSourceRow.kind == row.kind, DocumentSourceRow.row_id == row.id)
        .order_by(DocumentRow.id)
    )
    return [Source(Kind(kind), row_id) for kind, row_id in found]


def involving(session: Session, person_id: int) -> list[Source]:
    """Return the rows whose documents involve a person."""
    found = session.execute(
        select(DocumentRow.kind, DocumentRow.row_id)
        .join(DocumentPersonRow, DocumentPersonRow.document_id == DocumentRow.id)
        .where(DocumentPersonRow.person_id == person_id)
        .order_by(DocumentRow.id)
    )
    return [Source(Kind(kind), row_id) for kind, row_id in found]


def _leaders(session: Session, row: Source) -> list[Source]:
    """Return the rows that carry the documents of a row.

    The lines of writing of a slot share two documents, those of the first line that was looked
    at and of the first that was not.
    """
    if row.kind != Kind.TEXT or (line := session.get(SeenRow, row.id)) is None:
        return [row]
    leaders: dict[bool, int] = {}
    for other in slot_rows(session, line):
        if leaders.setdefault(other.is_attended, other.id) != other.id:
            drop(session, [Source(Kind.TEXT, other.id)])
    return [Source(Kind.TEXT, row_id) for row_id in leaders.values()]


def _put(session: Session, row: Source, document: Document) -> None:
    held = session.scalar(
        select(DocumentRow).where(DocumentRow.kind == row.kind, DocumentRow.row_id == row.id)
    )
    revision = next_revision(session)
    if held is None:
        held = DocumentRow(kind=row.kind, row_id=row.id, text=document.text, embedding=None)
    elif held.text != document.text:
        held.text, held.embedding = document.text, None
    held.start_ns, held.end_ns = document.start_ns, document.end_ns
    held.moment_id = document.moment_id
    span = document.start_ns, document.end_ns
    held.importance = _importance(session, row, document.text, *span)
    held.revision = revision
    session.add(held)
    session.flush()
    for table in (DocumentPersonRow, DocumentSourceRow):
        session.execute(delete(table).where(table.document_id == held.id))
    for person_id in sorted(set(document.people)):
        session.add(DocumentPersonRow(document_id=held.id, person_id=person_id))
    for source in dict.fromkeys(document.sources):
        session.add(DocumentSourceRow(document_id=held.id, kind=source.kind, row_id=source.id))
    session.flush()


def _importance(session: Session, row: Source, text: str, start_ns: int, end_ns: int) -> float:
    if row.kind in _TIMELESS:
        return 0.0
    if row.kind == Kind.CONTEXT:
        context = session.get(ContextRow, row.id)
        return context.arousal if context is not None else 0.0
    return arousal.of(session, start_ns, end_ns, text if row.kind in _SPEECH else "")
