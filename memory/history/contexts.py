"""The rows of contexts, whatever their level: written, followed up, faded, removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from memory import documents
from memory.history import keys, untold
from memory.history.summaries import Line, extract
from memory.history.windows import told_from
from memory.provenance import add_sources, drop_sources, forget_sources, sources_of
from memory.records import Kind, Level, Source
from memory.schema import MAY_FADE, ContextRow, SourceRow

SUMMARY_CHARACTERS = 240
SUMMARY_CHARACTERS_OF_DAYS = 360
_DAYS = frozenset((Level.DAY, Level.WEEK, Level.MONTH, Level.YEAR))


@dataclass(slots=True)
class Telling:
    """What a context is to say.

    Attributes:
        lines: Sentences in time order; the summary is chosen from them, the detail is all of them.
        found: The keys that shall lead to it.
    """

    lines: list[Line] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    arousal: float = 0.0
    found: set[keys.Found] = field(default_factory=set)


def put(session: Session, level: Level, start_ns: int, end_ns: int, told: Telling) -> ContextRow:
    """Write a context, and note that the longer ones that hold it are out of date if it changed."""
    row = session.scalar(
        select(ContextRow).where(ContextRow.level == level, ContextRow.start_ns == start_ns)
    )
    is_new = row is None
    if row is None:
        row = ContextRow(level=level, start_ns=start_ns, end_ns=end_ns, detail="", summary="")
    is_changed = _fill(row, end_ns, told, is_new)
    session.add(row)
    session.flush()
    context = Source(Kind.CONTEXT, row.id)
    keys.put(session, context, told.found)
    if sources_of(session, context) != tuple(dict.fromkeys(told.sources)):
        drop_sources(session, context)
        add_sources(session, context, told.sources)
        is_changed = True
    if is_changed:
        _follow_up(session, row)
    return row


def resummarize(session: Session, row: ContextRow, summary: str, teller: str) -> None:
    """Let a model's summary stand in place of the chosen lines; none says that it had no better."""
    row.teller = teller
    if summary:
        row.summary = summary
        _follow_up(session, row)


def remove(session: Session, row: ContextRow) -> None:
    """Drop a context with its document, its keys and its edges."""
    context = Source(Kind.CONTEXT, row.id)
    _mark(session, row)
    keys.drop(session, context)
    documents.drop(session, [context])
    forget_sources(session, context)
    session.execute(delete(ContextRow).where(ContextRow.id == row.id))


def fade(session: Session, before_ns: int) -> int:
    """Drop the details of what is past, did not move the wearer, and is told of at length above.

    Details go before summaries; a summary never fades by itself.

    Returns:
        How many contexts lost their detail.
    """
    merged = select(SourceRow.id).where(
        SourceRow.source_kind == Kind.CONTEXT,
        SourceRow.source_id == ContextRow.id,
        SourceRow.derived_kind == Kind.CONTEXT,
    )
    fading = select(ContextRow).where(
        text(MAY_FADE), ContextRow.end_ns < before_ns, merged.exists()
    )
    rows = session.scalars(fading.order_by(ContextRow.id)).all()
    for row in rows:
        row.detail = ""
    documents.refresh(session, [Source(Kind.CONTEXT, row.id) for row in rows])
    return len(rows)


def lines(stored: str) -> list[str]:
    """Return the sentences of a stored summary or detail."""
    return stored.split("\n") if stored else []


def _fill(row: ContextRow, end_ns: int, told: Telling, is_new: bool) -> bool:
    """Set the columns of a row; tell whether it says something else than before."""
    room = SUMMARY_CHARACTERS_OF_DAYS if row.level in _DAYS else SUMMARY_CHARACTERS
    summary = "\n".join(extract(told.lines, room))
    detail = "\n".join(line.text for line in told.lines)
    has_faded = not is_new and not row.detail
    before = (row.end_ns, row.arousal, row.detail or row.summary)
    if before == (end_ns, told.arousal, summary if has_faded else detail):
        return False
    row.end_ns, row.arousal, row.teller = end_ns, told.arousal, ""
    row.summary, row.detail = summary, "" if has_faded else detail
    return True


def _follow_up(session: Session, row: ContextRow) -> None:
    session.flush()
    documents.refresh(session, [Source(Kind.CONTEXT, row.id)])
    _mark(session, row)


def _mark(session: Session, row: ContextRow) -> None:
    for level in told_from(Level(row.level)):
        untold.mark(session, level, [row.start_ns])


def of_ids(session: Session, ids: Iterable[int]) -> list[ContextRow]:
    """Return contexts, shortest levels first, in time order."""
    rows = session.scalars(select(ContextRow).where(ContextRow.id.in_(list(ids)))).all()
    order = {level: rank for rank, level in enumerate(Level)}
    return sorted(rows, key=lambda row: (order[Level(row.level)], row.start_ns))
