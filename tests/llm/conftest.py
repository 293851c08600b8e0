"""A small remembered day, and the small model that answers from it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from llm.chat.embedded import SMALL_MODEL, EmbeddedModel
from llm.chat.model import Message
from memory.store import Memory
from perception.events import (
    AttentionEpisode,
    Box,
    ObjectSeen,
    SnippetClosed,
    SnippetOpened,
    TextSeen,
    Utterance,
)

S = 1_000_000_000
START_NS = 1_780_000_000 * S
END_NS = START_NS + 300 * S


class Writes:
    """A model that writes the same thing whatever it is asked, in small pieces."""

    name = "writes"

    def __init__(self, text: str) -> None:
        self._text, self.pieces = text, 0

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Generator[str]:
        for start in range(0, len(self._text), 4):
            self.pieces += 1
            yield self._text[start : start + 4]

    def close(self) -> None:
        pass


def said(memory: Memory, at_s: int, text: str, voice: int, is_wearer: bool = False) -> None:
    start_ns = START_NS + at_s * S
    embedding = np.eye(256, dtype=np.float32)[voice]
    voice_id = "wearer" if is_wearer else f"voice-{voice}"
    memory.record(
        Utterance(start_ns, start_ns + 3 * S, text, 0.9, voice_id, is_wearer, 0.9, embedding)
    )


@pytest.fixture(scope="session")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A walk, as the file that remembers it: a crate with writing, an introduction, an errand."""
    path = tmp_path_factory.mktemp("walk") / "memory.sqlite"
    with Memory.open(path) as memory:
        memory.begin("recording:walk", START_NS)
        box = Box(100.0, 100.0, 200.0, 100.0)
        memory.record(SnippetOpened(START_NS + S, START_NS))
        memory.record(TextSeen(START_NS + 2 * S, "HOLLOWAY PLUMS", box, 0.95, True))
        said(memory, 3, "This crate goes to the garden shed.", 1, is_wearer=True)
        episode = AttentionEpisode(
            START_NS + S, START_NS + 8 * S, START_NS + 2 * S, 150.0, 150.0, box, "crate", 0.9
        )
        memory.record(SnippetClosed(START_NS, START_NS + 9 * S, (episode,)))
        said(memory, 60, "Hello, my name is Irma Sand. I work at the harbour office.", 2)
        memory.record(ObjectSeen(START_NS + 100 * S, "umbrella", box, 0.8, True))
        memory.consolidate(END_NS)
    return path.read_bytes()


@pytest.fixture
def memory(remembered: bytes, tmp_path: Path) -> Iterator[Memory]:
    """The walk, which goes on."""
    path = tmp_path / "memory.sqlite"
    path.write_bytes(remembered)
    with Memory.open(path) as memory:
        memory.begin("recording:walk", START_NS)
        yield memory


@pytest.fixture(scope="session")
def small_model() -> Iterator[EmbeddedModel]:
    with EmbeddedModel.start(SMALL_MODEL) as model:
        yield model
