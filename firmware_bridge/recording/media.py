"""Media files opened and checked, and the pictures of videos, decoded one at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer

from firmware_bridge.device import DeviceError
from firmware_bridge.packets import (
    DeviceStatus,
    EyeFrame,
    Packet,
    SceneFrame,
    StatusKind,
    UInt8Image,
)

# A header may promise a little more than there are pictures; a file that lacks this much is cut.
_CUT_NS = 1_000_000_000

S = TypeVar("S", av.VideoStream, av.AudioStream)
PictureMaker = Callable[[int, int, av.VideoFrame], Packet]


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video file holds.

    Attributes:
        size_px: Width and height.
        has_audio: There is a sound track.
        duration_ns: Length of the pictures by the file's own header, 0 where it does not tell.
    """

    size_px: tuple[int, int]
    has_audio: bool
    duration_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class MediaPart:
    """One file of a video or sound stream.

    Attributes:
        start_ns: Unix time of the file's own time zero.
        times_ns: Unix time of each picture, or None to trust the file's own clock.
        duration_ns: How long the pictures should go on without ``times_ns``, 0 where unknown.
    """

    path: Path
    start_ns: int
    times_ns: npt.NDArray[np.int64] | None = None
    duration_ns: int = 0


def probe(path: Path) -> VideoFacts:
    """Open a video and tell what it holds.

    Raises:
        DeviceError: The file is empty, was cut before its index was written, or is no video.
    """
    with opened(path) as container:
        video = next(playable(container.streams.video), None)
        if video is None:
            raise DeviceError(
                "no-pictures", f"{path} holds no pictures that can be played; replace it by a video"
            )
        return VideoFacts(
            size_px=(video.width, video.height),
            has_audio=any(playable(container.streams.audio)),
            duration_ns=round(float((video.duration or 0) * (video.time_base or 0)) * 1e9),
        )


def require_sound(path: Path) -> None:
    """Check that a file holds sound.

    Raises:
        DeviceError: It cannot be played or holds none.
    """
    with opened(path) as container:
        if not any(playable(container.streams.audio)):
            raise DeviceError(
                "no-sound",
                f"{path} holds no sound that can be played; replace it, or remove it to go on "
                "without sound",
            )


def pictures(parts: Sequence[MediaPart], make: PictureMaker) -> Iterator[Packet]:
    """Decode the pictures of all parts.

    Args:
        parts: In time order.
        make: Called with time, index in the whole stream and the decoded picture.

    Yields:
        What ``make`` returns, and a GAP status for each part that is cut or damaged.

    Raises:
        DeviceError: A file cannot be opened any more.
    """
    first_index = 0
    for part in parts:
        first_index += yield from _part_pictures(part, first_index, make)


def scene_frame(t_ns: int, index: int, frame: av.VideoFrame) -> Packet:
    """Make a scene frame of a decoded picture."""
    return SceneFrame(t_ns, index, _image(frame, "bgr24"))


def eye_frame(t_ns: int, index: int, frame: av.VideoFrame) -> Packet:
    """Make an eye frame of a decoded picture."""
    return EyeFrame(t_ns, index, _image(frame, "gray"))


def _image(frame: av.VideoFrame, pixels: str) -> UInt8Image:
    # By default every picture wakes a second thread, which doubles the cost of converting it.
    return frame.to_ndarray(format=pixels, threads=1).astype(np.uint8, copy=False)


def _part_pictures(
    part: MediaPart, first_index: int, make: PictureMaker
) -> Generator[Packet, None, int]:
    """Yield the pictures of one part and, if some are missing, a GAP; return how many it has."""
    t_ns, place, decoded = part.start_ns, -1, 0
    for place, frame in _decode_pictures(part.path):
        if part.times_ns is not None and place >= len(part.times_ns):
            message = f"{part.path.name} has more pictures than times; the rest is left out."
            yield DeviceStatus(t_ns, StatusKind.GAP, message)
            break
        t_ns = _picture_time(part, place, frame)
        yield make(t_ns, first_index + place, frame)
        decoded += 1
    expected = place + 1 if part.times_ns is None else len(part.times_ns)
    if decoded < expected or t_ns + _CUT_NS < part.start_ns + part.duration_ns:
        message = f"{part.path.name} is cut or damaged; {decoded} of its pictures can be seen."
        yield DeviceStatus(t_ns, StatusKind.GAP, message)
    return expected


def _picture_time(part: MediaPart, index: int, frame: av.VideoFrame) -> int:
    if part.times_ns is not None:
        return int(part.times_ns[index])
    return part.start_ns + round((frame.time or 0.0) * 1e9)


def _decode_pictures(path: Path) -> Iterator[tuple[int, av.VideoFrame]]:
    """Yield pictures with their place in the file, lost ones counted."""
    with opened(path) as container:
        stream = next(playable(container.streams.video))
        stream.codec_context.thread_count = 1
        waiting: list[int] = []
        place = -1
        for packet in demux(container, stream):
            if packet.pts is not None and not packet.is_discard:
                heappush(waiting, packet.pts)
            for frame in decode(packet):
                passed = 0
                while waiting and frame.pts is not None and waiting[0] <= frame.pts:
                    heappop(waiting)
                    passed += 1
                place += max(passed, 1)
                yield place, frame


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open a media file for a while.

    Raises:
        DeviceError: It is empty, of another kind, or was cut before its index was written.
    """
    try:
        container = av.open(str(path), metadata_errors="replace")
    except (av.FFmpegError, OSError) as error:
        raise DeviceError(
            "unreadable-media",
            f"{path} cannot be played: it is empty, not a video or sound file, or was cut before "
            "its index was written; copy it again, or remove it to go on without it",
        ) from error
    with container:
        yield container


def playable(streams: Iterable[S]) -> Iterator[S]:
    """Yield the streams whose codec is known; a file with half an index has others."""
    return (stream for stream in streams if stream.codec_context is not None)


def demux(
    container: InputContainer, stream: av.VideoStream | av.AudioStream
) -> Iterator[av.Packet[Any]]:
    """Yield packets up to the end or to where the file is cut."""
    packets = container.demux(stream)
    while True:
        try:
            yield next(packets)
        except (StopIteration, av.FFmpegError):
            return


def decode(packet: av.Packet[Any]) -> list[Any]:
    """Return the frames that a packet completes, none where it is damaged."""
    try:
        return list(packet.decode())
    except av.FFmpegError:
        return []
