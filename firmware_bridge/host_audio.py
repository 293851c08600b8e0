"""The microphone and the speaker of the machine that Attune runs on."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from types import ModuleType, TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from firmware_bridge.device import DeviceError
from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk, DeviceStatus, StatusKind

CHUNK_SAMPLES = 512
_WAITING_CHUNKS_MAX = 1_000  # 32 s: nothing is lost while a reply is prepared


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
    try:
        # Low latency loses samples on a busy machine; a reply may begin a little later instead.
        sounddevice.play(samples, rate_hz, blocking=True, latency="high")
    except sounddevice.PortAudioError as error:
        raise DeviceError("speaker-failed", f"the speaker cannot play: {error}") from error


def stop_playing() -> None:
    """Fall silent at once; :func:`play` returns."""
    if has_speaker():
        _portaudio().stop()


class Microphone:
    """Sound from the machine's microphone, 32 ms at a time.

    Example:
        with Microphone() as microphone:
            for packet in microphone: ...

    Raises:
        DeviceError: There is no microphone, or it cannot be opened at 16 kHz.
    """

    def __init__(self) -> None:
        self._heard: queue.Queue[AudioChunk | DeviceStatus] = queue.Queue(_WAITING_CHUNKS_MAX)
        self._stream: Any = None

    def __enter__(self) -> Self:
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
                "microphone-failed", f"the microphone cannot be opened at 16 kHz: {error}"
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
        """Yield sound, and a GAP status wherever some was lost, until the block is left."""
        while self._stream.active:
            try:
                yield self._heard.get(timeout=0.5)
            except queue.Empty:
                continue

    def _take(self, indata: npt.NDArray[np.int16], frames: int, _: Any, status: Any) -> None:  # noqa: ANN401 - PortAudio's own types
        end_ns = time.time_ns()
        if status.input_overflow:
            self._put(DeviceStatus(end_ns, StatusKind.GAP, "The microphone lost some sound."))
        start_ns = end_ns - frames * 1_000_000_000 // AUDIO_RATE_HZ
        self._put(AudioChunk(start_ns, indata[:, 0].copy()))

    def _put(self, packet: AudioChunk | DeviceStatus) -> None:
        if self._heard.full():
            self._heard.get_nowait()
            packet = DeviceStatus(
                packet.t_ns, StatusKind.GAP, "Sound waited too long and was lost."
            )
        self._heard.put_nowait(packet)


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
