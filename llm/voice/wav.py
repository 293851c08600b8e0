"""Speech as a WAV file."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from pathlib import Path

from llm.voice.speech import Speech


def write_wav(path: Path, speech: Iterable[Speech]) -> float:
    """Write speech as 16-bit mono and return its length in seconds.

    Raises:
        ValueError: There is no speech, or its parts differ in rate.
    """
    parts = list(speech)
    rates = {part.rate_hz for part in parts}
    if len(rates) != 1:
        raise ValueError(f"a WAV file needs speech of one rate, but got rates {sorted(rates)}")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rates.pop())
        for part in parts:
            file.writeframes(part.samples.astype("<i2").tobytes())
    return sum(part.duration_s for part in parts)
