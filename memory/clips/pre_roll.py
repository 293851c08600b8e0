"""What was just seen, heard and looked at, in main memory alone, until a moment asks for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from firmware_bridge.packets import AudioChunk, GazeSample, SceneFrame, UInt8Image
from memory.clips.media import jpeg
from perception.events import EyeMovement, EyeMovementOnset

GazeItem = GazeSample | EyeMovement | EyeMovementOnset

_NS_PER_S = 1_000_000_000
# Six seconds of the fastest eye trackers.
_MAX_GAZE = 6_000


@dataclass(frozen=True, slots=True)
class _Kept:
    t_ns: int
    index: int
    jpeg: bytes


class PreRoll:
    """The last seconds of picture, sound and gaze, so that a clip can begin before its trigger.

    Pictures are kept as JPEG: about a tenth of raw pixels.

    Args:
        seconds: How far back it reaches.
        max_bytes: Upper bound on what the pictures take.
    """

    def __init__(self, seconds: float = 6.0, max_bytes: int = 32_000_000) -> None:
        self._span_ns = round(seconds * _NS_PER_S)
        self._max_bytes = max_bytes
        self._bytes = 0
        self._frames: deque[_Kept] = deque()
        self._sound: deque[AudioChunk] = deque()
        self._gaze: deque[GazeItem] = deque(maxlen=_MAX_GAZE)

    def add(self, frame: SceneFrame) -> None:
        """Keep a picture and let go of what is too old or too much."""
        kept = _Kept(frame.t_ns, frame.index, jpeg(frame.image))
        self._frames.append(kept)
        self._bytes += len(kept.jpeg)
        while self._frames[0].t_ns < frame.t_ns - self._span_ns or self._bytes > self._max_bytes:
            self._bytes -= len(self._frames.popleft().jpeg)

    def add_sound(self, chunk: AudioChunk) -> None:
        """Keep a stretch of sound."""
        self._sound.append(chunk)
        while self._sound[0].t_ns < chunk.t_ns - self._span_ns:
            self._sound.popleft()

    def add_gaze(self, item: GazeItem) -> None:
        """Keep a gaze sample, or what the eyes did."""
        self._gaze.append(item)
        while _last_ns(self._gaze[0]) < _last_ns(item) - self._span_ns:
            self._gaze.popleft()

    def frames(self, start_ns: int) -> Iterator[SceneFrame]:
        """Yield the pictures from a time on."""
        for kept in self._frames:
            if kept.t_ns >= start_ns:
                yield _decoded(kept)

    def sound(self, start_ns: int) -> Iterator[AudioChunk]:
        """Yield the sound from a time on."""
        return (chunk for chunk in self._sound if chunk.t_ns >= start_ns)

    def gaze(self, start_ns: int) -> Iterator[GazeItem]:
        """Yield gaze from a time on, and the eye movements that reach into it, as they came."""
        return (item for item in self._gaze if _last_ns(item) >= start_ns)

    def nearest(self, t_ns: int, within_ns: int) -> SceneFrame | None:
        """Return the picture closest to a time."""
        best = min(self._frames, key=lambda kept: abs(kept.t_ns - t_ns), default=None)
        if best is None or abs(best.t_ns - t_ns) > within_ns:
            return None
        return _decoded(best)

    def clear(self) -> None:
        """Let go of everything."""
        self._frames.clear()
        self._sound.clear()
        self._gaze.clear()
        self._bytes = 0


def _last_ns(item: GazeItem) -> int:
    return item.end_ns if isinstance(item, EyeMovement) else item.t_ns


def _decoded(kept: _Kept) -> SceneFrame:
    image = cv2.imdecode(np.frombuffer(kept.jpeg, np.uint8), cv2.IMREAD_COLOR)
    return SceneFrame(kept.t_ns, kept.index, cast(UInt8Image, image))
