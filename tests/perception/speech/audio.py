"""Real sound for the tests of speech."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from assets import fetch
from firmware_bridge.packets import AUDIO_RATE_HZ, AudioChunk
from perception.speech.segment import SpeechSegment, duration_ns
from perception.speech.voice_activity import VoiceActivity

Sound = npt.NDArray[np.int16]


def load(path: Path) -> Sound:
    """Return the sound of a file as int16 mono at 16 kHz, shape ``(n,)``."""
    resampler = av.AudioResampler("s16", "mono", AUDIO_RATE_HZ)
    pieces = []
    with av.open(str(path)) as container:
        for frame in [*container.decode(audio=0), None]:
            pieces += [piece.to_ndarray().reshape(-1) for piece in resampler.resample(frame)]
    return np.concatenate(pieces).astype(np.int16)


def phone(start_s: float, end_s: float) -> Sound:
    """Return a part of the telephone talk between Diane and Sheila."""
    return _phone()[int(start_s * AUDIO_RATE_HZ) : int(end_s * AUDIO_RATE_HZ)]


@cache
def _phone() -> Sound:
    return load(fetch.path("footage-phone") / "phone.wav")


def silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * AUDIO_RATE_HZ), np.int16)


def noise(seconds: float, level: float, seed: int = 1) -> Sound:
    """Return white noise with the given standard deviation in int16 steps."""
    generator = np.random.default_rng(seed)
    return (generator.standard_normal(int(seconds * AUDIO_RATE_HZ)) * level).astype(np.int16)


def chunks(sound: Sound, start_ns: int = 0, length: int = 1_600) -> Iterator[AudioChunk]:
    for first in range(0, len(sound), length):
        yield AudioChunk(start_ns + duration_ns(first), sound[first : first + length])


def segments(sound: Sound, activity: VoiceActivity) -> list[SpeechSegment]:
    """Return the speech that a stage finds in a whole recording."""
    activity.reset()
    heard = [event for chunk in chunks(sound) for event in activity.update(chunk)]
    heard += activity.flush()
    return [event for event in heard if isinstance(event, SpeechSegment)]
