"""Tombstones: what the wearer deleted stays away when its recording is gone through again.

A tombstone says when, never what. That of a whole span keeps away whatever reaches into it; that of
a row keeps away what is of its kind and lies within, so that the rest of that time stays.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from memory.records import Kind, Source
from memory.schema import (
    DwellRow,
    EyeMovementRatesRow,
    FeelingRow,
    ForgottenRow,
    MomentRow,
    SeenRow,
    SightingRow,
    UtteranceRow,
)
from memory.slots import minute_of
from memory.units import MINUTE_NS

EVERYTHING = ""
CLIP = "clip"

_LASTING: dict[
    Kind,
    type[SightingRow | UtteranceRow | FeelingRow | DwellRow | EyeMovementRatesRow],
] = {
    Kind.SIGHTING: SightingRow,
    Kind.UTTERANCE: UtteranceRow,
    Kind.FEELING: FeelingRow,
    Kind.DWELL: DwellRow,
    Kind.EYE_RATES: EyeMovementRatesRow,
}


def bury(session: Session, recording_id: int, start_ns: int, end_ns: int, kind: str) -> None:
    """Keep a span of a recording away: everything, one kind, or the clip that begins in it."""
    session.add(
        ForgottenRow(recording_id=recording_id, start_ns=start_ns, end_ns=end_ns, kind=kind)
    )


def bury_rows(session: Session, rows: Iterable[Source]) -> None:
    """Keep single rows away; those that do not come from a recording need no tombstone."""
    spans: dict[tuple[int, int, int, str], None] = {}
    for row in rows:
        span = _span_of(session, row)
        if span is not None:
            spans[*span, row.kind] = None
    for recording_id, start_ns, end_ns, kind in spans:
        bury(session, recording_id, start_ns, end_ns, kind)


def bury_clip(session: Session, moment: MomentRow) -> None:
    """Keep the clip of a moment away; the moment stays."""
    bury(session, moment.recording_id, moment.start_ns, moment.start_ns + 1, CLIP)


def is_buried(session: Session, recording_id: int, kind: str, start_ns: int, end_ns: int) -> bool:
    """Tell whether something of a recording is to stay away."""
    # Where a moment ends is not known while it is open.
    kinds = (EVERYTHING, Kind.MOMENT) if kind == Kind.MOMENT else (EVERYTHING,)
    reaches = and_(
        ForgottenRow.kind.in_(kinds),
        ForgottenRow.start_ns < end_ns,
        ForgottenRow.end_ns > start_ns,
    )
    lies_within = and_(
        ForgottenRow.kind == kind, ForgottenRow.start_ns <= start_ns, ForgottenRow.end_ns >= end_ns
    )
    found = select(ForgottenRow.id).where(
        ForgottenRow.recording_id == recording_id, or_(reaches, lies_within)
    )
    return session.scalar(found.limit(1)) is not None


def is_clip_buried(session: Session, moment: MomentRow) -> bool:
    """Tell whether the clip of a moment is to stay away."""
    return is_buried(session, moment.recording_id, CLIP, moment.start_ns, moment.start_ns + 1)


def _span_of(session: Session, row: Source) -> tuple[int, int, int] | None:
    """Return a row's recording, and the span in which events may lead to it."""
    if row.kind in (Kind.OBJECT, Kind.TEXT):
        seen = session.get(SeenRow, row.id)
        return None if seen is None else (seen.recording_id, *_slot_of(session, seen))
    if row.kind == Kind.MOMENT:
        moment = session.get(MomentRow, row.id)
        return None if moment is None else (moment.recording_id, *_bounds(moment))
    if (table := _LASTING.get(row.kind)) is None:
        return None
    span = select(table.recording_id, table.start_ns, table.end_ns).where(table.id == row.id)
    found = session.execute(span).one_or_none()
    return None if found is None else (found[0], found[1], found[2])


def _slot_of(session: Session, seen: SeenRow) -> tuple[int, int]:
    """Return the span in which every view of a thing led to the same row."""
    moment = None if seen.moment_id is None else session.get(MomentRow, seen.moment_id)
    if moment is not None and moment.end_ns is not None:
        return moment.start_ns, max(moment.end_ns, seen.t_ns + 1)
    start_ns = minute_of(seen.t_ns)
    return start_ns, start_ns + MINUTE_NS


def _bounds(moment: MomentRow) -> tuple[int, int]:
    return moment.start_ns, moment.end_ns or moment.start_ns + 1
