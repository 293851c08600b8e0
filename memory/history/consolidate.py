"""What was remembered, told: minutes first, then what is longer, each level from the one below.

Only what changed is told anew, so that a day costs the same at the end of a year as at its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo

from sqlalchemy.orm import Session

from memory import documents
from memory.database import Database
from memory.history import contexts, minutes, pyramid, untold
from memory.history.likeness import Likeness
from memory.records import Kind, Level, Source
from memory.units import MINUTE_NS

MINUTES_AT_ONCE = 60

OnTold = Callable[[Level, int], None]


class Consolidation:
    """Tells everything up to a time, in short transactions, so that others may write between.

    Args:
        database: The store.
        likeness: Compares summaries.
        zone: Whose days these are.
        on_told: Told of each span of contexts that is written: its level and end.
    """

    def __init__(
        self, database: Database, likeness: Likeness, zone: tzinfo, on_told: OnTold
    ) -> None:
        self._database = database
        self._likeness = likeness
        self._zone = zone
        self._on_told = on_told

    def run(self, until_ns: int, keep_details_ns: int) -> None:
        """Tell what began before ``until_ns``; of what is longer than a minute, what has closed.

        Args:
            until_ns: The time now, as memory reads no clock.
            keep_details_ns: How long the details of what did not move the wearer are kept.
        """
        self._tell_minutes(until_ns)
        for level in pyramid.UPPER_LEVELS:
            while self._tell_windows(level, until_ns):
                pass
        with self._database.write() as session:
            contexts.fade(session, until_ns - keep_details_ns)

    def _tell_minutes(self, until_ns: int) -> None:
        with self._database.read() as session:
            times = untold.marked(session, Level.MINUTE, until_ns)
        for at in range(0, len(times), MINUTES_AT_ONCE):
            batch = times[at : at + MINUTES_AT_ONCE]
            with self._database.write() as session:
                for start_ns in batch:
                    minutes.tell(session, start_ns)
                    # The running minute is told as far as it goes, and again when it is over.
                    if start_ns + MINUTE_NS <= until_ns:
                        untold.clear(session, Level.MINUTE, start_ns, start_ns + 1)
            self._on_told(Level.MINUTE, batch[-1])

    def _tell_windows(self, level: Level, until_ns: int) -> bool:
        """Tell the windows of a level that are due; tell whether there were any."""
        with self._database.read() as session:
            windows = list(pyramid.due(session, level, until_ns, self._zone))
        for window in windows:
            with self._database.read() as session:
                compared = pyramid.summaries(session, window)
            self._likeness.learn(compared)
            with self._database.write() as session:
                pyramid.tell(session, window, self._likeness)
            self._on_told(level, window.end_ns)
        return bool(windows)


def retell(session: Session, rows: Iterable[Source]) -> None:
    """Say rows anew, e.g. under a new name, and with them the contexts that tell of them."""
    told: set[int] = set()
    others: list[Source] = []
    for row in rows:
        if row.kind == Kind.CONTEXT:
            told.add(row.id)
        else:
            others.append(row)
    documents.refresh(session, others)
    rebuild(session, told)


def rebuild(session: Session, context_ids: Iterable[int]) -> None:
    """Tell contexts anew from what they rest on now, shortest first; drop those left with nothing.

    Which minutes belong together stays as it is until the next consolidation.
    """
    for row in contexts.of_ids(session, context_ids):
        if row.level == Level.MINUTE:
            minutes.tell(session, row.start_ns)
        else:
            pyramid.retell(session, row)
