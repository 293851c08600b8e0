"""H.264 and AAC in one MP4, written so that a cut file still plays up to its last fragment."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.video.frame import PictureType
from av.video.stream import VideoStream

from firmware_bridge.packets import AUDIO_RATE_HZ, UInt8Image

VIDEO_CLOCK_HZ = 90_000
KEYFRAME_EVERY_NS = 1_000_000_000
# Chunks that abut within this tolerance are one sound; a larger hole is silence.
AUDIO_JITTER_SAMPLES = AUDIO_RATE_HZ // 50

_CONTAINER_OPTIONS = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof",  # a fragment a second
    "fflags": "+bitexact",
    "flush_packets": "1",  # a killed writer leaves every finished fragment on the disk
}


class Mp4Writer:
    """Writes one video track and, if asked, one sound track.

    The clock of the file starts with the first picture, as on the Neon. One encoder thread and no
    time of day make the same input the same bytes.

    Args:
        path: The file to write.
        with_audio: Whether the file has a sound track.
        crf: Quality of x264, 0 (lossless) to 51.
        frame_rate_hz: Nominal rate, for the encoder's rate control only.
    """

    def __init__(self, path: Path, *, with_audio: bool, crf: int, frame_rate_hz: int) -> None:
        self._container = av.open(str(path), "w", format="mp4", options=_CONTAINER_OPTIONS)
        self._with_audio = with_audio
        self._crf = crf
        self._frame_rate_hz = frame_rate_hz
        self._video: VideoStream | None = None
        self._audio: AudioStream | None = None
        self._zero_ns = 0
        self._last_pts = -1
        self._keyframe_ns = 0
        self._audio_samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def add_image(self, t_ns: int, image: UInt8Image) -> None:
        """Encode one picture: BGR ``(height, width, 3)`` or gray ``(height, width)``."""
        if self._video is None:
            self._open_streams(t_ns, image)
        assert self._video is not None  # noqa: S101 - narrows the type
        frame = av.VideoFrame.from_ndarray(image, format="bgr24" if image.ndim == 3 else "gray")
        frame = frame.reformat(format=self._video.pix_fmt)
        pts = round((t_ns - self._zero_ns) * VIDEO_CLOCK_HZ / 1e9)
        self._last_pts = frame.pts = max(pts, self._last_pts + 1)
        frame.time_base = Fraction(1, VIDEO_CLOCK_HZ)
        if t_ns >= self._keyframe_ns:
            frame.pict_type = PictureType.I
            self._keyframe_ns = t_ns + KEYFRAME_EVERY_NS
        self._container.mux(self._video.encode(frame))

    def add_sound(self, t_ns: int, samples: npt.NDArray[np.int16]) -> None:
        """Encode mono 16 kHz sound. What lies before the first picture is left out.

        Holes become silence and overlaps are cut, so that sound and pictures stay together.
        """
        if self._audio is None:
            return
        position = round((t_ns - self._zero_ns) * AUDIO_RATE_HZ / 1e9)
        hole = position - self._audio_samples
        is_first = self._audio_samples == 0
        if hole > 0 and (is_first or hole > AUDIO_JITTER_SAMPLES):
            samples = np.concatenate([np.zeros(hole, np.int16), samples])
        elif hole < 0 and (is_first or -hole > AUDIO_JITTER_SAMPLES):
            samples = samples[-hole:]
        self._encode_sound(samples)

    def close(self) -> None:
        """Write what the encoders still hold and finish the file."""
        if self._video is not None:
            self._container.mux(self._video.encode(None))
        if self._audio is not None:
            self._mux_sound(self._audio.encode(None))
        self._container.close()

    def _open_streams(self, t_ns: int, image: UInt8Image) -> None:
        self._zero_ns = t_ns
        self._keyframe_ns = t_ns
        self._video = self._container.add_stream("libx264", rate=self._frame_rate_hz)
        self._video.height, self._video.width = image.shape[:2]
        self._video.pix_fmt = "yuv420p" if image.ndim == 3 else "yuvj420p"
        self._video.time_base = Fraction(1, VIDEO_CLOCK_HZ)
        self._video.codec_context.time_base = Fraction(1, VIDEO_CLOCK_HZ)
        self._video.codec_context.thread_count = 1
        self._video.codec_context.options = {
            "preset": "veryfast",
            "tune": "zerolatency",
            "crf": str(self._crf),
            "forced-idr": "1",
            "threads": "1",
        }
        if self._with_audio:
            self._audio = self._container.add_stream("aac", rate=AUDIO_RATE_HZ, layout="mono")
            self._audio.bit_rate = 64_000

    def _encode_sound(self, samples: npt.NDArray[np.int16]) -> None:
        if not len(samples) or self._audio is None:
            return
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = AUDIO_RATE_HZ
        frame.time_base = Fraction(1, AUDIO_RATE_HZ)
        frame.pts = self._audio_samples
        self._audio_samples += len(samples)
        self._mux_sound(self._audio.encode(frame))

    def _mux_sound(self, packets: list[av.Packet[AudioStream]]) -> None:
        # AAC begins with a block of run-in before time zero. Readers that expect one frame per
        # packet trip over it, so it is left out; the first 64 ms of sound fade in.
        self._container.mux([packet for packet in packets if (packet.pts or 0) >= 0])
