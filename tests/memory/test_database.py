from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from memory.database import Database
from memory.records import MemoryStoreError
from memory.schema import Base
from memory.store import Memory
from tests.memory.day import START, URI, events, open_memory, remember, said, thing


def test_the_migrations_make_what_the_schema_says(tmp_path: Path) -> None:
    database = Database(tmp_path / "memory.sqlite")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = [
            d for d in compare_metadata(context, Base.metadata) if "words" not in repr(d)
        ]
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "secure_delete", "foreign_keys", "synchronous")
        }
    database.close()
    assert differences == []
    assert pragmas == {
        "journal_mode": "wal",
        "secure_delete": 1,
        "foreign_keys": 1,
        "synchronous": 2,
    }


def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    with open_memory(tmp_path) as memory:
        remember(memory, events())
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 20] = b"\xa5" * (4096 * 17)
    path.write_bytes(data)
    with pytest.raises(MemoryStoreError) as error:
        Memory.open(path)
    assert error.value.code == "corrupt"
    assert str(path) in error.value.message
    assert ".recover" in error.value.message
    assert path.read_bytes() == data


@pytest.mark.parametrize("content", [b"not a database at all, but long enough" * 99])
def test_a_foreign_file_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "memory.sqlite"
    path.write_bytes(content)
    with pytest.raises(MemoryStoreError, match="damaged"):
        Memory.open(path)
    assert path.read_bytes() == content


def test_a_full_disk_loses_nothing_that_was_committed(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(0, 2, "The key is under the mat."))
    with memory._database.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
        # The pool hands this same connection to the next writer.
        raw.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(MemoryStoreError) as error:
        memory.record(said(10, 12, "x" * 200_000))
    assert error.value.code == "disk-full"
    assert "mat" in memory.spoken()[0].text


def test_errors_hold_no_words(memory: Memory) -> None:
    memory.begin(URI, START)
    event = said(0, 2, "my secret words")
    object.__setattr__(event, "confidence", None)
    with pytest.raises(MemoryStoreError) as error:
        memory.record(event)
    assert "secret" not in str(error.value)


def test_a_second_recorder_is_turned_away(tmp_path: Path) -> None:
    with open_memory(tmp_path) as first, open_memory(tmp_path) as second:
        recording_id = first.begin(URI, START)
        with pytest.raises(MemoryStoreError, match="stop it first"):
            second.begin(URI, START)
        assert second.counts() == first.counts()
        first.end(recording_id, START)
        second.begin(URI, START)


def test_windows_read_while_the_loop_writes(tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        memory.begin(URI, START)
        seen: list[int] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                seen.append(len(memory.spoken()))

        reader = threading.Thread(target=read)
        reader.start()
        for i in range(60):
            memory.record(said(i, i + 0.5, f"Word number {i} of many."))
        done.set()
        reader.join()
        assert seen == sorted(seen)
        assert len(memory.spoken()) == 60


@pytest.mark.parametrize("url", ["postgresql://localhost/attune", "mysql://x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(MemoryStoreError, match="not supported"):
        Memory.open(url)


def test_a_url_opens_the_file_it_names(tmp_path: Path) -> None:
    with Memory.open(f"sqlite:///{tmp_path}/m.sqlite") as memory:
        memory.begin(URI, START)
        memory.record(thing(1, "cup"))
        assert memory.path == tmp_path / "m.sqlite"
        assert memory.media == tmp_path / "media"
