"""The vectors of all documents: those closest in meaning are found by codes, compared exactly."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from memory.recall.catalogue import Mask
from memory.recall.codes import Codes
from memory.recall.revisions import dropped_since, next_revision, revision
from memory.recall.rows import rows
from memory.rendering import quoted
from memory.schema import DocumentRow, EmbedderRow

if TYPE_CHECKING:
    # Loading the network's library takes a second that a store without it saves.
    from memory.recall.embedding import Embedder

OVERSAMPLING = 64
"""How many more documents are compared exactly than are returned."""

_BATCH = 5_000
_ALL = "SELECT id, embedding FROM documents"
_CHANGED = f"{_ALL} WHERE revision > :since"
_PENDING = "SELECT id, text FROM documents WHERE embedding IS NULL ORDER BY id DESC LIMIT :most"
_STORED = """
    SELECT id, embedding FROM documents
    WHERE id IN (SELECT value FROM json_each(:ids)) AND embedding IS NOT NULL
"""


class VectorIndex:
    """Finds documents by meaning, safe to use from any thread.

    A copy of the vectors, a byte per dimension, proposes; the vectors in the store decide. So an
    answer never holds what the store no longer has, whatever the copy says.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def nearest(
        self, session: Session, query: npt.NDArray[np.float32], among: Mask | None, limit: int
    ) -> dict[int, float]:
        """Return the cosine of the closest documents by id, closest first, then newest.

        Args:
            session: What is stored now.
            query: Unit vector.
            among: Which documents may be returned; all without it.
            limit: At most so many.
        """
        with self._lock:
            self._follow(session)
            ids = self._codes.nearest(query, among, limit + OVERSAMPLING)
        return dict(_exactly(session, query, ids.tolist())[:limit])

    def cosines(
        self, session: Session, query: npt.NDArray[np.float32], documents: Iterable[int]
    ) -> dict[int, float]:
        """Return the cosine of some documents by id, of those that have a vector."""
        return dict(_exactly(session, query, list(documents)))

    def clear(self) -> None:
        """Drop the copy, e.g. after documents were forgotten."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        self._codes = Codes()
        self._revision = 0

    def _follow(self, session: Session) -> None:
        newest = revision(session)
        if newest <= self._revision:
            return
        statement = _CHANGED if self._revision else _ALL
        changed = session.connection().exec_driver_sql(statement, {"since": self._revision})
        for batch in changed.partitions(_BATCH):
            self._take(batch)
        self._codes.drop(np.array(dropped_since(session, self._revision), np.int64))
        self._revision = newest

    def _take(self, batch: Sequence[Row[int, bytes | None]]) -> None:
        waiting = [row_id for row_id, embedding in batch if embedding is None]
        self._codes.drop(np.array(waiting, np.int64))
        if held := [(row_id, embedding) for row_id, embedding in batch if embedding is not None]:
            ids, vectors = zip(*held, strict=True)
            joined = np.frombuffer(b"".join(vectors), "<f4")
            self._codes.put(np.array(ids), joined.reshape(len(ids), -1))


def _exactly(
    session: Session, query: npt.NDArray[np.float32], ids: list[int]
) -> list[tuple[int, float]]:
    """Return the documents that are still there with their cosines, closest first, then newest."""
    stored = rows(session, _STORED, ids=json.dumps(ids))
    if not stored:
        return []
    found, embeddings = zip(*stored, strict=True)
    vectors = np.frombuffer(b"".join(embeddings), "<f4")
    # Row by row, not as a matrix product: equal vectors then have equal cosines.
    cosines = np.einsum("ij,j->i", vectors.reshape(len(stored), -1), query).tolist()
    return sorted(zip(found, cosines, strict=True), key=lambda pair: (-pair[1], -pair[0]))


def are_of(session: Session, embedder: Embedder) -> bool:
    """Tell whether the stored vectors are this embedder's, so that they can be compared."""
    return session.scalar(select(EmbedderRow.version)) == embedder.version


def hand_over(session: Session, embedder: Embedder) -> None:
    """Let go of all vectors, as somebody else made them: their documents wait for new ones."""
    session.merge(EmbedderRow(id=1, version=embedder.version))
    session.execute(
        update(DocumentRow)
        .where(DocumentRow.embedding.is_not(None))
        .values(embedding=None, revision=next_revision(session))
    )


def count_pending(session: Session) -> int:
    """Return how many documents have no vector yet."""
    waiting = select(func.count()).select_from(DocumentRow).where(DocumentRow.embedding.is_(None))
    return session.scalar(waiting) or 0


def pending(session: Session, limit: int) -> list[tuple[int, str]]:
    """Return the newest documents without a vector, as ids and texts."""
    return [(document_id, text) for document_id, text in rows(session, _PENDING, most=limit)]


def embed(embedder: Embedder, texts: list[tuple[int, str]]) -> list[tuple[int, str, bytes]]:
    """Return ids, texts and vectors as they are stored.

    The vector of a quotation is that of its words alone: who spoke is told by people.
    """
    vectors = embedder.embed([quoted(text) for _, text in texts])
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
