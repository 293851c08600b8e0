"""Pictures of eyes cut and scaled to what the finders expect."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from firmware_bridge.packets import UInt8Image

SIDE_PX = 128
PAIR_ASPECT = 1.8
LEAST_SIDE_PX = 32
LEAST_SPREAD = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """A picture of one eye as 128 x 128 pixels, and the way back.

    Attributes:
        image: Gray, shape ``(128, 128)``.
        scale: Pixels of the eye's picture for each pixel of the square.
        left_px: Column of the eye's picture at the square's left edge.
        top_px: Row of the eye's picture at the square's top edge.
    """

    image: UInt8Image
    scale: float
    left_px: float
    top_px: float

    @classmethod
    def of(cls, image: UInt8Image) -> Square:
        """Cut the middle out and scale it; a picture of that size is passed on as it is."""
        height, width = image.shape
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        cut = image[top : top + side, left : left + side]
        if side != SIDE_PX:
            way = cv2.INTER_AREA if side > SIDE_PX else cv2.INTER_LINEAR
            cut = cv2.resize(cut, (SIDE_PX, SIDE_PX), interpolation=way)
        return cls(np.ascontiguousarray(cut), side / SIDE_PX, float(left), float(top))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return column and row in the eye's picture of a place in the square."""
        return (
            (x + 0.5) * self.scale - 0.5 + self.left_px,
            (y + 0.5) * self.scale - 0.5 + self.top_px,
        )


def eyes_of(image: UInt8Image) -> tuple[UInt8Image, ...]:
    """Cut a frame into one picture for each eye.

    A frame at least 1.8 times as wide as high shows both eyes side by side (Neon sends 384 x 192,
    Project Aria 640 x 240); every other frame shows one.
    """
    height, width = image.shape
    if width < PAIR_ASPECT * height:
        return (image,)
    return image[:, : width // 2], image[:, width - width // 2 :]


def is_readable(image: UInt8Image) -> bool:
    """Tell whether a picture is large enough and not of one shade, as a covered camera's is."""
    if min(image.shape) < LEAST_SIDE_PX:
        return False
    return float(cv2.meanStdDev(image)[1][0, 0]) >= LEAST_SPREAD
