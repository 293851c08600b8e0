"""How much of a picture the eye fills: cameras stand nearer or further off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from firmware_bridge.packets import UInt8Image
from perception.eyes.picture import eyes_of
from perception.eyes.pupil import Pupil, PupilFinder

SHARES = (1.0, 0.75, 0.5)
BETTER = 0.05


class Zoomed:
    """A finder that looks at the middle of each picture only.

    Args:
        finder: Finds the pupil in the middle.
        share: Of the picture's sides, in (0, 1].
    """

    def __init__(self, finder: PupilFinder, share: float) -> None:
        if not 0.0 < share <= 1.0:
            raise ValueError(f"share must lie in (0, 1], but got {share}")
        self._finder = finder
        self._share = share

    def find(self, image: UInt8Image) -> Pupil:
        """Return the pupil in pixels of the whole picture."""
        height, width = image.shape
        top, left = (round(side * (1 - self._share) / 2) for side in (height, width))
        middle = np.ascontiguousarray(image[top : height - top, left : width - left])
        found = self._finder.find(middle)
        return replace(found, x_px=found.x_px + left, y_px=found.y_px + top)


def best_share(finder: PupilFinder, frames: Sequence[UInt8Image]) -> float:
    """Return how much of the pictures to look at: where the finder is surest, the most of it.

    Args:
        finder: Finds one pupil; its confidence is what is compared.
        frames: Some eye frames of one device.
    """
    sureness = {share: _sureness(Zoomed(finder, share), frames) for share in SHARES}
    most = max(sureness.values())
    return next(share for share in SHARES if sureness[share] >= most - BETTER)


def _sureness(finder: PupilFinder, frames: Sequence[UInt8Image]) -> float:
    return float(
        np.mean([finder.find(eye).confidence for frame in frames for eye in eyes_of(frame)])
    )
