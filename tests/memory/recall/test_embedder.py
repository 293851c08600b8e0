"""A store keeps the vectors of one embedder, and makes them anew for another."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from memory.recall.embedding import Vectors
from memory.records import Cue
from memory.store import Memory
from tests.memory.day import START, URI, said

REST = "The doctor said I should rest."
BEES = "My neighbour keeps bees."
TOPICS = {"doctor": 0, "rest": 0, "physician": 0, "bees": 1, "hives": 1}
ASKED = Cue("Which physician was it?")


@dataclass
class Topical:
    """Knows two topics; where each points depends on the version."""

    version: str
    turn: int = 0
    made: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.made += texts
        found = np.full((len(texts), 4), 0.01, np.float32)
        for row, text in zip(found, texts, strict=True):
            for word, topic in TOPICS.items():
                row[(topic + self.turn) % 4] += word in text
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def remember_both(folder: Path, embedder: Topical | None) -> Path:
    with Memory.open(folder / "memory.sqlite", embedder=embedder) as memory:
        memory.begin(URI, START)
        memory.record(said(0, 2, REST))
        memory.record(said(4, 6, BEES))
        memory.embed(64)
    return folder / "memory.sqlite"


def vectors(path: Path) -> list[bytes | None]:
    with closing(sqlite3.connect(path)) as store:
        return [row[0] for row in store.execute("SELECT embedding FROM documents ORDER BY id")]


def test_the_same_embedder_makes_no_vector_twice(tmp_path: Path) -> None:
    path = remember_both(tmp_path, Topical("one"))
    again = Topical("one")
    with Memory.open(path, embedder=again) as memory:
        assert memory.count_pending() == 0
        assert REST in memory.recall(ASKED)[0].text
    assert REST not in again.made


def test_another_embedder_makes_all_vectors_anew(tmp_path: Path) -> None:
    path = remember_both(tmp_path, Topical("one"))
    before, other = vectors(path), Topical("two", turn=1)
    with Memory.open(path, embedder=other) as memory:
        assert memory.count_pending() == len(before), "nothing is compared with what is not its own"
        assert vectors(path) == [None] * len(before)
        assert REST in memory.recall(ASKED)[0].text
        assert memory.count_pending() == 0
    assert {REST, BEES} <= set(other.made)
    assert not set(before) & set(vectors(path))


def test_until_then_sentences_are_found_by_their_words(tmp_path: Path) -> None:
    path = remember_both(tmp_path, Topical("one"))
    with Memory.open(path, embedder=Topical("two")):
        pass
    with Memory.open(path) as memory:
        assert memory.count_pending() == len(vectors(path))
        assert BEES in memory.recall(Cue("bees"))[0].text


def test_a_store_that_is_open_follows(tmp_path: Path) -> None:
    path = remember_both(tmp_path, Topical("one"))
    one, other = Topical("one"), Topical("two", turn=2)
    with Memory.open(path, embedder=one) as first:
        assert REST in first.recall(ASKED)[0].text
        with Memory.open(path, embedder=other) as second:
            assert REST in second.recall(ASKED)[0].text
            assert second.count_pending() == 0


def test_words_only_leave_the_vectors_alone(tmp_path: Path) -> None:
    path = remember_both(tmp_path, Topical("one"))
    before = vectors(path)
    with Memory.open(path) as memory:
        memory.recall(ASKED)
    assert vectors(path) == before
    assert None not in before
