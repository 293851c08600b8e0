"""A store of an earlier release is brought up to date, and nothing of it is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import memory.migrations
from memory.records import Cue, Kind, Selection
from memory.store import Memory
from tests.memory.day import START, events, remember

HELLO = 'Someone 1 said: "Hello there."'
BEES = 'Someone 1 said: "I keep bees."'
ROWS = Path(__file__).with_name("earlier_store.sql")


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_an_earlier_store_is_brought_up_to_date(tmp_path: Path, revision: str) -> None:
    _fill(tmp_path / "memory.sqlite", revision)
    with Memory.open(tmp_path / "memory.sqlite") as memory_:
        assert _vectors(tmp_path / "memory.sqlite") == 0, "all are made anew"
        assert [context.text for context in memory_.contexts()] == [HELLO]
        assert [fact.text for fact in memory_.facts()] == [BEES]
        assert BEES in {hit.text for hit in memory_.recall(Cue("bees"))}
        remember(memory_, events())
        assert memory_.forget(Selection(end_ns=START)).rows[Kind.CONTEXT] == 4, "up to three hours"
        assert b"bees" not in (tmp_path / "memory.sqlite").read_bytes()


def _vectors(path: Path) -> int:
    with closing(sqlite3.connect(path)) as store:
        count = store.execute("SELECT count(*) FROM documents WHERE embedding IS NOT NULL")
        return int(count.fetchone()[0])


def _fill(path: Path, revision: str) -> None:
    """Make a store as a release of this revision left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(memory.migrations.__path__[0])))
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(path)) as store:
        store.executescript(ROWS.read_text(encoding="utf-8"))
        store.execute("UPDATE documents SET embedding = zeroblob(1536)")
        store.commit()
    assert _vectors(path)
