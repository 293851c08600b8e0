"""What a deletion has still to do once its rows are gone: files, and the pages that held the rows.

The note is written in the transaction that deletes the rows, so that none of it is left undone.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from memory.schema import LeavingRow

_PAGES = ""


def note(session: Session, files: Iterable[str]) -> None:
    """Note that files are to go, and old pages with them."""
    rows = [{"name": name} for name in (_PAGES, *files)]
    session.execute(insert(LeavingRow).on_conflict_do_nothing(), rows)


def noted(session: Session) -> list[str] | None:
    """Return the files that are to go, or None where nothing is left to do."""
    names = session.scalars(select(LeavingRow.name).order_by(LeavingRow.name)).all()
    return [name for name in names if name != _PAGES] if names else None


def clear(session: Session) -> None:
    """Note that everything is gone."""
    session.execute(delete(LeavingRow))
