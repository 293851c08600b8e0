"""What overlaps a span of a recording, or lies in a moment, however much was recorded.

Each condition is looked up by an index of its own; as one condition they would read the whole
recording. Beginnings alone do not bound how far back to look, so what is long has its own index.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, literal_column, or_, select, union

from memory.schema import LONG_NS, FeelingRow, MomentRow, SeenRow, SightingRow, UtteranceRow

Lasting = SightingRow | UtteranceRow | FeelingRow
Ids = Select[int]
_Linked = TypeVar("_Linked", SeenRow, SightingRow, UtteranceRow, FeelingRow)


def overlapping(
    table: type[Lasting | MomentRow], recording_id: int, start_ns: int, end_ns: int
) -> list[Ids]:
    """Return queries for what overlaps a span: began not long before it, or lasts long.

    A moment that is still open lasts long.
    """
    lasts: ColumnElement[bool] = table.end_ns - table.start_ns > literal_column(str(LONG_NS))
    is_later: ColumnElement[bool] = table.end_ns > start_ns
    if table is MomentRow:
        is_open = MomentRow.end_ns.is_(None)
        lasts, is_later = or_(is_open, lasts), or_(is_open, is_later)
    within = select(table.id).where(
        table.recording_id == recording_id, table.start_ns < end_ns, is_later
    )
    return [within.where(table.start_ns > start_ns - LONG_NS), within.where(lasts)]


def seen_from(recording_id: int, start_ns: int, end_ns: int) -> Ids:
    """Return the query for what was seen from one time to another, both included."""
    return select(SeenRow.id).where(
        SeenRow.recording_id == recording_id, SeenRow.t_ns.between(start_ns, end_ns)
    )


def in_moment(table: type[_Linked], moment_id: int | None) -> list[Ids]:
    """Return the query for what lies in a moment, none where there is no moment."""
    return [] if moment_id is None else [select(table.id).where(table.moment_id == moment_id)]


def found(table: type[SeenRow | Lasting | MomentRow], *queries: Ids) -> ColumnElement[bool]:
    """Return the condition "one of these queries finds it"."""
    return table.id.in_(union(*queries))
