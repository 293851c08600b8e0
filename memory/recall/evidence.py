"""What a reply rested on, found again: by its row, or for writing by its words."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from memory import documents
from memory.records import Hit, Kind, Source
from memory.schema import DocumentRow, SeenRow
from memory.slots import is_same_thing
from memory.units import MINUTE_NS

# As long as a moment lasts in which a sign may stay in view; a line is kept once in it.
STAYS_NS = 10 * MINUTE_NS


def evidence(session: Session, source: Source) -> Hit | None:
    """Return a row as recall would give it, None where it has nothing to say or is gone.

    Lines of writing are told together: each of them gives what they say as one.
    """
    document = _document(session, source)
    if document is None and source.kind == Kind.TEXT:
        told = (row for row in documents.made_from(session, source) if row.kind == Kind.TEXT)
        document = next((_document(session, row) for row in told), None)
    if document is None:
        return None
    text, t_ns, moment_id = document.text, document.start_ns, document.moment_id
    return Hit(source.kind, source.id, t_ns, text, 1.0, moment_id, (source,))


def written(session: Session, lines: Iterable[str], now_ns: int) -> list[Source]:
    """Return the rows of lines of writing that are, or were just now, in view."""
    lately = select(SeenRow).where(
        SeenRow.kind == Kind.TEXT, SeenRow.t_ns.between(now_ns - STAYS_NS, now_ns)
    )
    rows = session.scalars(lately.order_by(SeenRow.t_ns.desc(), SeenRow.id.desc())).all()
    found = (
        next((row for row in rows if is_same_thing(Kind.TEXT, row.text, line)), None)
        for line in lines
    )
    return [Source(Kind.TEXT, row.id) for row in found if row is not None]


def _document(session: Session, row: Source) -> DocumentRow | None:
    return session.scalar(
        select(DocumentRow).where(DocumentRow.kind == row.kind, DocumentRow.row_id == row.id)
    )
