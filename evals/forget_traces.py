"""Where words are found in a store, and other ways to delete, which are tried on copies of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np

from memory.recall.embedding import Vectors

WORD = re.compile(r"q\d{5}[a-z]{6}")
# Vectors are compared as they are stored; another sentence is never as close.
SAME_VECTOR = 0.9999

# What a recording gives, and what the wearer and the companion said of it.
_SAID = ("utterances", "seen", "feelings", "turns", "facts", "people", "episodes")
_MEMORIES = ("utterances", "seen", "feelings", "sightings", "moments")
_KINDS = ("utterance", "object", "text", "feeling", "sighting", "moment")


class Baseline(Enum):
    """Other ways to delete."""

    PLAIN = "plain SQL DELETE"
    SECURE = "DELETE with secure_delete"
    MEMORY_ONLY = "the memory, not what was derived"


@dataclass(frozen=True, slots=True)
class Traces:
    """How many of the words sought were found where, and how many clips are still there."""

    in_rows: int = 0
    in_indexes: int = 0
    in_raw_bytes: int = 0
    clips: int = 0

    def __add__(self, other: Traces) -> Traces:
        return Traces(
            self.in_rows + other.in_rows,
            self.in_indexes + other.in_indexes,
            self.in_raw_bytes + other.in_raw_bytes,
            self.clips + other.clips,
        )


def words_said(path: Path) -> set[str]:
    """Return the words that were said, read or answered, leaving out what is derived."""
    with closing(sqlite3.connect(path)) as store:
        return set(WORD.findall(" ".join(_texts(store, _SAID))))


def traces_in(path: Path, words: Sequence[str], vectors: Vectors) -> Traces:
    """Look for words, and for the vectors of sentences, in a database and its journals."""
    with closing(sqlite3.connect(path)) as store:
        tables = [
            name
            for (name,) in store.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%'"
            )
        ]
        found = set(WORD.findall(" ".join(_texts(store, tables))))
        match = "SELECT count(*) FROM words WHERE words MATCH ?"
        indexed = sum(store.execute(match, (word,)).fetchone()[0] > 0 for word in words)
        stored = [
            np.frombuffer(vector, "<f4")
            for (vector,) in store.execute(
                "SELECT embedding FROM documents WHERE embedding IS NOT NULL"
            )
        ]
    raw = b"".join(p.read_bytes() for p in sorted(path.parent.glob(f"{path.name}*")))
    close = 0
    if stored and len(vectors):
        close = int((np.stack(stored) @ vectors.T > SAME_VECTOR).any(axis=0).sum())
    return Traces(
        in_rows=len(found & set(words)),
        in_indexes=indexed + close,
        in_raw_bytes=sum(word.encode() in raw for word in words),
    )


def begin(baseline: Baseline, store: Path, folder: Path) -> None:
    """Make the copy on which another way to delete is tried."""
    copy = _copy_of(baseline, folder)
    copy.parent.mkdir()
    with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    with closing(sqlite3.connect(copy)) as target:
        target.execute("PRAGMA journal_mode=DELETE").fetchall()


def follow(baseline: Baseline, store: Path, folder: Path) -> Path:
    """Delete in a copy what has gone from a store, in another way; return the copy."""
    copy = _copy_of(baseline, folder)
    with closing(sqlite3.connect(copy, isolation_level=None)) as target:
        target.execute("PRAGMA foreign_keys=OFF")
        target.execute("PRAGMA recursive_triggers=ON")
        secure = "ON" if baseline is Baseline.SECURE else "OFF"
        target.execute(f"PRAGMA secure_delete={secure}").fetchall()
        target.execute("ATTACH ? AS mine", (str(store),))
        target.execute("BEGIN")
        if baseline is Baseline.MEMORY_ONLY:
            _follow_memories(target)
        else:
            _follow_all(target)
        target.execute("COMMIT")
    return copy


def _follow_all(target: sqlite3.Connection) -> None:
    """Make every table equal to that of the store."""
    names = target.execute(
        "SELECT name FROM mine.sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%'"
        " AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    for (name,) in names:
        target.execute(
            f"DELETE FROM main.{name} WHERE rowid NOT IN (SELECT rowid FROM mine.{name})"  # noqa: S608
        )
        target.execute(
            f"INSERT OR REPLACE INTO main.{name} SELECT * FROM mine.{name}"  # noqa: S608
            f" EXCEPT SELECT * FROM main.{name}"
        )


def _follow_memories(target: sqlite3.Connection) -> None:
    """Delete what was remembered with its own sentence and vector, and no more."""
    for name in _MEMORIES:
        target.execute(f"DELETE FROM main.{name} WHERE id NOT IN (SELECT id FROM mine.{name})")  # noqa: S608
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS)
    target.execute(
        f"DELETE FROM main.documents WHERE kind IN ({kinds})"  # noqa: S608
        " AND (kind, row_id) NOT IN (SELECT kind, row_id FROM mine.documents)"
    )


def _copy_of(baseline: Baseline, folder: Path) -> Path:
    return folder / baseline.name.lower() / "memory.sqlite"


def _texts(store: sqlite3.Connection, tables: Sequence[str]) -> list[str]:
    return [
        value
        for table in tables
        for row in store.execute(f"SELECT * FROM {table}")  # noqa: S608
        for value in row
        if isinstance(value, str)
    ]
