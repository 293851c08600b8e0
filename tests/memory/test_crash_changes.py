"""Kill the writer while it tells, corrects, merges, attaches and forgets.

As in SQLite's own crash tests: every state that a commit leaves is noted on an undisturbed run, and
after a kill at any time the store must be in one of them.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from memory.clips.film import Film
from memory.database import Database
from memory.records import Selection
from memory.schema import Base, LeavingRow
from memory.store import Memory
from tests.memory import invariants
from tests.memory.clips.test_media import frames
from tests.memory.day import START, URI, at, closed, events, opened, said

KILLS = 12
# What each deletion takes, and nothing else says.
TAKEN = {
    "forget a topic": (b"montefalco",),
    "forget a person": (b"nadine", b"boston"),
    "forget the question": (b"olga", b"ohio"),
    "forget a moment": (b"ambler", b"glazier"),
    "forget a span": (b"ships",),
}

_FORK = multiprocessing.get_context("fork")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of a day whose last clip is on the disk and not yet told."""
    folder = tmp_path_factory.mktemp("lived")
    with _open(folder) as memory:
        memory.begin(URI, START)
        film = Film(memory)
        for event in (*events(), opened(70), said(71, 73, "What fine ships these are.")):
            film.on_event(event, memory.record(event))
        for frame in frames(70, 73):
            film.update(frame)
        film.on_event(closed(70, 73, "boat"), memory.record(closed(70, 73, "boat")))
        film.close()
        (clip,) = memory.media.rglob("*.mp4")
        shutil.copyfile(clip, folder / "spare.mp4")
        memory.end(1, at(110))
    return folder


@pytest.fixture(scope="module")
def states(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], float]:
    """What an undisturbed run looks like after each of its commits, and how long it takes."""
    folder = _copy(lived, tmp_path_factory.mktemp("undisturbed"))
    started = time.perf_counter()
    _change(_copy(lived, tmp_path_factory.mktemp("timed")), None)
    lasts_s = time.perf_counter() - started
    seen = {_state(folder)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", _noting(Database.write, folder, seen))
        _change(folder, None)
    return seen, lasts_s


@pytest.mark.parametrize("seed", range(KILLS))
def test_kill_while_it_changes(
    lived: Path, states: tuple[set[str], float], tmp_path: Path, seed: int
) -> None:
    known, lasts_s = states
    folder = _copy(lived, tmp_path)
    done = _kill_while_changing(folder, random.Random(seed).uniform(0.0, lasts_s))  # noqa: S311
    on_disk = invariants.raw_bytes(folder)
    for step in done:
        assert [word for word in TAKEN.get(step, ()) if word in on_disk] == []
    with _open(folder) as memory:
        assert invariants.broken(memory.path, memory.media) == []
        assert _state(folder) in known
        on_disk = invariants.raw_bytes(folder)
        rows = invariants.said(memory.path).lower().encode()
        for words in TAKEN.values():
            assert [word for word in words if word in on_disk and word not in rows] == []


def _steps(memory: Memory, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield everything that changes a store after the fact, each under its name."""

    def people(name: str) -> int:
        return next(person.id for person in memory.people() if person.name == name)

    def attach() -> None:
        memory.clip_path(1).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "spare.mp4", memory.clip_path(1))
        memory.attach_clip(1, b"a picture")

    yield "tell", lambda: memory.consolidate(at(120))
    yield "ask", lambda: memory.add_turn(at(111), "Who is Olga?", "She lives in Ohio.")
    yield "attach a clip", attach
    yield "attach a face", lambda: memory.attach_face(1, b"a face")
    yield "correct", lambda: memory.correct_fact(memory.facts()[0].id, "I left it.", at(112))
    yield "forget a topic", lambda: memory.forget(Selection(topics=("Montefalco",)))
    yield "name", lambda: memory.rename_person(people("Nadine"), "Nadja")
    yield "merge", lambda: memory.merge_people(people("Nadja"), people("Olga"))
    yield "forget a person", lambda: memory.forget(Selection(person_ids=(people("Nadja"),)))
    yield "forget the question", lambda: memory.forget(Selection(topics=("Olga",)))
    yield "tell again", lambda: memory.consolidate(at(180))
    yield "forget a moment", lambda: memory.forget(Selection(moment_ids=(2,)))
    yield (
        "forget a span",
        lambda: memory.forget(Selection(start_ns=at(70), end_ns=at(80))),
    )


def _change(folder: Path, done: Connection | None) -> None:
    with _open(folder) as memory:
        for name, step in _steps(memory, folder):
            step()
            if done is not None:
                done.send(name)


def _kill_while_changing(folder: Path, seconds: float) -> list[str]:
    """Change a store in a process of its own, and kill it; return what was confirmed before."""
    mine, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_change, args=(folder, theirs))
    process.start()
    theirs.close()
    time.sleep(seconds)
    process.kill()
    process.join()
    done = []
    try:
        while True:
            done.append(mine.recv())
    except EOFError:
        return done


def _noting(
    write: Callable[..., object], folder: Path, seen: set[str]
) -> Callable[[Database], object]:
    @contextmanager
    def noting(self: Database) -> Iterator[Session]:
        with write(self) as session:  # type: ignore[attr-defined]
            yield session
        seen.add(_state(folder))

    return noting


def _state(folder: Path) -> str:
    """Return a checksum of all rows, but for what a deletion has still to do."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(folder / "memory.sqlite")) as store:
        for table in Base.metadata.sorted_tables:
            if table.name != LeavingRow.__tablename__:
                rows = store.execute(f"SELECT * FROM {table.name} ORDER BY rowid")  # noqa: S608
                digest.update(repr((table.name, rows.fetchall())).encode())
    return digest.hexdigest()


def _open(folder: Path) -> Memory:
    return Memory.open(folder / "memory.sqlite", folder / "media")


def _copy(lived: Path, folder: Path) -> Path:
    shutil.copytree(lived, folder, dirs_exist_ok=True)
    return folder
