"""Where a row belongs in time: its moment, and for things seen their slot.

A slot is a moment, or outside moments a minute of a recording. An object or a line of writing is
kept once per slot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from memory.provenance import replace_source
from memory.records import Kind, Source
from memory.schema import FeelingRow, MomentRow, SeenRow, SightingRow, UtteranceRow
from memory.sentences import same_words
from memory.spans import Ids, Lasting, found, in_moment, overlapping, seen_from
from memory.units import MINUTE_NS

LAST_NS = 2**63 - 1
SAME_LINE_RATIO = 0.8

Linked = SeenRow | Lasting
_Lasting = TypeVar("_Lasting", SightingRow, UtteranceRow, FeelingRow)
_Row = TypeVar("_Row", SeenRow, SightingRow, UtteranceRow, FeelingRow)


def minute_of(t_ns: int) -> int:
    """Return the start of the minute that holds ``t_ns``."""
    return t_ns - t_ns % MINUTE_NS


def moment_at(
    session: Session, recording_id: int, start_ns: int, end_ns: int, anchor_ns: int
) -> int | None:
    """Return the moment that holds the anchor, else the one that overlaps most, else None."""
    until_ns = max(end_ns, anchor_ns) + 1
    around = session.scalars(
        select(MomentRow)
        .where(found(MomentRow, *overlapping(MomentRow, recording_id, start_ns, until_ns)))
        .order_by(MomentRow.start_ns)
    ).all()

    def fit(moment: MomentRow) -> tuple[bool, int, int]:
        moment_end = until_ns if moment.end_ns is None else moment.end_ns
        holds = moment.start_ns <= anchor_ns < moment_end
        shared_ns = min(end_ns, moment_end) - max(start_ns, moment.start_ns)
        return holds, shared_ns, moment.start_ns

    best = max(around, key=fit, default=None)
    return best.id if best is not None and fit(best) > (False, 1) else None


def relink(session: Session, moment: MomentRow) -> list[Source]:
    """Give everything around a moment its moment anew, after the moment's bounds changed.

    Returns:
        The rows whose moment changed, with those that shared their slot before.
    """
    changed = []
    for row in _around(session, moment):
        found = moment_at(session, row.recording_id, *_span(row))
        if found != row.moment_id:
            changed += _move(session, row, found)
    return changed


def dissolve(session: Session, moment: MomentRow) -> list[Source]:
    """Delete a moment and give what it held its moment anew; return those rows, as relink does."""
    held = [row for row in _around(session, moment) if row.moment_id == moment.id]
    session.delete(moment)
    session.flush()
    return [
        moved
        for row in held
        for moved in _move(session, row, moment_at(session, row.recording_id, *_span(row)))
    ]


def slot_rows(session: Session, row: SeenRow) -> list[SeenRow]:
    """Return every row of one kind in the slot of a row, itself included, by id."""
    statement = select(SeenRow).where(SeenRow.kind == row.kind, in_slot(row))
    return list(session.scalars(statement.order_by(SeenRow.id)))


def in_slot(row: SeenRow) -> ColumnElement[bool]:
    """Return the condition "is in the same slot as ``row``"."""
    if row.moment_id is not None:
        return SeenRow.moment_id == row.moment_id
    minute_ns = minute_of(row.t_ns)
    return (
        (SeenRow.recording_id == row.recording_id)
        & SeenRow.moment_id.is_(None)
        & (SeenRow.t_ns >= minute_ns)
        & (SeenRow.t_ns < minute_ns + MINUTE_NS)
    )


def is_same_thing(kind: str, first: str, second: str) -> bool:
    """Tell whether two labels, or two readings of a line, mean the same thing."""
    if kind == Kind.OBJECT:
        return first == second
    one, two = same_words(first), same_words(second)
    return one == two or SequenceMatcher(None, one, two).ratio() >= SAME_LINE_RATIO


def take_better(kept: SeenRow, other: SeenRow) -> bool:
    """Let ``kept`` show the other view if that is the better one; tell whether it was."""
    if (other.is_attended, other.confidence) <= (kept.is_attended, kept.confidence):
        return False
    for name in ("t_ns", "text", "confidence", "is_attended"):
        setattr(kept, name, getattr(other, name))
    for name in ("box_x_px", "box_y_px", "box_width_px", "box_height_px"):
        setattr(kept, name, getattr(other, name))
    return True


def _move(session: Session, row: Linked, moment_id: int | None) -> list[Source]:
    """Give a row another moment; return it, with those that share its slots."""
    changed = [Source(_kind(row), row.id)]
    if isinstance(row, SeenRow):
        changed += [Source(Kind(left.kind), left.id) for left in slot_rows(session, row)]
    row.moment_id = moment_id
    session.flush()
    if isinstance(row, SeenRow):
        changed += [Source(Kind(met.kind), met.id) for met in slot_rows(session, row)]
        _fold(session, row)
    return changed


def _fold(session: Session, row: SeenRow) -> None:
    for other in slot_rows(session, row):
        if other.id != row.id and is_same_thing(row.kind, other.text, row.text):
            take_better(other, row)
            replace_source(
                session, Source(Kind(row.kind), row.id), Source(Kind(row.kind), other.id)
            )
            session.delete(row)
            session.flush()
            return


def _around(session: Session, moment: MomentRow) -> Iterable[Linked]:
    until_ns = moment.end_ns if moment.end_ns is not None else LAST_NS
    seen = seen_from(moment.recording_id, moment.start_ns, until_ns)
    yield from _rows(session, SeenRow, [seen, *in_moment(SeenRow, moment.id)])
    yield from _overlapping(session, SightingRow, moment, until_ns)
    yield from _overlapping(session, UtteranceRow, moment, until_ns)
    yield from _overlapping(session, FeelingRow, moment, until_ns)


def _overlapping(
    session: Session, table: type[_Lasting], moment: MomentRow, until_ns: int
) -> Sequence[_Lasting]:
    near: list[Ids] = overlapping(table, moment.recording_id, moment.start_ns, until_ns)
    return _rows(session, table, near + in_moment(table, moment.id))


def _rows(session: Session, table: type[_Row], queries: Iterable[Ids]) -> Sequence[_Row]:
    return session.scalars(select(table).where(found(table, *queries)).order_by(table.id)).all()


def _span(row: Linked) -> tuple[int, int, int]:
    match row:
        case SeenRow():
            return row.t_ns, row.t_ns, row.t_ns
        case SightingRow():
            return row.start_ns, row.end_ns, row.key_ns
        case UtteranceRow():
            return row.start_ns, row.end_ns, (row.start_ns + row.end_ns) // 2
        case FeelingRow():
            return row.start_ns, row.end_ns, row.peak_ns


def _kind(row: Linked) -> Kind:
    match row:
        case SeenRow():
            return Kind(row.kind)
        case SightingRow():
            return Kind.SIGHTING
        case UtteranceRow():
            return Kind.UTTERANCE
        case FeelingRow():
            return Kind.FEELING
