from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import time
from pathlib import Path

import numpy as np
import pytest

from app.companion.state import Who
from app.in_view import InView
from app.loop import Sink
from app.sound import ReplySound
from app.turns import Turns
from app.unasked import Unasked
from firmware_bridge.packets import SceneFrame
from llm.initiative import Initiative
from llm.manners import Manners
from llm.voice.speech import Speech
from memory.store import Memory
from perception.events import Box, ObjectSeen, SpeechOnset
from tests.memory.day import START, S, events, open_memory, remember, said

LATER = START + 3600 * S
ALWAYS = Manners(time(0), time(0))


class Silent:
    """A voice without sound."""

    def speak(self, text: str) -> Iterator[Speech]:
        return iter(())


def go(memory: Memory, folder: Path, before: list[object], view: InView | None = None) -> Turns:
    """Look at biscuits for two minutes, an hour after something was said of them."""
    view = view or InView(lambda key: "")
    turns = Turns(memory, None, Silent(), ReplySound(folder, is_wanted=False))
    unasked = Unasked(Initiative(memory, ALWAYS), view, turns)
    turns.attach(view, nullcontext, lambda: False, wait=True)
    sinks: list[Sink] = [view, turns, unasked]
    items = [
        item
        for second in range(120)
        for item in (
            ObjectSeen(LATER + second * S, "biscuits", Box(0, 0, 9, 9), 0.9, is_attended=True),
            SceneFrame(LATER + second * S, second, np.zeros((4, 4, 3), np.uint8)),
        )
    ]
    for item in (*before, *items):
        for sink in sinks:
            sink(item)
    turns.close()
    return turns


@pytest.mark.parametrize(
    ("before", "speaks"),
    [((), True), ((SpeechOnset(LATER),), False)],
)
def test_it_speaks_of_what_the_wearer_keeps_looking_at(
    tmp_path: Path, before: tuple[object, ...], speaks: bool
) -> None:
    with open_memory(tmp_path) as memory:
        remember(memory, events())
        turns = go(memory, tmp_path, list(before))
        kept = [turn for turn in memory.turns() if not turn.asked]
        assert bool(turns.answered) is bool(kept) is speaks
        if speaks:
            assert "biscuits" in kept[0].replied
            assert kept[0].sources
            assert not turns.answered[0].asked


def test_keep_quiet_is_acknowledged_and_kept_to(tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        remember(memory, events())
        hush = said(3590, 3591, "Keep quiet.")
        turns = go(memory, tmp_path, [hush])
        assert [answered.asked for answered in turns.answered] == ["Keep quiet."]
        assert all(turn.asked for turn in memory.turns())


def test_a_remark_is_shown_as_unasked(tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        remember(memory, events())
        view = InView(lambda key: "")
        go(memory, tmp_path, [], view)
        (line,) = [line for line in view.transcript() if line.who is Who.COMPANION]
        assert line.is_unasked
        assert line.turn_id == memory.turns()[-1].id
