"""Other ways to find the same memories, each over the same store."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.scale_store import DIMENSIONS
from memory.database import Database
from memory.recall.embedding import Vectors
from memory.recall.vectors import VectorIndex

NEAREST = 10
GRAPH_AT_MOST = 10_000
"""Among more vectors no HNSW graph is made: among ten times as many that takes minutes."""
_WORDS = """
    SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 10
"""
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to find memories.

    Attributes:
        answer: Finds them for words and their vector.
        agreement: Tells which share of the ten closest it finds for a vector, None for words.
        index_s: Seconds that its index took to make.
        mb: Memory that its index takes.
    """

    name: str
    answer: Callable[[str, Vectors], object]
    agreement: Callable[[Vectors], float] | None
    index_s: float | None
    mb: float | None


def peers(path: Path) -> Iterator[Peer]:
    """Yield every way, its index made when it is asked for."""
    with closing(sqlite3.connect(path)) as store:
        yield Peer(
            "FTS5 BM25, every word", lambda text, _: _by_words(store, text), None, None, None
        )
        ids, matrix = _stored(store)
    exact = _exact(ids, matrix)
    size_mb = matrix.nbytes / 1e6
    yield Peer("float32 scan (numpy)", lambda _, v: exact(v), lambda v: 1.0, None, size_mb)
    database = Database(path)
    yield _ours(database, ids, exact)
    database.close()
    if len(ids) <= GRAPH_AT_MOST:
        yield _hnsw(ids, matrix, exact)


def _by_words(store: sqlite3.Connection, text: str) -> list[int]:
    match = " OR ".join(f'"{word}"' for word in text.split())
    return [row[0] for row in store.execute(_WORDS, [match])] if match else []


def _stored(store: sqlite3.Connection) -> tuple[Ids, Vectors]:
    (count,) = store.execute("SELECT count(*) FROM documents").fetchone()
    ids, matrix = np.empty(count, np.int64), np.empty((count, DIMENSIONS), np.float32)
    rows = store.execute("SELECT id, embedding FROM documents ORDER BY id")
    for number, (document_id, embedding) in enumerate(rows):
        ids[number], matrix[number] = document_id, np.frombuffer(embedding, "<f4")
    return ids, matrix


def _exact(ids: Ids, matrix: Vectors) -> Callable[[Vectors], Ids]:
    def nearest(query: Vectors) -> Ids:
        cosines = matrix @ query
        best = np.argpartition(-cosines, NEAREST)[:NEAREST]
        return ids[best]

    return nearest


def _ours(database: Database, ids: Ids, exact: Callable[[Vectors], Ids]) -> Peer:
    index = VectorIndex()

    def nearest(query: Vectors) -> Ids:
        with database.read() as session:
            return np.array(list(index.nearest(session, query, None, NEAREST)))

    started = time.perf_counter()
    nearest(np.ones(DIMENSIONS, np.float32))
    return Peer(
        "int8 scan, compared exactly (ours)",
        lambda _, v: nearest(v),
        lambda v: _shared(nearest(v), exact(v)),
        time.perf_counter() - started,
        (DIMENSIONS + 4) * len(ids) / 1e6,
    )


def _hnsw(ids: Ids, matrix: Vectors, exact: Callable[[Vectors], Ids]) -> Peer:
    # Loaded before simsimd, its kernels would take the place of those of the same name.
    from usearch.index import Index

    started = time.perf_counter()
    index = Index(ndim=DIMENSIONS, metric="ip", dtype="i8")
    index.add(ids, matrix)
    spent_s = time.perf_counter() - started
    return Peer(
        "HNSW int8 (usearch)",
        lambda _, v: index.search(v, NEAREST).keys,
        lambda v: _shared(index.search(v, NEAREST).keys.astype(np.int64), exact(v)),
        spent_s,
        index.memory_usage / 1e6,
    )


def _shared(found: Ids, wanted: Ids) -> float:
    return len(np.intersect1d(found, wanted)) / NEAREST
