"""Clips and pictures of moments: H.264 with the sound, and JPEG."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk, SceneFrame, UInt8Image
from memory.database import disk_full
from memory.records import MemoryStoreError

MAX_WIDTH_PX = 960
THUMBNAIL_WIDTH_PX = 640
MAX_HZ = 15
PART_SUFFIX = ".part"

_CLOCK_HZ = 90_000
_NS_PER_S = 1_000_000_000
_JPEG_QUALITY = 85
# Every fragment stands alone, so a killed process leaves a clip; the delayed moov box keeps an
# edit list for the delay of AAC, without which the pictures would come 64 ms late.
_FRAGMENTED = {
    "movflags": "frag_keyframe+delay_moov+default_base_moof",
    "fflags": "+bitexact",
    "flush_packets": "1",
}
_FINAL = {"movflags": "+faststart", "fflags": "+bitexact"}
# ultrafast takes half of veryfast's time, for twice its bytes.
_X264 = {"preset": "ultrafast", "crf": "25", "g": str(MAX_HZ), "bf": "0"}


def shrink(image: UInt8Image, width_px: int) -> UInt8Image:
    """Return the picture at most ``width_px`` wide, with an even width and height."""
    height, width = image.shape[:2]
    scale = min(1.0, width_px / width)
    size = (max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2))
    if size == (width, height):
        return image
    return cast(UInt8Image, cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def jpeg(image: UInt8Image) -> bytes:
    """Return a picture as JPEG."""
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return encoded.tobytes()


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        MemoryStoreError: The disk is full.
    """
    part = path.with_name(path.name + PART_SUFFIX)
    with no_space(part):
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


class ClipWriter:
    """One clip, written as it happens. Times in the clip count from ``start_ns``.

    Args:
        path: Where the finished clip goes; until then it lies beside it with a ``.part`` name.
        start_ns: Time zero of the clip.
        has_sound: Sound will come too. A sound track that stays empty would hold every
            fragment back, and a killed process would leave nothing.

    Raises:
        MemoryStoreError: The disk is full; nothing is left behind.
    """

    def __init__(self, path: Path, start_ns: int, has_sound: bool) -> None:
        self._path = path
        self._part = path.with_name(path.name + PART_SUFFIX)
        self._start_ns = start_ns
        self._has_sound = has_sound
        self._last_pts = -1
        self._sound_until = 0
        with no_space(self._part):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(str(self._part), "w", format="mp4", options=_FRAGMENTED)
        self._video: VideoStream | None = None
        self._audio: AudioStream | None = None

    @property
    def has_picture(self) -> bool:
        """There is something to show."""
        return self._video is not None

    def add(self, frame: SceneFrame) -> None:
        """Append a picture; one that is not later than the last is left out."""
        pts = (frame.t_ns - self._start_ns) * _CLOCK_HZ // _NS_PER_S
        if pts <= self._last_pts:
            return
        self._last_pts = pts
        image = shrink(frame.image, MAX_WIDTH_PX)
        with self._writing():
            if self._video is None:
                self._open_streams(image)
                if pts > 0:
                    # The first picture stands from time zero on.
                    self._encode(image, 0)
            self._encode(image, pts)

    def add_sound(self, chunk: AudioChunk) -> None:
        """Append sound; what overlaps the sound before, or precedes the first picture, is cut."""
        if self._audio is None:
            return
        first = (chunk.t_ns - self._start_ns) * AUDIO_RATE_HZ // _NS_PER_S
        skip = max(0, self._sound_until - first)
        samples = chunk.samples[skip:]
        if not len(samples):
            return
        # Sound is gapless: what is missing is silence.
        silence = np.zeros(max(0, first - self._sound_until), np.int16)
        with self._writing():
            for part in (silence, samples):
                self._encode_sound(part)

    def finish(self, end_ns: int | None = None) -> Path | None:
        """Complete the clip and put it in its place; return it, or None without a picture.

        Args:
            end_ns: What comes at this time or later is cut off; that a moment is over is known
                only some time after its end.
        """
        if self._video is None:
            self.abort()
            return None
        with self._writing():
            self._container.mux(self._video.encode(None))
            if self._audio is not None:
                self._container.mux(self._audio.encode(None))
            self._container.close()
        seconds = math.inf if end_ns is None else (end_ns - self._start_ns) / _NS_PER_S
        return finish_part(self._path, seconds)

    def abort(self) -> None:
        """Give the clip up and remove what was written."""
        with suppress(av.FFmpegError, ValueError):
            self._container.close()
        self._part.unlink(missing_ok=True)

    def _open_streams(self, image: UInt8Image) -> None:
        video = self._container.add_stream("libx264", rate=MAX_HZ, options=_X264)
        video.width, video.height = image.shape[1], image.shape[0]
        video.pix_fmt = "yuv420p"
        video.codec_context.time_base = Fraction(1, _CLOCK_HZ)
        video.codec_context.thread_count = 1
        self._video = video
        if self._has_sound:
            self._audio = self._container.add_stream("aac", rate=AUDIO_RATE_HZ, layout="mono")

    def _encode(self, image: UInt8Image, pts: int) -> None:
        assert self._video is not None  # noqa: S101
        size = (self._video.width, self._video.height)
        if (image.shape[1], image.shape[0]) != size:
            image = cast(UInt8Image, cv2.resize(image, size, interpolation=cv2.INTER_AREA))
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")
        picture.pts, picture.time_base = pts, Fraction(1, _CLOCK_HZ)
        self._container.mux(self._video.encode(picture))

    def _encode_sound(self, samples: npt.NDArray[np.int16]) -> None:
        if self._audio is None or not len(samples):
            return
        sound = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        sound.sample_rate, sound.pts = AUDIO_RATE_HZ, self._sound_until
        sound.time_base = Fraction(1, AUDIO_RATE_HZ)
        self._sound_until += len(samples)
        self._container.mux(self._audio.encode(sound))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with no_space(self._part):
                yield
        except MemoryStoreError:
            self.abort()
            raise


