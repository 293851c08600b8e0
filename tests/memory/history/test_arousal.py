from __future__ import annotations

import pytest

from memory.history import arousal
from memory.records import Kind, Source
from memory.schema import DocumentRow
from memory.store import Memory
from perception.events import CauseKind, Emotion
from tests.memory.day import START, URI, at, felt, said, thing


def importance(memory: Memory, row: Source) -> float:
    with memory._database.read() as session:
        found = session.query(DocumentRow).filter_by(kind=row.kind, row_id=row.id).one()
        return found.importance


@pytest.mark.parametrize("words", ["I hate this awful place!", "What a wonderful surprise!"])
def test_loaded_words_pass_the_gate(words: str) -> None:
    assert arousal.GATE < arousal.of_words(words) <= 1.0


@pytest.mark.parametrize("words", ["The keys are on the table.", "It is nine o'clock.", ""])
def test_plain_words_do_not(words: str) -> None:
    assert 0.0 <= arousal.of_words(words) <= arousal.GATE


def test_what_was_measured_counts_before_words(memory: Memory) -> None:
    memory.begin(URI, START)
    calm = memory.record(said(1, 3, "I love this wonderful day!"))
    loud = memory.record(said(30, 32, "I love this wonderful day!"))
    memory.record(felt(1, 3, Emotion.HAPPY, CauseKind.HEARD, "day"))
    memory.consolidate(at(60))
    assert calm is not None
    assert loud is not None
    assert importance(memory, calm) == 0.6, "as felt, though noticed after it was said"
    assert importance(memory, loud) == pytest.approx(
        arousal.of_words('You said: "I love this wonderful day!"')
    )


def test_a_minute_is_as_moving_as_its_strongest_feeling(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(1, 3, "I hate this awful place!"))
    memory.record(thing(61, "cup"))
    memory.consolidate(at(120))
    loaded, plain = memory.contexts()
    assert loaded.arousal == arousal.of_words("I hate this awful place!")
    assert plain.arousal == 0.0
    memory.record(felt(10, 12, Emotion.SAD, CauseKind.UNKNOWN, ""))
    memory.consolidate(at(120))
    assert memory.contexts()[0].arousal == 0.6
    assert importance(memory, Source(Kind.CONTEXT, loaded.id)) == 0.6
