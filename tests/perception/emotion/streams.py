"""Streams of eyes, words and things for feelings to be made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from firmware_bridge.packets import EyeState
from perception.emotion.feelings import Item
from perception.events import AttentionEpisode, Box, ObjectSeen, Utterance

SECOND_NS = 1_000_000_000
BOX = Box(100.0, 100.0, 200.0, 200.0)
NAN = float("nan")


def eyes(
    until_s: float,
    pupil_mm: Callable[[float], float],
    aperture_mm: Callable[[float], float] = lambda _: 10.0,
    rate_hz: int = 50,
) -> Iterator[EyeState]:
    """Both eyes alike, with the slow unrest that pupils always have."""
    for n in range(round(until_s * rate_hz)):
        t_s = n / rate_hz
        size = pupil_mm(t_s) + 0.06 * math.sin(1.3 * t_s)
        lid = aperture_mm(t_s)
        yield EyeState(n * SECOND_NS // rate_hz, size, size, lid, lid)


def start(at_s: float, for_s: float = 3.0, wide_mm: float = 1.0) -> Callable[[float], float]:
    """A pupil of 3.5 mm that widens once."""

    def pupil_mm(t_s: float) -> float:
        phase = (t_s - at_s) / for_s
        return 3.5 + (wide_mm * math.sin(math.pi * phase) ** 2 if 0.0 < phase < 1.0 else 0.0)

    return pupil_mm


def said(text: str, start_s: float, end_s: float, is_wearer: bool = True) -> Utterance:
    """An utterance."""
    voice_id = "wearer" if is_wearer else "voice-1"
    span_ns = round(start_s * SECOND_NS), round(end_s * SECOND_NS)
    return Utterance(*span_ns, text, 0.9, voice_id, is_wearer, 0.9, np.zeros(256, np.float32))


def looked_at(label: str, start_s: float, end_s: float) -> Iterator[ObjectSeen]:
    """An attended object, twice a second."""
    for n in range(round(2 * (end_s - start_s))):
        yield ObjectSeen(round((start_s + n / 2) * SECOND_NS), label, BOX, 0.8, True)


def in_order(*items: Item) -> list[Item]:
    """Sort by the time at which a stage is given each item."""
    return sorted(items, key=lambda i: i.end_ns if hasattr(i, "end_ns") else i.t_ns)


def day() -> list[Item]:
    """Half a minute in which a dog startles and words are said."""
    episode = AttentionEpisode(
        15 * SECOND_NS, 20 * SECOND_NS, 17 * SECOND_NS, 200.0, 200.0, BOX, "dog", 0.9
    )
    return in_order(
        *eyes(34.0, start(16.0)),
        *looked_at("dog", 15.0, 20.0),
        episode,
        said("What a wonderful, lovely surprise, I love it!", 4.0, 6.0),
        said("That was a horrible, terrible mistake.", 29.0, 31.0, is_wearer=False),
    )
