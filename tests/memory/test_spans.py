"""What overlaps a span is found whatever its length, and without reading the whole recording."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from memory.database import Database
from memory.schema import (
    LONG_NS,
    FeelingRow,
    MomentRow,
    PersonRow,
    SeenRow,
    SightingRow,
    UtteranceRow,
)
from memory.spans import Lasting, found, overlapping
from memory.store import Memory
from perception.events import CauseKind, Emotion, Event
from tests.memory.day import (
    START,
    URI,
    S,
    closed,
    felt,
    line,
    open_memory,
    opened,
    person,
    said,
    thing,
)

Table = Lasting | MomentRow | SeenRow

HOUR_S = 3_600
LENGTHS_NS = (1, 5 * S, LONG_NS - 1, LONG_NS, LONG_NS + 1, 9 * LONG_NS)


@pytest.mark.parametrize("table", [SightingRow, UtteranceRow, FeelingRow, MomentRow])
def test_what_overlaps_is_what_reading_everything_would_find(
    memory: Memory, table: type[Lasting | MomentRow]
) -> None:
    rng = random.Random(0)  # noqa: S311
    spans = [(rng.randrange(30 * LONG_NS), rng.choice(LENGTHS_NS)) for _ in range(120)]
    memory.begin(URI, START)
    with Database(memory.path).trial() as session:
        session.add(PersonRow(id=1, name="", is_name_given=False, is_wearer=False))
        session.flush()
        rows = [_row(table, number, *span) for number, span in enumerate(spans, 1)]
        if table is MomentRow:
            rows = [row | {"end_ns": None} if row["id"] % 10 == 0 else row for row in rows]
        session.execute(insert(table), rows)
        for start_ns, length_ns in spans[:60]:
            wanted = [
                row["id"]
                for row in rows
                if row["start_ns"] < start_ns + length_ns
                and (row["end_ns"] is None or row["end_ns"] > start_ns)
            ]
            assert _overlapping(session, table, start_ns, start_ns + length_ns) == wanted


def test_a_face_that_was_in_view_for_hours_belongs_to_a_moment_at_their_end(
    memory: Memory,
) -> None:
    memory.begin(URI, START)
    memory.record(person(0, 3 * HOUR_S, "person-1", 1))
    memory.record(said(3 * HOUR_S - 5, 3 * HOUR_S - 3, "That was a long meal."))
    memory.record(opened(3 * HOUR_S - 8))
    memory.record(closed(3 * HOUR_S - 8, 3 * HOUR_S - 1))
    (moment,) = memory.moments()
    with closing(sqlite3.connect(memory.path)) as store:
        assert store.execute("SELECT moment_id FROM sightings").fetchall() == [(moment.id,)]


def test_what_lies_behind_writing_was_seen_in_the_same_minute(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(thing(0, "fridge"))
    source = memory.record(line(120, "MILK"))
    assert source is not None
    assert memory.text_of(source) == "On what you looked at was written: MILK"
    memory.record(thing(125, "carton"))
    assert memory.text_of(source) == "On the carton you looked at was written: MILK"


def test_an_event_costs_no_more_after_a_long_recording(tmp_path: Path) -> None:
    costs = [_steps(tmp_path / str(rows), rows) for rows in (200, 20_000)]
    for name, (few, many) in zip(NAMES, zip(*costs, strict=True), strict=True):
        assert many < 1.5 * few + 2, name


NAMES = ("opened", "thing", "line", "said", "person", "seen", "heard", "closed", "line outside")


def _events(start: float) -> tuple[Event, ...]:
    return (
        opened(start),
        thing(start + 1, "cup"),
        line(start + 2, "MILK"),
        said(start + 3, start + 4, "I like the milk."),
        person(start + 1, start + 8, "person-1", round(start)),
        felt(start + 2, start + 7, Emotion.HAPPY, CauseKind.SEEN, "cup"),
        felt(start + 3, start + 8, Emotion.HAPPY, CauseKind.HEARD, "milk"),
        closed(start, start + 9),
        line(start + 12, "WAY OUT"),
    )


def _steps(folder: Path, rows: int) -> list[int]:
    """Return how many hundred steps of SQLite's machine each event takes after so many rows."""
    folder.mkdir()
    with open_memory(folder) as memory:
        memory.begin(URI, START)
        memory.record(person(-2, -1, "person-1", 0))
    database = Database(memory.path)
    with database.write() as session:
        for table in (SightingRow, UtteranceRow, SeenRow, MomentRow):
            spans = [(START + number * 10 * S, S) for number in range(1, rows // 4)]
            earlier = [_row(table, number + 1, *span) for number, span in enumerate(spans, 1)]
            session.execute(insert(table), earlier)
    database.close()
    with open_memory(folder) as memory, _counting(memory) as steps:
        memory.begin(URI, START)
        taken = []
        for one in _events(rows * 2.5 + HOUR_S):
            steps.clear()
            memory.record(one)
            taken.append(len(steps))
    return taken


@contextmanager
def _counting(memory: Memory) -> Iterator[list[int]]:
    steps: list[int] = []

    def count() -> int:
        steps.append(1)
        return 0

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(count, 100)

    engine = memory._database.engine
    engine.dispose()
    event.listen(engine, "connect", watch)
    yield steps
    event.remove(engine, "connect", watch)
    engine.dispose()


def _overlapping(
    session: Session, table: type[Lasting | MomentRow], start_ns: int, end_ns: int
) -> list[int]:
    near = overlapping(table, 1, start_ns, end_ns)
    return list(session.scalars(select(table.id).where(found(table, *near)).order_by(table.id)))


def _row(table: type[Table], number: int, start_ns: int, length_ns: int) -> dict[str, Any]:
    """Return a row of recording 1 and person 1."""
    known = {
        "id": number,
        "recording_id": 1,
        "person_id": 1,
        "kind": "object",
        "t_ns": start_ns,
        "start_ns": start_ns + number,
        "end_ns": start_ns + number + length_ns,
        "track_id": number,
        "is_wearer": True,
        "is_attended": True,
    }
    columns = [column for column in table.__table__.columns if not column.nullable]
    blank: dict[str, Any] = {column.key: column.type.python_type() for column in columns}
    return blank | {key: known[key] for key in table.__table__.columns.keys() & known.keys()}
