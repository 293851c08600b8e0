"""One SQLite file: opened, checked, migrated, and written by one writer at a time."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from memory.records import MemoryStoreError

BUSY_TIMEOUT_S = 5.0

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    # Recall reads rows from all over the file: two megabytes, the default, hold few of them.
    "PRAGMA cache_size=-32768",
    # Freed cells and pages are overwritten with zeros.
    "PRAGMA secure_delete=ON",
    # A commit survives a power cut. Costs an fsync per event, at a few events per second.
    "PRAGMA synchronous=FULL",
)


class Database:
    """The engine and its two kinds of transaction.

    Any thread may read or write; writers wait for each other, readers see the last commit.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self.errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                _check(path)
            self.engine = _engine(path)
            try:
                self._migrate()
            except BaseException:
                self.engine.dispose()
                raise

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that commits at the end, or not at all."""
        writer = self.engine.execution_options(attune_begin="BEGIN IMMEDIATE")
        with self._lock, self.errors(), Session(writer) as session, session.begin():
            yield session

    @contextmanager
    def trial(self) -> Iterator[Session]:
        """Open a transaction that is taken back at the end."""
        writer = self.engine.execution_options(attune_begin="BEGIN IMMEDIATE")
        with self._lock, self.errors(), Session(writer) as session:
            yield session
            session.rollback()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a consistent view of what is committed."""
        with self.errors(), Session(self.engine) as session:
            yield session

    def compact(self) -> None:
        """Write the file anew and empty the write-ahead log, so that deleted bytes are gone.

        ``secure_delete`` alone does not do it: a page that gave rows to its neighbours keeps what
        they were in its free space, and nothing overwrites that when the rows go.

        Raises:
            MemoryStoreError: Another program holds the store open and reads it.
        """
        with self._lock, self.errors(), self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)  # noqa: S101
            raw.execute("VACUUM").fetchall()
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise MemoryStoreError(
                "forget-unfinished",
                f"the rows are deleted, but another program still reads {self.path}, so that old"
                " pages remain in its write-ahead log: close it and forget again",
            )

    def close(self) -> None:
        """Close every connection; the write-ahead log is folded into the file."""
        self.engine.dispose()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn database errors into :class:`MemoryStoreError`, without the values of rows."""
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            raise _store_error(error, self.path) from None
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise disk_full(self.path.parent) from None

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._lock, self.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def disk_full(folder: Path) -> MemoryStoreError:
    """Say that nothing more can be kept, and that what is kept is safe."""
    return MemoryStoreError(
        "disk-full",
        f"the disk that holds {folder} is full: what was remembered so far is safe;"
        " free some space and go on",
    )


def corrupt(path: Path) -> MemoryStoreError:
    """Say where the damaged file is and what to do with it."""
    return MemoryStoreError(
        "corrupt",
        f"the memory file {path} is damaged. Nothing was deleted. Copy it somewhere safe, then"
        f' try `sqlite3 "{path}" .recover | sqlite3 repaired.sqlite`, or restore a backup, or'
        " start with another file",
    )


def _check(path: Path) -> None:
    """Look for damage without writing a byte."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as readonly:
            (verdict,) = readonly.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise _store_error(error, path) from None
    if verdict != "ok":
        raise corrupt(path)


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401
        # The driver's own transactions start too late for a consistent read.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        begin = connection.get_execution_options().get("attune_begin", "BEGIN")
        connection.exec_driver_sql(begin)

    return engine


def _store_error(error: DatabaseError | sqlite3.DatabaseError, path: Path) -> MemoryStoreError:
    cause = str(error.orig if isinstance(error, DatabaseError) else error).lower()
    if "full" in cause:
        return disk_full(path.parent)
    if "malformed" in cause or "not a database" in cause:
        return corrupt(path)
    if "locked" in cause or "busy" in cause:
        return MemoryStoreError(
            "busy",
            f"another program has been writing {path} for more than {BUSY_TIMEOUT_S:.0f} s:"
            " close it and try again",
        )
    if "readonly" in cause or "unable to open" in cause:
        return MemoryStoreError(
            "not-writable",
            f"the memory file {path} cannot be opened for writing ({cause}): check that its"
            " folder exists and belongs to you",
        )
    return MemoryStoreError("database", f"the memory file {path} answered: {cause}")
