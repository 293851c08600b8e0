"""Rows of hand-written statements as the driver gives them.

A recall reads a thousand rows; to wrap each takes longer than to find it.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy.orm import Session


def rows(
    session: Session, statement: str, **values: str | int | bytes | None
) -> list[tuple[Any, ...]]:
    """Return the rows of a statement within the session's transaction."""
    connection = session.connection().connection.dbapi_connection
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101
    return connection.execute(statement, values).fetchall()
