"""Better words for what is told already: a model's, where they say nothing that was not there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory.database import Database
from memory.history import contexts, keys
from memory.history.summaries import Summarizer, Summary, is_faithful
from memory.provenance import sources_of
from memory.records import KeyKind, Kind, Level, Source
from memory.schema import ContextRow

# What the wearer reads first comes first. Shorter ones are too many for a model on a small machine.
LEVELS = (Level.DAY, Level.WEEK, Level.MONTH, Level.YEAR, Level.THREE_HOURS, Level.HOUR)


def polish_one(database: Database, summarizer: Summarizer, level: Level) -> bool:
    """Let a model summarise the newest context of a level that none was asked about yet.

    The model is asked outside of any transaction. Its words are kept only if they are faithful to
    the lines they were made from, and if these have not changed in the meantime.

    Returns:
        Whether there was one.
    """
    newest = select(ContextRow).where(ContextRow.level == level, ContextRow.teller == "")
    with database.read() as session:
        row = session.scalar(newest.order_by(ContextRow.start_ns.desc()).limit(1))
        if row is None:
            return False
        context_id, lines = row.id, _lines(session, row)
    told = summarizer.summarize(lines)
    with database.write() as session:
        row = session.get(ContextRow, context_id)
        if row is not None and _lines(session, row) == lines:
            _keep(session, row, told, lines, summarizer.name)
    return True


def _keep(
    session: Session, row: ContextRow, told: Summary | None, lines: list[str], teller: str
) -> None:
    if told is None or not is_faithful(told.text, lines):
        contexts.resummarize(session, row, "", teller)
        return
    contexts.resummarize(session, row, told.text, teller)
    source = Source(Kind.CONTEXT, row.id)
    named = ((KeyKind.ACTIVITY, told.activity), (KeyKind.PLACE, told.place))
    found = [(kind, key) for kind, key in named if key and is_faithful(key, lines)]
    keys.put(session, source, [*keys.keys_of(session, source), *found])


def _lines(session: Session, row: ContextRow) -> list[str]:
    """Return what a context is told from, as far as it is still known."""
    if row.detail:
        return contexts.lines(row.detail)
    parts = [
        session.get(ContextRow, s.id) for s in sources_of(session, Source(Kind.CONTEXT, row.id))
    ]
    return [line for part in parts if part for line in contexts.lines(part.summary)]
