"""The edges from derived rows to the rows they came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from memory.records import Kind, Source
from memory.schema import SourceRow

_BATCH = 500


def add_sources(session: Session, derived: Source, sources: Iterable[Source]) -> None:
    """Note what a row was derived from; an edge that is there already stays as it is."""
    known = set(sources_of(session, derived))
    for source in dict.fromkeys(sources):
        if source not in known:
            session.add(
                SourceRow(
                    derived_kind=derived.kind,
                    derived_id=derived.id,
                    source_kind=source.kind,
                    source_id=source.id,
                )
            )
    session.flush()


def sources_of(session: Session, derived: Source) -> tuple[Source, ...]:
    """Return the rows that a row was derived from, in the order they were noted."""
    rows = session.execute(
        select(SourceRow.source_kind, SourceRow.source_id)
        .where(SourceRow.derived_kind == derived.kind, SourceRow.derived_id == derived.id)
        .order_by(SourceRow.id)
    )
    return tuple(Source(Kind(kind), row_id) for kind, row_id in rows)


def all_sources(session: Session, kind: Kind, ids: Sequence[int]) -> dict[int, list[Source]]:
    """Return the rows that each row of a kind was derived from, by its id."""
    found: dict[int, list[Source]] = {row_id: [] for row_id in ids}
    for start in range(0, len(ids), _BATCH):
        rows = select(SourceRow).where(
            SourceRow.derived_kind == kind, SourceRow.derived_id.in_(ids[start : start + _BATCH])
        )
        for row in session.scalars(rows.order_by(SourceRow.id)):
            found[row.derived_id].append(Source(Kind(row.source_kind), row.source_id))
    return found


def derived_from(session: Session, source: Source) -> tuple[Source, ...]:
    """Return the rows that were derived from a row."""
    rows = session.execute(
        select(SourceRow.derived_kind, SourceRow.derived_id)
        .where(SourceRow.source_kind == source.kind, SourceRow.source_id == source.id)
        .order_by(SourceRow.id)
    )
    return tuple(Source(Kind(kind), row_id) for kind, row_id in rows)


def replace_source(session: Session, old: Source, new: Source) -> None:
    """Let everything that was derived from one row rest on another."""
    for derived in derived_from(session, old):
        add_sources(session, derived, [new])
    forget_sources(session, old)


def forget_sources(session: Session, row: Source) -> None:
    """Remove every edge that starts or ends at a row."""
    session.execute(
        delete(SourceRow).where(
            ((SourceRow.source_kind == row.kind) & (SourceRow.source_id == row.id))
            | ((SourceRow.derived_kind == row.kind) & (SourceRow.derived_id == row.id))
        )
    )


def drop_sources(session: Session, derived: Source) -> None:
    """Remove the edges from a derived row; what was derived from it keeps its own."""
    session.execute(
        delete(SourceRow).where(
            SourceRow.derived_kind == derived.kind, SourceRow.derived_id == derived.id
        )
    )
