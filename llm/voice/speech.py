"""What every voice offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assets.errors import AttuneError


class VoiceError(AttuneError):
    """A voice could not be loaded."""


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A stretch of synthetic speech.

    Attributes:
        samples: int16 mono, shape ``(n,)``.
        rate_hz: Samples per second.
    """

    samples: npt.NDArray[np.int16]
    rate_hz: int

    def __post_init__(self) -> None:
        if self.samples.dtype != np.int16 or self.samples.ndim != 1:
            raise ValueError(
                f"speech must be int16 (n,), but got {self.samples.dtype} {self.samples.shape}"
            )
        if self.rate_hz <= 0:
            raise ValueError(f"rate_hz must be positive, but got {self.rate_hz}")

    @property
    def duration_s(self) -> float:
        """Length."""
        return len(self.samples) / self.rate_hz


class Voice(Protocol):
    """Turns text into sound on this machine."""

    def speak(self, text: str) -> Iterator[Speech]:
        """Yield the sound of a text in order, the first stretch as soon as it is ready.

        The same text always gives the same samples; a text without words gives nothing.
        """
        ...
