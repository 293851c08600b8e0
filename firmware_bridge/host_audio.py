"""The microphone and the speaker of the machine that Attune runs on."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from types import ModuleType, TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from firmware_bridge.device import DeviceError
from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk, DeviceStatus, StatusKind

CHUNK_SAMPLES = 512
_WAITING_CHUNKS_MAX = 1_000  # 32 s: nothing is lost while a reply is prepared
_JITTER_NS = 500_000_000  # a busy machine hands sound over late, then several chunks at once
_SILENCE_S = 5.0  # a microphone that works always sends, be it zeros; opening one takes a second

_hush = threading.Event()


def require_microphone() -> str:
    """Return the microphone's name.

    Raises:
        DeviceError: There is none, or PortAudio is missing.
    """
    return _device_name("input")


def require_speaker() -> str:
    """Return the speaker's name.

    Raises:
        DeviceError: There is none, or PortAudio is missing.
    """
    return _device_name("output")


def has_microphone() -> bool:
    """Tell whether there is something to hear with."""
    return _has("input")


def has_speaker() -> bool:
    """Tell whether there is something to speak with."""
    return _has("output")


def play(samples: npt.NDArray[np.int16], rate_hz: int) -> None:
    """Play mono int16 sound, shape ``(n,)``, and return when it has been heard or stopped.

    Raises:
        DeviceError: There is no speaker, or it failed.
    """
    require_speaker()
    sounddevice = _portaudio()
    _hush.clear()
    block = max(1, rate_hz // 50)
    try:
        # Low latency loses samples on a busy machine; a reply may begin a little later instead.
        with sounddevice.OutputStream(rate_hz, channels=1, dtype="int16", latency="high") as stream:
            for start in range(0, len(samples), block):
                stream.write(np.ascontiguousarray(samples[start : start + block], np.int16))
                if _hush.is_set():
                    break
            if _hush.wait(stream.latency):
                stream.abort()
    except sounddevice.PortAudioError as error:
        raise DeviceError(
            "speaker-failed", f"the speaker cannot play: {error}; look at the sound settings"
        ) from error


def stop_playing() -> None:
    """Fall silent at once; :func:`play` returns."""
    _hush.set()


class Microphone:
    """Sound from the machine's microphone, 32 ms at a time.

    Times follow the count of samples, so that a busy machine does not tear the sound apart.

    Attributes:
        losses: How often some sound was lost.

    Example:
        >>> with Microphone() as microphone:
        ...     for packet in microphone:
        ...         ...
    """

    def __init__(self) -> None:
        self.losses = 0
        self._heard: queue.Queue[AudioChunk | DeviceStatus] = queue.Queue()
        self._next_ns: int | None = None
        self._is_torn = False
        self._stream: Any = None

    def __enter__(self) -> Self:
        """Start listening.

        Raises:
            DeviceError: There is no microphone, or it cannot be opened at 16 kHz.
        """
        require_microphone()
        sounddevice = _portaudio()
        try:
            self._stream = sounddevice.InputStream(
                samplerate=AUDIO_RATE_HZ,
                channels=1,
                dtype="int16",
                blocksize=CHUNK_SAMPLES,
                callback=self._take,
            )
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise DeviceError(
                "microphone-failed",
                f"the microphone cannot be opened at 16 kHz: {error}; look at the sound settings",
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stream.close()

    def __iter__(self) -> Iterator[AudioChunk | DeviceStatus]:
        """Yield sound, and a GAP status wherever some was lost, until the block is left.

        Raises:
            DeviceError: The microphone fell silent, as when it is unplugged.
        """
        while not self._stream.closed:
            try:
                yield self._heard.get(timeout=_SILENCE_S)
            except queue.Empty:
                if not self._stream.closed:
                    raise DeviceError(
                        "microphone-lost", "the microphone stopped; plug it in and start again"
                    ) from None

    def discard(self) -> None:
        """Forget what was heard so far, for example the own voice."""
        with suppress(queue.Empty):
            while True:
                self._heard.get_nowait()

    def _take(self, indata: npt.NDArray[np.int16], frames: int, _: Any, status: Any) -> None:  # noqa: ANN401 - PortAudio's own types
        length_ns = frames * 1_000_000_000 // AUDIO_RATE_HZ
        start_ns = time.time_ns() - length_ns
        if self._heard.qsize() >= _WAITING_CHUNKS_MAX:
            self._is_torn = True
            return
        if self._next_ns is not None:
            self._is_torn |= abs(start_ns - self._next_ns) > _JITTER_NS
            self._is_torn |= bool(status.input_overflow)
            if self._is_torn:
                self.losses += 1
                self._heard.put(DeviceStatus(start_ns, StatusKind.GAP, "Some sound was lost."))
            else:
                start_ns = self._next_ns
        self._is_torn = False
        self._heard.put(AudioChunk(start_ns, indata[:, 0].copy()))
        self._next_ns = start_ns + length_ns


def _portaudio() -> ModuleType:
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(
            "no-portaudio", "sound needs PortAudio; run `sudo apt-get install libportaudio2`"
        ) from error
    module: ModuleType = sounddevice
    return module


def _device_name(kind: str) -> str:
    sounddevice = _portaudio()
    try:
        return str(sounddevice.query_devices(kind=kind)["name"])
    except (sounddevice.PortAudioError, ValueError) as error:
        name = "microphone" if kind == "input" else "speaker"
        raise DeviceError(
            f"no-{name}", f"this machine has no {name}; plug one in, or go on without"
        ) from error


def _has(kind: str) -> bool:
    try:
        _device_name(kind)
    except DeviceError:
        return False
    return True
