from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from app.profile import change, show
from memory.records import MemoryStoreError
from memory.store import Memory
from tests.memory.day import START, URI, open_memory, said


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with open_memory(tmp_path) as memory:
        memory.begin(URI, START)
        memory.record(said(0, 2, "I live in York."))
        memory.record(said(50, 52, "I live in Leeds."))
        memory.record(said(60, 62, "We're here at the clinic, and I'm allergic to nuts."))
        yield memory


def shown(memory: Memory, with_history: bool = False) -> str:
    console = Console(width=160)
    with console.capture() as capture:
        console.print(show(memory, with_history))
    return capture.get()


def test_the_profile_is_shown_by_kind_with_what_does_not_go_together(memory: Memory) -> None:
    text = shown(memory)
    assert text.index("background") < text.index("safety")
    assert "utterance 1" in text
    assert "│ clinic │" in text
    assert "These do not go together (wearer, lives in)" in text


def test_a_correction_from_the_command_line_can_be_undone(memory: Memory) -> None:
    (york, *_) = memory.facts("wearer")
    (done,) = change(memory, (york.id, "I live in Leeds."), None, None)
    assert f"--reopen {york.id}" in done
    assert "do not go together" not in shown(memory)
    assert "York" not in shown(memory)
    assert "York" in shown(memory, with_history=True)
    list(change(memory, None, None, york.id))
    assert "do not go together" in shown(memory)


def test_closing_is_kept_as_history(memory: Memory) -> None:
    (york, *_) = memory.facts("wearer")
    list(change(memory, None, york.id, None))
    assert "York" not in shown(memory)
    with pytest.raises(MemoryStoreError):
        list(change(memory, None, york.id, None))


def test_an_empty_profile_says_so(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with open_memory(tmp_path / "other") as empty:
        assert "Nothing yet" in shown(empty)
