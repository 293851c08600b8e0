"""What is kept of a video: stretches of time, and the bytes of their clips."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.data.gazed_video import frame_ns
from firmware_bridge.packets import GazeSample, SceneFrame
from memory.clips.media import MAX_HZ, MAX_WIDTH_PX, ClipWriter, shrink

SECOND_NS = 1_000_000_000

_PERIOD_NS = SECOND_NS // MAX_HZ * 9 // 10

Told = npt.NDArray[np.bool_]
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Rolls:
    """What a system without hindsight keeps around attention.

    Attributes:
        before_ns: Kept before it, as it is told late.
        after_ns: Kept after it.
        least_ns: What is shorter is not kept.
    """

    before_ns: int = SECOND_NS
    after_ns: int = SECOND_NS // 2
    least_ns: int = SECOND_NS // 2


BARE = Rolls(0, 0, 0)
"""Nothing around attention, and nothing left out."""


def rolled(told: Told, rolls: Rolls | None = None) -> Spans:
    """What is kept of frames told attended."""
    rolls = rolls or Rolls()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], told, [False]]).astype(np.int8)))
    spans: Spans = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        start_ns, end_ns = frame_ns(int(first)), frame_ns(int(last))
        if end_ns - start_ns < rolls.least_ns:
            continue
        start_ns = max(start_ns - rolls.before_ns, frame_ns(0))
        end_ns = min(end_ns + rolls.after_ns, frame_ns(len(told)))
        if spans and start_ns <= spans[-1][1]:
            start_ns = spans.pop()[0]
        spans.append((start_ns, end_ns))
    return spans


def encoded_bytes(packets: Iterable[GazeSample | SceneFrame], spans: Spans) -> int:
    """Write clips of some stretches and return their size, in the size and rate of moments."""
    with tempfile.TemporaryDirectory() as folder:
        waiting, total, last_ns = list(spans), 0, -_PERIOD_NS
        writer: ClipWriter | None = None
        for packet in packets:
            if not isinstance(packet, SceneFrame) or packet.t_ns - last_ns < _PERIOD_NS:
                continue
            last_ns = packet.t_ns
            while waiting and packet.t_ns >= waiting[0][1]:
                total += _size(writer)
                writer = None
                waiting.pop(0)
            if waiting and packet.t_ns >= waiting[0][0]:
                path = Path(folder) / f"{len(waiting)}.mp4"
                writer = writer or ClipWriter(path, waiting[0][0], has_sound=False)
                image = shrink(packet.image, MAX_WIDTH_PX)
                writer.add(SceneFrame(packet.t_ns, packet.index, image))
        return total + _size(writer)


def length_s(spans: Spans) -> float:
    """Seconds in all."""
    return sum(end_ns - start_ns for start_ns, end_ns in spans) / SECOND_NS


def _size(writer: ClipWriter | None) -> int:
    clip = writer.finish() if writer is not None else None
    return clip.stat().st_size if clip is not None else 0
