"""When every document was and of which kind, in columns, so that a filter reads no row."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from memory.recall.revisions import dropped_since, revision
from memory.recall.rows import rows
from memory.records import Cue, Kind
from memory.schema import DocumentPersonRow

Mask = npt.NDArray[np.bool_]
"""Whether a document is among some, by its id; ids beyond the end are not."""

_NO_DOCUMENT = 0
_CODE = {kind: code for code, kind in enumerate(Kind, 1)}
_LEAST_ROOM = 1024
_BATCH = 10_000
_MOST_PEOPLE = 8
_COUNT = "SELECT count(*) FROM documents"
_CHANGED = "SELECT id, kind, start_ns, end_ns FROM documents WHERE revision > :since"


class Catalogue:
    """A copy of the columns that filters ask for, safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def among(self, session: Session, cue: Cue) -> Mask | None:
        """Return which documents meet the filters of a cue, or None where nearly all do."""
        if not cue.kinds and not cue.person_ids and cue.start_ns is cue.end_ns is None:
            return None
        with self._lock:
            self._follow(session)
            return self._meeting(session, cue)

    def count(self, session: Session) -> int:
        """Return how many documents there are; counted only when they have changed."""
        with self._lock:
            self._recount(session)
            return self._count

    def newest(self, session: Session, cue: Cue, limit: int) -> list[int]:
        """Return the ids of the newest documents that meet the filters, newest first."""
        with self._lock:
            self._follow(session)
            ids = np.flatnonzero(self._meeting(session, cue))
            starts_ns = self._start_ns[ids]
        if len(ids) > limit:
            recent = starts_ns >= np.partition(starts_ns, -limit)[-limit]
            ids, starts_ns = ids[recent], starts_ns[recent]
        return [int(row_id) for row_id in ids[np.lexsort((-ids, -starts_ns))][:limit]]

    def clear(self) -> None:
        """Drop the copy, e.g. after documents were forgotten."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        self._kind = np.zeros(0, np.uint8)
        self._start_ns = np.zeros(0, np.int64)
        self._end_ns = np.zeros(0, np.int64)
        self._revision = 0
        self._count, self._counted_at = 0, -1
        self._involved: dict[tuple[int, ...], Mask] = {}

    def _meeting(self, session: Session, cue: Cue) -> Mask:
        mask: Mask = self._kind != _NO_DOCUMENT
        if cue.kinds:
            mask &= np.isin(self._kind, [_CODE[kind] for kind in cue.kinds])
        else:
            mask &= self._kind != _CODE[Kind.TURN]
        if cue.start_ns is not None:
            mask &= self._end_ns > cue.start_ns
        if cue.end_ns is not None:
            mask &= self._start_ns < cue.end_ns
        if cue.person_ids:
            mask &= self._with_people(session, cue.person_ids)
        return mask

    def _with_people(self, session: Session, person_ids: tuple[int, ...]) -> Mask:
        # A turn recalls several times about the same people.
        if person_ids not in self._involved:
            if len(self._involved) == _MOST_PEOPLE:
                self._involved.clear()
            self._involved[person_ids] = _involving(session, person_ids, len(self._kind))
        return self._involved[person_ids]

    def _recount(self, session: Session) -> None:
        if (newest := revision(session)) != self._counted_at:
            self._count = int(rows(session, _COUNT)[0][0])
            self._counted_at = newest

    def _follow(self, session: Session) -> None:
        newest = revision(session)
        if newest <= self._revision:
            return
        # The index on revisions holds these columns: texts and vectors are not paged in.
        changed = session.connection().exec_driver_sql(_CHANGED, {"since": self._revision})
        for batch in changed.partitions(_BATCH):
            ids, kinds, starts_ns, ends_ns = zip(*batch, strict=True)
            self._reserve(max(ids) + 1)
            at = np.array(ids)
            self._kind[at] = [_CODE[kind] for kind in kinds]
            self._start_ns[at] = starts_ns
            self._end_ns[at] = ends_ns
        self._drop(dropped_since(session, self._revision))
        self._involved.clear()
        self._revision = newest

    def _drop(self, ids: list[int]) -> None:
        known = np.array([row_id for row_id in ids if row_id < len(self._kind)], np.int64)
        for column in (self._kind, self._start_ns, self._end_ns):
            column[known] = 0

    def _reserve(self, count: int) -> None:
        if count > len(self._kind):
            room = max(_LEAST_ROOM, count, 2 * len(self._kind))
            for column in (self._kind, self._start_ns, self._end_ns):
                # Nobody else holds them: a mask is a new array.
                column.resize(room, refcheck=False)


def _involving(session: Session, person_ids: tuple[int, ...], count: int) -> Mask:
    """Return which documents involve somebody; as one text, for that may be half of them."""
    involved = select(func.group_concat(DocumentPersonRow.document_id)).where(
        DocumentPersonRow.person_id.in_(person_ids)
    )
    ids = np.fromstring(session.scalar(involved) or "", np.int64, sep=",")
    mask = np.zeros(count, np.bool_)
    mask[ids[ids < count]] = True
    return mask
