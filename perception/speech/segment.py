"""A stretch of speech, as long as nobody pauses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import AUDIO_RATE_HZ

WINDOW_SAMPLES = 512
VOICED_PROBABILITY = 0.35


def duration_ns(samples: int) -> int:
    """Return how long ``samples`` last at the audio rate."""
    return samples * 1_000_000_000 // AUDIO_RATE_HZ


def samples_in(interval_ns: int) -> int:
    """Return how many samples of the audio rate fit in ``interval_ns``, rounded."""
    return round(interval_ns * AUDIO_RATE_HZ / 1_000_000_000)


@dataclass(frozen=True, slots=True, eq=False)
class SpeechSegment:
    """Sound that holds speech, with a little of what lies before and after it.

    Attributes:
        start_ns: Time of the first sample.
        end_ns: Time just after the last sample.
        samples: int16 mono at 16 kHz, shape ``(n,)``.
        probabilities: Of speech, one for each 512 samples (32 ms), shape ``(ceil(n / 512),)``.
    """

    start_ns: int
    end_ns: int
    samples: npt.NDArray[np.int16]
    probabilities: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.end_ns < self.start_ns:
            raise ValueError(
                f"a segment must not end before it starts: {self.start_ns}..{self.end_ns}"
            )
        if self.samples.dtype != np.int16 or self.samples.ndim != 1:
            raise ValueError(
                f"segment audio must be int16 (n,), but got "
                f"{self.samples.dtype} {self.samples.shape}"
            )
        expected = (-(-len(self.samples) // WINDOW_SAMPLES),)
        if self.probabilities.shape != expected:
            raise ValueError(
                f"a segment of {len(self.samples)} samples needs probabilities of shape "
                f"{expected}, but got {self.probabilities.shape}"
            )

    @property
    def voiced(self) -> npt.NDArray[np.bool_]:
        """Which windows hold speech, shape ``(ceil(n / 512),)``."""
        return self.probabilities >= VOICED_PROBABILITY

    def time_ns(self, sample: int) -> int:
        """Return the time of a sample, from 0 to ``n``."""
        return min(self.start_ns + duration_ns(sample), self.end_ns)
