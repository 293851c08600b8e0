"""Which rows a selection names, before anything that is derived from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from memory.forget.topics import about, at_place
from memory.records import Kind, Selection, Source
from memory.schema import (
    DwellRow,
    EyeMovementRatesRow,
    FactRow,
    FeelingRow,
    MomentRow,
    SeenRow,
    SightingRow,
    TurnRow,
    UtteranceRow,
)
from memory.slots import LAST_NS


def chosen(session: Session, selection: Selection) -> list[Source]:
    """Return the rows that meet every condition of a selection."""
    rows = list(_in_time(session, selection))
    for names, find in ((selection.places, at_place), (selection.topics, about)):
        if names:
            found = set().union(*(find(session, name) for name in names))
            rows = [row for row in rows if row in found]
    return rows


def _in_time(session: Session, selection: Selection) -> Iterable[Source]:
    """Yield what meets the conditions on moments, people and time."""
    if selection.person_ids:
        yield from _with_people(session, selection)
        return
    seen = _overlap(SeenRow.t_ns, SeenRow.t_ns, selection)
    if selection.moment_ids:
        seen.append(SeenRow.moment_id.in_(selection.moment_ids))
    for row_id, kind in session.execute(select(SeenRow.id, SeenRow.kind).where(*seen)):
        yield Source(Kind(kind), row_id)
    yield from _lasting(session, Kind.FEELING, FeelingRow, selection)
    yield from _gaze(session, Kind.DWELL, DwellRow, selection)
    yield from _gaze(session, Kind.EYE_RATES, EyeMovementRatesRow, selection)
    yield from _lasting(session, Kind.SIGHTING, SightingRow, selection)
    yield from _lasting(session, Kind.UTTERANCE, UtteranceRow, selection)
    moments = _overlap(MomentRow.start_ns, MomentRow.end_ns, selection)
    if selection.moment_ids:
        moments.append(MomentRow.id.in_(selection.moment_ids))
    yield from _all(session, Kind.MOMENT, MomentRow.id, moments)
    if not selection.moment_ids:
        turns = _overlap(TurnRow.t_ns, TurnRow.t_ns, selection)
        yield from _all(session, Kind.TURN, TurnRow.id, turns)
        # Quoted facts go with the utterances that they quote.
        told = [*_overlap(FactRow.t_ns, FactRow.t_ns, selection), ~FactRow.is_quote]
        yield from _all(session, Kind.FACT, FactRow.id, told)


def _with_people(session: Session, selection: Selection) -> Iterable[Source]:
    """Yield where people are seen and heard, and without further conditions themselves."""
    yield from _lasting(session, Kind.SIGHTING, SightingRow, selection)
    yield from _lasting(session, Kind.UTTERANCE, UtteranceRow, selection)
    if not (selection.moment_ids or selection.has_span or selection.places or selection.topics):
        yield from (Source(Kind.PERSON, person_id) for person_id in selection.person_ids)


def _lasting(
    session: Session,
    kind: Kind,
    table: type[FeelingRow] | type[SightingRow] | type[UtteranceRow],
    selection: Selection,
) -> Iterable[Source]:
    conditions = _overlap(table.start_ns, table.end_ns, selection)
    if selection.moment_ids:
        conditions.append(table.moment_id.in_(selection.moment_ids))
    if selection.person_ids and not issubclass(table, FeelingRow):
        conditions.append(table.person_id.in_(selection.person_ids))
    return _all(session, kind, table.id, conditions)


def _gaze(
    session: Session,
    kind: Kind,
    table: type[DwellRow] | type[EyeMovementRatesRow],
    selection: Selection,
) -> Iterable[Source]:
    """Return what the eyes did within a span, or while the chosen moments lasted."""
    conditions = _overlap(table.start_ns, table.end_ns, selection)
    if selection.moment_ids:
        ended_ns = func.coalesce(MomentRow.end_ns, LAST_NS)
        moments = select(MomentRow.id).where(
            MomentRow.id.in_(selection.moment_ids),
            MomentRow.recording_id == table.recording_id,
            MomentRow.start_ns < table.end_ns,
            ended_ns > table.start_ns,
        )
        conditions.append(moments.exists())
    return _all(session, kind, table.id, conditions)


def _all(
    session: Session,
    kind: Kind,
    row_id: InstrumentedAttribute[int],
    conditions: list[ColumnElement[bool]],
) -> list[Source]:
    found = session.scalars(select(row_id).where(*conditions).order_by(row_id))
    return [Source(kind, found_id) for found_id in found]


def _overlap(
    start: InstrumentedAttribute[int], end: InstrumentedAttribute[Any], selection: Selection
) -> list[ColumnElement[bool]]:
    """Return the conditions of overlapping the selected span; a point has equal columns."""
    conditions: list[ColumnElement[bool]] = []
    if selection.start_ns is not None:
        is_point = start is end
        late = end >= selection.start_ns if is_point else end > selection.start_ns
        conditions.append(or_(late, end.is_(None)))
    if selection.end_ns is not None:
        conditions.append(start < selection.end_ns)
    return conditions
