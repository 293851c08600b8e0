"""What is out of date: the times at which something changed, by the level that must tell it anew.

A mark is made in the transaction that makes the change, so that nothing is ever left out: not what
comes late, not a recording from before, not after a crash.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from memory.records import Level
from memory.schema import UntoldRow


def mark(session: Session, level: Level, times: Iterable[int]) -> None:
    """Note that the contexts of a level that hold these times are out of date."""
    rows = [{"level": level, "t_ns": t_ns} for t_ns in times]
    if rows:
        session.execute(insert(UntoldRow).on_conflict_do_nothing(), rows)


def marked(session: Session, level: Level, before_ns: int) -> list[int]:
    """Return the marked times of a level before a time, in time order."""
    times = select(UntoldRow.t_ns).where(UntoldRow.level == level, UntoldRow.t_ns < before_ns)
    return list(session.scalars(times.order_by(UntoldRow.t_ns)))


def clear(session: Session, level: Level, start_ns: int, end_ns: int) -> None:
    """Take the marks of a level within a span away: it has been told."""
    session.execute(
        delete(UntoldRow).where(
            UntoldRow.level == level, UntoldRow.t_ns >= start_ns, UntoldRow.t_ns < end_ns
        )
    )
