"""All document vectors in one matrix, kept in step with the store; search is exact."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from memory.documents import next_revision
from memory.schema import DocumentRow

if TYPE_CHECKING:
    # Loading the network's library takes a second that a store without it saves.
    from memory.embedding import Embedder

_STEP = 1024


class VectorIndex:
    """A copy of the stored vectors, safe to use from any thread.

    Rows that went are noticed by number, rows that changed by their revision.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def nearest(
        self, session: Session, query: npt.NDArray[np.float32], among: set[int] | None, limit: int
    ) -> dict[int, float]:
        """Return the cosine of the closest documents by id, of those in ``among`` if given."""
        with self._lock:
            self._follow(session)
            count = len(self._ids)
            if not count:
                return {}
            cosines = self._matrix[:count] @ query
            ids = self._ids
            if among is not None:
                inside = np.isin(ids, np.fromiter(among, np.int64, len(among)))
                cosines, ids = cosines[inside], ids[inside]
            if len(ids) > limit:
                best = np.argpartition(-cosines, limit)[:limit]
                cosines, ids = cosines[best], ids[best]
            return dict(zip(ids.tolist(), cosines.tolist(), strict=True))

    def clear(self) -> None:
        """Drop the copy, e.g. after documents were forgotten."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        self._ids = np.empty(0, np.int64)
        self._matrix = np.empty((0, 0), np.float32)
        self._rows: dict[int, int] = {}
        self._revision = 0

    def _follow(self, session: Session) -> None:
        count = select(func.count()).select_from(DocumentRow)
        # Both counts come from an index; counting the embedded rows would read every row.
        total = session.scalar(count) or 0
        waiting = session.scalar(count.where(DocumentRow.embedding.is_(None))) or 0
        newest = session.scalar(select(func.max(DocumentRow.revision))) or 0
        if newest > self._revision:
            self._load_changes(session)
        if total - waiting != len(self._rows):
            self._clear()
            self._load_changes(session)

    def _load_changes(self, session: Session) -> None:
        changed = session.execute(
            select(DocumentRow.id, DocumentRow.embedding, DocumentRow.revision)
            .where(DocumentRow.revision > self._revision)
            .order_by(DocumentRow.revision)
        )
        for document_id, embedding, revision in changed:
            self._revision = revision
            if embedding is not None:
                self._set(document_id, np.frombuffer(embedding, "<f4"))
        self._ids = np.fromiter(self._rows, np.int64, len(self._rows))

    def _set(self, document_id: int, vector: npt.NDArray[np.float32]) -> None:
        row = self._rows.setdefault(document_id, len(self._rows))
        if row >= len(self._matrix):
            grown = np.zeros((max(_STEP, 2 * len(self._matrix)), len(vector)), np.float32)
            grown[:row] = self._matrix.reshape(-1, len(vector))[:row]
            self._matrix = grown
        self._matrix[row] = vector


def pending(session: Session, limit: int) -> list[tuple[int, str]]:
    """Return the newest documents without a vector, as ids and texts."""
    rows = session.execute(
        select(DocumentRow.id, DocumentRow.text)
        .where(DocumentRow.embedding.is_(None))
        .order_by(DocumentRow.id.desc())
        .limit(limit)
    )
    return [(row.id, row.text) for row in rows]


def embed(embedder: Embedder, texts: list[tuple[int, str]]) -> list[tuple[int, str, bytes]]:
    """Return ids, texts and vectors as they are stored."""
    vectors = embedder.embed([text for _, text in texts])
    return [
        (document_id, text, vector.astype("<f4").tobytes())
        for (document_id, text), vector in zip(texts, vectors, strict=True)
    ]


def store(session: Session, embedded: list[tuple[int, str, bytes]]) -> None:
    """Keep vectors; a document that changed in the meantime waits for its next turn."""
    for document_id, text, vector in embedded:
        row = session.get(DocumentRow, document_id)
        if row is not None and row.text == text:
            row.embedding = vector
            row.revision = next_revision(session)
    session.flush()
