from __future__ import annotations

from pathlib import Path

import pytest

from app.remembering import open_memory
from app.settings import load_settings
from memory.records import Cue
from memory.store import Memory
from tests.memory.day import START, URI, said
from tests.memory.test_invariants import Words


@pytest.mark.weights
def test_what_an_earlier_release_remembered_is_found_by_meaning_again(
    tmp_path: Path,
) -> None:
    settings = load_settings(tmp_path)
    with Memory.open(settings.database, settings.media, Words()) as memory:
        memory.begin(URI, START)
        memory.record(said(0, 2, "The doctor said I should rest."))
        for number in range(80):
            memory.record(said(4 * number + 4, 4 * number + 6, f"Bus {number} is late."))
        while memory.embed(64):
            pass
    with open_memory(settings, by_meaning=True) as memory:
        assert memory.count_pending() == 0
        best = memory.recall(Cue("What did the physician recommend?"))[0]
        assert "should rest" in best.text
