"""Recall by meaning agrees with comparing everything, and follows the store at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from memory.database import Database
from memory.recall.catalogue import Mask
from memory.recall.codes import Codes, Vectors
from memory.recall.revisions import next_revision
from memory.recall.vectors import VectorIndex
from memory.schema import DocumentRow, RevisionRow

COUNT, DIMENSIONS, LIMIT = 3_000, 96, 20


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "memory.sqlite")
    yield opened
    opened.close()


def _vectors(count: int, seed: int = 0) -> Vectors:
    """Return unit vectors around a few topics, some of them close to each other."""
    rng = np.random.default_rng(seed)
    topics = rng.standard_normal((12, DIMENSIONS))
    made = topics[rng.integers(12, size=count)] + rng.standard_normal((count, DIMENSIONS))
    unit: Vectors = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _fill(database: Database, vectors: Vectors, first: int = 1) -> None:
    with database.write() as session:
        newest = next_revision(session) + len(vectors)
        rows = [
            {
                "id": document_id,
                "kind": "utterance",
                "row_id": document_id,
                "start_ns": document_id,
                "end_ns": document_id + 1,
                "text": f"number {document_id}",
                "importance": 0.0,
                "embedding": vector.tobytes(),
                "revision": newest,
            }
            for document_id, vector in enumerate(vectors, first)
        ]
        session.execute(insert(DocumentRow), rows)
        session.execute(update(RevisionRow).values(value=newest))


def _brute(vectors: Vectors, query: Vectors, among: Mask | None = None) -> list[int]:
    """Return the ids of the closest by comparing all."""
    cosines = np.einsum("ij,j->i", vectors, query)
    ids = np.arange(1, len(vectors) + 1)
    if among is not None:
        ids = ids[among[ids]]
    order = np.lexsort((-ids, -cosines[ids - 1]))
    return [int(row_id) for row_id in ids[order][:LIMIT]]


def test_what_is_found_is_what_comparing_all_finds(database: Database) -> None:
    vectors, queries = _vectors(COUNT), _vectors(50, seed=1)
    _fill(database, vectors)
    index = VectorIndex()
    with database.read() as session:
        for query in queries:
            found = index.nearest(session, query, None, LIMIT)
            assert list(found) == _brute(vectors, query)
            exact = vectors[np.array(list(found)) - 1] @ query
            np.testing.assert_allclose(list(found.values()), exact, atol=1e-6)


@pytest.mark.parametrize("share", [0.002, 0.3])
def test_a_filter_is_exact(database: Database, share: float) -> None:
    vectors, queries = _vectors(COUNT), _vectors(20, seed=2)
    _fill(database, vectors)
    among = np.random.default_rng(3).random(COUNT + 1) < share
    index = VectorIndex()
    with database.read() as session:
        for query in queries:
            found = index.nearest(session, query, among, LIMIT)
            assert list(found) == _brute(vectors, query, among)


def test_a_filter_that_knows_fewer_documents_excludes_the_others(database: Database) -> None:
    vectors = _vectors(30)
    _fill(database, vectors)
    with database.read() as session:
        found = VectorIndex().nearest(session, vectors[20], np.ones(11, np.bool_), LIMIT)
    assert set(found) == set(range(1, 11))


def test_of_equal_vectors_the_newest_come_first(database: Database) -> None:
    vectors = np.repeat(_vectors(1), COUNT, axis=0)
    _fill(database, vectors)
    with database.read() as session:
        found = VectorIndex().nearest(session, vectors[0], None, 5)
    assert list(found) == [COUNT - i for i in range(5)]
    assert len(set(found.values())) == 1


def test_what_is_dropped_is_not_found_and_leaves_the_copy(database: Database) -> None:
    vectors = _vectors(100)
    _fill(database, vectors)
    index, other = VectorIndex(), VectorIndex()
    query = vectors[41]
    for copy in (index, other):
        with database.read() as session:
            assert next(iter(copy.nearest(session, query, None, LIMIT))) == 42
    with database.write() as session:
        session.execute(delete(DocumentRow).where(DocumentRow.id == 42))
    for copy in (index, other):
        with database.read() as session:
            assert 42 not in copy.nearest(session, query, None, LIMIT)
        assert not copy._codes._codes[42].any()
        assert copy._codes._codes[41].any()


def test_what_changes_is_found_where_it_is_now(database: Database) -> None:
    vectors = _vectors(100)
    _fill(database, vectors)
    index = VectorIndex()
    with database.read() as session:
        index.nearest(session, vectors[0], None, LIMIT)
    moved = vectors[0]
    _change(database, 77, moved.tobytes())
    with database.read() as session:
        assert list(index.nearest(session, moved, None, 2)) == [77, 1]
    _change(database, 77, None)
    with database.read() as session:
        assert 77 not in index.nearest(session, moved, None, 100)
    _fill(database, moved[None], first=101)
    with database.read() as session:
        assert list(index.nearest(session, moved, None, 2)) == [101, 1]


def _change(database: Database, document_id: int, embedding: bytes | None) -> None:
    with database.write() as session:
        session.execute(
            update(DocumentRow)
            .where(DocumentRow.id == document_id)
            .values(embedding=embedding, revision=next_revision(session))
        )


def test_an_older_view_is_answered_from_what_it_holds(database: Database) -> None:
    vectors = _vectors(50)
    _fill(database, vectors)
    index = VectorIndex()
    with database.read() as older:
        assert 7 in index.nearest(older, vectors[6], None, 5)
        with database.write() as session:
            session.execute(delete(DocumentRow).where(DocumentRow.id == 7))
        _fill(database, vectors[6:7], first=51)
        with database.read() as newer:
            assert list(index.nearest(newer, vectors[6], None, 1)) == [51]
        assert 51 not in index.nearest(older, vectors[6], None, 5)


def test_cosines_of_some_are_those_of_the_store(database: Database) -> None:
    vectors = _vectors(40)
    _fill(database, vectors)
    _change(database, 9, None)
    with database.read() as session:
        found = VectorIndex().cosines(session, vectors[0], [5, 9, 1, 1_000])
    assert list(found) == [1, 5]
    assert found[5] == pytest.approx(vectors[4] @ vectors[0], abs=1e-6)


def test_an_empty_store_and_an_empty_filter_give_nothing(database: Database) -> None:
    index, query = VectorIndex(), _vectors(1)[0]
    with database.read() as session:
        assert index.nearest(session, query, None, LIMIT) == {}
    _fill(database, _vectors(10))
    with database.read() as session:
        assert index.nearest(session, query, np.zeros(11, np.bool_), LIMIT) == {}
        assert len(index.nearest(session, query, None, LIMIT)) == 10


def test_threads_that_ask_while_another_writes_are_answered_rightly(database: Database) -> None:
    vectors = _vectors(400)
    _fill(database, vectors[:200])
    index, wrong = VectorIndex(), list[int]()

    def ask(start: int) -> None:
        for number in range(start, 200, 4):
            with database.read() as session:
                best = next(iter(index.nearest(session, vectors[number], None, 3)))
            wrong.extend([number] * (best != number + 1))

    askers = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
    for asker in askers:
        asker.start()
    for first in range(201, 401, 20):
        _fill(database, vectors[first - 1 : first + 19], first)
    for asker in askers:
        asker.join()
    assert wrong == []
    with database.read() as session:
        assert _ask_all(index, session, vectors) == list(range(1, 401))


def _ask_all(index: VectorIndex, session: Session, vectors: Vectors) -> list[int]:
    return [next(iter(index.nearest(session, vector, None, 1))) for vector in vectors]


def test_a_code_is_off_by_half_a_step_at_most() -> None:
    vectors = _vectors(200)
    codes = Codes()
    codes.put(np.arange(200), vectors)
    restored = codes._codes[:200] * codes._steps[:200, None]
    assert np.all(np.abs(restored - vectors) <= codes._steps[:200, None] / 2 * 1.001)


def test_more_dimensions_or_none_are_no_trouble() -> None:
    codes = Codes()
    codes.put(np.array([3]), np.zeros((1, 8), np.float32))
    assert codes.nearest(np.ones(8, np.float32), None, 4).tolist() == [3]
