from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from memory.records import Kind, Selection
from memory.store import Memory
from perception.events import Dwell, EyeMovementRates
from tests.memory.day import START, URI, S, at, closed, person

MINUTE_NS = 60 * S


def look(start: float, end: float) -> Dwell:
    return Dwell(at(start), at(end), 320.0, 240.0, 3)


def minute(number: int, blinks: float = 15.0) -> EyeMovementRates:
    start_ns = START + number * MINUTE_NS
    return EyeMovementRates(start_ns, start_ns + MINUTE_NS, 50 * S, 2.5, blinks)


def see(memory: Memory) -> None:
    memory.begin(URI, START)
    for event in (look(1, 3), closed(0, 10), look(20, 21.5), minute(0), look(65, 70), minute(1)):
        memory.record(event)


def kept(memory: Memory) -> tuple[int, int]:
    counts = memory.counts()
    return counts[Kind.DWELL], counts[Kind.EYE_RATES]


def lines(folder: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def test_long_looks_and_minutes_are_exported(memory: Memory, tmp_path: Path) -> None:
    see(memory)
    report = memory.export(tmp_path / "export")
    assert (report.rows[Kind.DWELL], report.rows[Kind.EYE_RATES]) == (3, 2)
    first = lines(tmp_path / "export", "dwells")[0]
    assert (first["start_ns"], first["end_ns"], first["fixations"]) == (at(1), at(3), 3)
    assert (first["x_px"], first["y_px"]) == (320.0, 240.0)
    rates = lines(tmp_path / "export", "eye_movement_rates")[1]
    assert (rates["start_ns"], rates["seen_ns"]) == (START + MINUTE_NS, 50 * S)
    assert (rates["saccades_hz"], rates["blinks_per_min"]) == (2.5, 15.0)


def test_short_looks_are_not_kept(memory: Memory) -> None:
    memory.begin(URI, START)
    assert memory.record(look(1, 1.9)) is None
    assert memory.record(look(2, 3)) is not None


def test_a_look_at_nowhere_is_kept_without_its_place(memory: Memory, tmp_path: Path) -> None:
    memory.begin(URI, START)
    memory.record(Dwell(at(1), at(3), math.nan, math.nan, 1))
    memory.export(tmp_path / "export")
    assert lines(tmp_path / "export", "dwells")[0]["x_px"] is None


def test_going_through_a_recording_again_keeps_each_once(memory: Memory) -> None:
    see(memory)
    see(memory)
    assert kept(memory) == (3, 2)


@pytest.mark.parametrize(
    ("selection", "left"),
    [
        pytest.param(Selection(moment_ids=(1,)), (2, 1), id="moment"),
        pytest.param(Selection(start_ns=at(60), end_ns=at(66)), (2, 1), id="span"),
        pytest.param(Selection(end_ns=at(30)), (1, 1), id="until"),
        pytest.param(Selection(moment_ids=(1,), start_ns=at(60)), (3, 2), id="both"),
        pytest.param(Selection(everything=True), (0, 0), id="everything"),
    ],
)
def test_what_the_eyes_did_is_forgotten_and_stays_so(
    memory: Memory, selection: Selection, left: tuple[int, int]
) -> None:
    see(memory)
    promised = memory.would_forget(selection)
    report = memory.forget(selection)
    assert report == promised
    assert (3 - report.rows.get(Kind.DWELL, 0), 2 - report.rows.get(Kind.EYE_RATES, 0)) == left
    assert kept(memory) == left
    if not selection.everything:
        see(memory)
        assert kept(memory) == left


def test_forgetting_a_person_leaves_the_eyes_alone(memory: Memory) -> None:
    see(memory)
    memory.record(person(0, 5, "person-1", 1))
    memory.forget(Selection(person_ids=(memory.people()[0].id,)))
    assert kept(memory) == (3, 2)