def parts_of(path: Path) -> tuple[Path, Path]:
    """Return where a clip lies while it is written, and while it is being finished."""
    name = path.name
    return path.with_name(name + PART_SUFFIX), path.with_name(f"{name}.final{PART_SUFFIX}")


def finish_part(path: Path, seconds: float = math.inf) -> Path | None:
    """Turn what was written of a clip into a clip that seeks; None when nothing plays.

    Args:
        path: Where the finished clip goes.
        seconds: What comes later is cut off; the first picture stays.

    Raises:
        MemoryStoreError: The disk is full.
    """
    part, final = parts_of(path)
    with no_space(final):
        try:
            _remux(part, final, seconds)
        except (av.FFmpegError, IndexError) as error:
            if getattr(error, "errno", None) == errno.ENOSPC:
                raise
            final.unlink(missing_ok=True)
            part.unlink(missing_ok=True)
            return None
        with final.open("rb") as file:
            os.fsync(file.fileno())
        final.replace(path)
    part.unlink()
    return path


def picture_at(clip: Path, seconds: float) -> UInt8Image | None:
    """Return the picture that a clip shows at a time, or its last before the end."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        container.seek(int(seconds * av.time_base), backward=True)
        shown = None
        for frame in container.decode(stream):
            if shown is not None and frame.time is not None and frame.time > seconds + 1e-3:
                break
            shown = frame
        return None if shown is None else cast(UInt8Image, shown.to_ndarray(format="bgr24"))


def thumbnail_at(clip: Path, seconds: float) -> bytes | None:
    """Return what a clip shows at a time, small and as JPEG."""
    picture = picture_at(clip, max(0.0, seconds))
    return None if picture is None else jpeg(shrink(picture, THUMBNAIL_WIDTH_PX))


def _remux(source: Path, target: Path, seconds: float) -> None:
    with (
        av.open(str(source)) as read,
        av.open(str(target), "w", format="mp4", options=_FINAL) as written,
    ):
        streams = {s.index: written.add_stream_from_template(s) for s in read.streams}
        read.streams.video[0]
        for packet in read.demux():
            if packet.dts is not None and float(packet.dts * packet.time_base) < seconds:
                packet.stream = streams[packet.stream.index]
                written.mux(packet)


@contextmanager
def no_space(part: Path) -> Iterator[None]:
    """Turn a full disk into the error that says so, and remove the half-written file.

    Raises:
        MemoryStoreError: The disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        part.unlink(missing_ok=True)
        raise disk_full(part.parent) from None
