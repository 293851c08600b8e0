"""A pupil in a picture of one eye, and who can find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from firmware_bridge.packets import UInt8Image

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Pupil:
    """What was found in one picture of one eye.

    Attributes:
        x_px: Column of the pupil's centre in the picture; NaN where none was found.
        y_px: Row of the pupil's centre.
        width_px: Across the visible part of the pupil.
        height_px: Down the visible part of the pupil; a lid that comes down makes it less.
        openness: Probability that the eye is open, lids neither closed nor closing.
        confidence: Probability that the eye is open and the centre exact to about a fortieth of
            the picture's side (3 px in 128).
    """

    x_px: float = NAN
    y_px: float = NAN
    width_px: float = NAN
    height_px: float = NAN
    openness: float = 0.0
    confidence: float = 0.0

    def __post_init__(self) -> None:
        for name in ("openness", "confidence"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must lie in [0, 1], but got {getattr(self, name)}")

    @property
    def is_found(self) -> bool:
        """The centre is known."""
        return bool(np.isfinite(self.x_px) and np.isfinite(self.y_px))

    @property
    def is_open(self) -> bool:
        """The eye is more likely open than not."""
        return self.openness >= 0.5

    @property
    def visible_share(self) -> float:
        """Height over width of the pupil, at most 1: a plain measure of how far the lid is down.

        An eye that looks far up or down lowers it too. NaN where no pupil was found.
        """
        return min(1.0, self.height_px / self.width_px) if self.is_found else NAN


class PupilFinder(Protocol):
    """Finds the pupil in one picture of one eye."""

    def find(self, image: UInt8Image) -> Pupil:
        """Return the pupil; one that is not found has NaN for a place and little confidence.

        Args:
            image: Gray, shape ``(height, width)``, of any size.
        """
        ...


@dataclass(frozen=True, slots=True)
class EyesSeen:
    """The pupils of one frame.

    Attributes:
        t_ns: Capture time of the frame.
        width_px: Of the whole frame.
        height_px: Of the whole frame.
        pupils: One for each eye in the frame, from the left of the frame to its right; whether
            that is the wearer's left or right eye depends on how the camera is mounted.
    """

    t_ns: int
    width_px: int
    height_px: int
    pupils: tuple[Pupil, ...]
