"""Sound out of media files, as chunks of 32 ms that follow the sample clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk, DeviceStatus, Packet, StatusKind
from firmware_bridge.recording.media import MediaPart, decode, demux, opened, playable

CHUNK_SAMPLES = 512
_NS_PER_SAMPLE = 1_000_000_000 // AUDIO_RATE_HZ
# Clocks of sound and pictures drift; a hole or an overlap shorter than this is such drift.
_DRIFT_NS = 50_000_000


def sound_chunks(parts: Sequence[MediaPart]) -> Iterator[Packet]:
    """Decode the sound of all parts as 16 kHz mono chunks of 32 ms.

    Yields:
        Chunks; a GAP status for each hole; the chunk before a hole and the last may be shorter.

    Raises:
        DeviceError: A file cannot be opened any more.
    """
    chunker = _Chunker()
    for part in parts:
        for offset_ns, samples in _decode_sound(part.path):
            yield from chunker.add(part.start_ns + offset_ns, samples)
    yield from chunker.flush()


def _decode_sound(path: Path) -> Iterator[tuple[int, npt.NDArray[np.int16]]]:
    """Yield 16 kHz mono samples with their offset from the file's time zero."""
    resampler = av.AudioResampler("s16", "mono", AUDIO_RATE_HZ)
    with opened(path) as container:
        for packet in demux(container, next(playable(container.streams.audio))):
            for frame in decode(packet):
                yield from _samples(resampler.resample(frame))
    yield from _samples(resampler.resample(None))


def _samples(frames: list[av.AudioFrame]) -> Iterator[tuple[int, npt.NDArray[np.int16]]]:
    for frame in frames:
        yield round((frame.time or 0.0) * 1e9), frame.to_ndarray()[0].astype(np.int16)


class _Chunker:
    """Cuts sound into chunks of even length whose times follow the sample clock."""

    def __init__(self) -> None:
        self._start_ns: int | None = None
        self._samples = np.empty(0, np.int16)

    def add(self, t_ns: int, samples: npt.NDArray[np.int16]) -> Iterator[Packet]:
        if self._start_ns is None:
            self._start_ns = t_ns
        end_ns = self._start_ns + len(self._samples) * _NS_PER_SAMPLE
        hole_ns = t_ns - end_ns
        if hole_ns > _DRIFT_NS:
            yield from self.flush()
            yield DeviceStatus(
                end_ns, StatusKind.GAP, f"The sound pauses for {hole_ns / 1e9:.2f} s."
            )
            self._start_ns = t_ns
        elif hole_ns < -_DRIFT_NS:
            samples = samples[-hole_ns // _NS_PER_SAMPLE :]
        self._samples = np.concatenate([self._samples, samples])
        while len(self._samples) >= CHUNK_SAMPLES:
            yield self._take(CHUNK_SAMPLES)

    def flush(self) -> Iterator[Packet]:
        if len(self._samples):
            yield self._take(len(self._samples))

    def _take(self, count: int) -> AudioChunk:
        assert self._start_ns is not None  # noqa: S101 - narrows the type
        chunk = AudioChunk(self._start_ns, self._samples[:count])
        self._start_ns += count * _NS_PER_SAMPLE
        self._samples = self._samples[count:]
        return chunk
