"""How a copy of the documents keeps up: what changed is newer, what went left a note."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from memory.recall.rows import rows
from memory.schema import DroppedDocumentRow, RevisionRow


def next_revision(session: Session) -> int:
    """Return a number that no document has had so far."""
    return session.execute(
        update(RevisionRow).values(value=RevisionRow.value + 1).returning(RevisionRow.value)
    ).scalar_one()


def revision(session: Session) -> int:
    """Return the number of the last change of any document, deletions included."""
    return int(rows(session, "SELECT value FROM revision")[0][0])


def dropped_since(session: Session, since: int) -> list[int]:
    """Return the ids of the documents that went after a revision."""
    went = select(DroppedDocumentRow.document_id).where(DroppedDocumentRow.revision > since)
    return list(session.scalars(went))
