from __future__ import annotations

from pathlib import Path

import pytest

from evals.data import life
from evals.forget_traces import Baseline, Traces, begin, follow, traces_in, words_said
from memory.records import Selection
from memory.store import Memory
from tests.memory.day import START, URI, at, said
from tests.memory.test_invariants import Words

WORD = "q00001bcdfgk"


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A store with one sentence, a fact from it and its minute."""
    memory = Memory.open(tmp_path / "mine" / "memory.sqlite", embedder=Words())
    memory.begin(URI, START)
    memory.record(said(0, 2, f"I live in {WORD} now."))
    memory.consolidate(at(120))
    return memory


def test_what_was_said_is_found_everywhere_and_after_forgetting_nowhere(memory: Memory) -> None:
    with memory:
        told = Words().embed([spoken.text for spoken in memory.spoken()])
        assert words_said(memory.path) == {WORD}
        assert traces_in(memory.path, [WORD], told) == Traces(1, 2, 1)
        memory.forget(Selection(topics=(WORD,)))
        assert traces_in(memory.path, [WORD], told) == Traces()


def test_other_ways_to_delete_leave_what_they_are_known_to_leave(
    memory: Memory, tmp_path: Path
) -> None:
    with memory:
        for baseline in Baseline:
            begin(baseline, memory.path, tmp_path)
        told = Words().embed([spoken.text for spoken in memory.spoken()])
        memory.forget(Selection(topics=(WORD,)))
        left = {
            baseline: traces_in(follow(baseline, memory.path, tmp_path), [WORD], told)
            for baseline in Baseline
        }
    assert left[Baseline.PLAIN] == Traces(in_raw_bytes=1)
    assert left[Baseline.MEMORY_ONLY].in_rows == 1, "the fact and the minute still tell"


def test_the_week_is_the_same_each_time_and_in_order() -> None:
    notes = [note for _, note in life.week(3, pictures=0) if note is not None]
    assert notes == [note for _, note in life.week(3, pictures=0) if note is not None]
    assert len({note.word for note in notes}) == len(notes)
    assert [note.t_ns for note in notes] == sorted(note.t_ns for note in notes)
