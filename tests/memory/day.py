"""A short invented day as events, for tests that need something to remember."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from memory.store import Memory
from perception.events import (
    AttentionEpisode,
    Box,
    CauseKind,
    Embedding,
    Emotion,
    Emotionship,
    Event,
    FaceSeen,
    ObjectSeen,
    PersonSeen,
    SnippetClosed,
    SnippetOpened,
    TextSeen,
    Utterance,
)

S = 1_000_000_000
START = 1_700_000_040 * S  # a whole minute
URI = "recording:/day"
BOX = Box(100, 100, 200, 150)


def at(seconds: float) -> int:
    """Return a time of the day."""
    return START + round(seconds * S)


def unit(seed: int, size: int = 128) -> Embedding:
    """Return a fixed random unit vector."""
    vector = np.random.default_rng(seed).normal(size=size)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def opened(start: float, t: float | None = None) -> SnippetOpened:
    return SnippetOpened(at(start + 1 if t is None else t), at(start))


def closed(start: float, end: float, label: str = "", key: float | None = None) -> SnippetClosed:
    key_ns = at((start + end) / 2 if key is None else key)
    episode = AttentionEpisode(at(start), at(end), key_ns, 150.0, 140.0, BOX, label, 0.9)
    return SnippetClosed(at(start), at(end), (episode,))


def thing(t: float, label: str, confidence: float = 0.8, is_attended: bool = True) -> ObjectSeen:
    return ObjectSeen(at(t), label, BOX, confidence, is_attended)


def line(t: float, text: str, y_px: float = 150, is_attended: bool = True) -> TextSeen:
    return TextSeen(at(t), text, Box(120, y_px, 100, 20), 0.9, is_attended)


def face(t: float, track: int, is_attended: bool = True) -> FaceSeen:
    return FaceSeen(at(t), track, "", BOX, 0.9, is_attended)


def person(start: float, end: float, key: str, track: int, seed: int = 1) -> PersonSeen:
    middle_ns = at((start + end) / 2)
    return PersonSeen(at(start), at(end), middle_ns, track, key, BOX, 0.9, 2 * S, unit(seed))


def said(start: float, end: float, text: str, voice: str = "wearer", seed: int = 50) -> Utterance:
    return Utterance(at(start), at(end), text, 0.9, voice, voice == "wearer", 0.95, unit(seed, 256))


def felt(start: float, end: float, emotion: Emotion, kind: CauseKind, cause: str) -> Emotionship:
    return Emotionship(
        at(start), at(end), at((start + end) / 2), emotion, 0.4, 0.6, 0.7, kind, cause, 0.5
    )


def events() -> list[Event]:
    """A tin on a table, a new colleague, a flask, a neighbour, a phone call, a question."""
    return [
        thing(1, "book"),
        opened(0, 1.5),
        line(2, "FIORELLI BISCOTTI", 140),
        line(2.2, "MONTEFALCO", 170),
        line(2.4, "FIORELL1 BISCOTTI", 141),
        said(3, 6, "I'm leaving these biscuits on the kitchen table, next to the blue pen."),
        closed(0, 12, "book"),
        opened(18),
        *[face(18 + i / 2, 1) for i in range(12)],
        said(18, 24, "Hi, I'm Ruth Ambler. I'm a glazier at the Leeds workshop.", "voice-1"),
        person(18, 24, "person-1", 1),
        closed(18, 25, "person"),
        thing(27, "cup"),
        said(27, 29, "I'm taking my black flask with me."),
        *[face(33 + i / 2, 2) for i in range(10)],
        said(34, 36, "He is my neighbour with the ship models on his wall."),
        person(33, 40, "person-2", 2, seed=2),
        felt(34, 38, Emotion.HAPPY, CauseKind.SEEN, "person"),
        said(62, 64, "This is Olga in Ohio.", "voice-2"),
        said(64, 67, "And I'm Nadine in Utah, originally from Boston.", "voice-3"),
        said(100, 102, "What was written on the box on my table?"),
    ]


def remember(memory: Memory, day: Sequence[Event]) -> int:
    """Go through a day from its first to its last event."""
    recording_id = memory.begin(URI, START)
    for event in day:
        memory.record(event)
    memory.consolidate(at(120))
    memory.end(recording_id, at(110))
    return recording_id


@cache
def blank() -> bytes:
    """An empty store as bytes, so that not every test makes every table."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "memory.sqlite"
        Memory.open(path).close()
        return path.read_bytes()


def open_memory(folder: Path) -> Memory:
    """Open a store without an embedder: recall goes by words."""
    path = folder / "memory.sqlite"
    if not path.exists():
        path.write_bytes(blank())
    return Memory.open(path, folder / "media")
