"""What a run over the sample does, counted as it happens: frames, gaze, rests, video and time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from app.loop import Item
from firmware_bridge.packets import GazeSample, SceneFrame
from memory.clips.media import MAX_HZ, MAX_WIDTH_PX, ClipWriter, shrink
from perception.events import EyeMovement, EyeMovementOnset, SnippetClosed
from perception.stage import Stage

Span = tuple[int, int]


class Film:
    """Video as the memory keeps it, of the frames that it is given.

    Attributes:
        pixels: Encoded so far.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: ClipWriter | None = None
        self._last_ns = 0
        self.pixels = 0

    def add(self, frame: SceneFrame) -> None:
        """Take a frame, or let it go where they come faster than the memory keeps them."""
        if frame.t_ns - self._last_ns < 900_000_000 // MAX_HZ:
            return
        if self._writer is None:
            self._writer = ClipWriter(self._path, frame.t_ns, has_sound=False)
        self._last_ns = frame.t_ns
        image = shrink(frame.image, MAX_WIDTH_PX)
        self._writer.add(SceneFrame(frame.t_ns, frame.index, image))
        self.pixels += image.shape[0] * image.shape[1]

    def close(self) -> int:
        """Finish, and return the bytes of video."""
        if self._writer is None:
            return 0
        self._writer.finish()
        return video(self._path)[0]


class Timed:
    """A stage that tells how much processor time it took.

    Attributes:
        cpu_s: So far.
    """

    def __init__(self, stage: Stage[Any, Any]) -> None:
        self._stage = stage
        self.cpu_s = 0.0

    def update(self, item: Any) -> list[Any]:  # noqa: ANN401 - as the stage
        """Do as the stage does."""
        started_s = time.thread_time()
        events = list(self._stage.update(item))
        self.cpu_s += time.thread_time() - started_s
        return events

    def flush(self) -> list[Any]:
        """Do as the stage does."""
        return list(self._stage.flush())

    def reset(self) -> None:
        """Do as the stage does."""
        self._stage.reset()


@dataclass(slots=True)
class Watch:
    """A sink of the loop that counts.

    Attributes:
        whole: Everything, recorded.
        looked: What was seen while the eyes rested, recorded.
        frames: Times of scene frames.
        rests: Fixations and pursuits, from when they were certain.
        kept: Snippets.
    """

    whole: Film
    looked: Film
    frames: list[int] = field(default_factory=list)
    frame_px: int = 0
    gaze: int = 0
    rests: list[Span] = field(default_factory=list)
    kept: list[Span] = field(default_factory=list)
    _onset_ns: int | None = None

    def __call__(self, item: Item) -> None:
        """Take a packet or an event."""
        match item:
            case SceneFrame():
                self.frames.append(item.t_ns)
                self.frame_px = item.width_px * item.height_px
                self.whole.add(item)
                if self._onset_ns is not None:
                    self.looked.add(item)
            case GazeSample():
                self.gaze += 1
            case EyeMovementOnset():
                self._onset_ns = self._onset_ns or item.t_ns
            case EyeMovement() if self._onset_ns is not None:
                self.rests.append((self._onset_ns, max(item.end_ns, self._onset_ns)))
                self._onset_ns = None
            case SnippetClosed():
                self.kept.append((item.start_ns, item.end_ns))


def video(clip: Path) -> tuple[int, int]:
    """Return the bytes and the pixels of the video in a clip, sound left out."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        sizes = [packet.size for packet in container.demux(stream) if packet.size]
        return sum(sizes), len(sizes) * stream.width * stream.height
