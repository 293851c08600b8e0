"""The part of a picture around the gaze, and the box that the gaze lies on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from firmware_bridge.packets import UInt8Image
from perception.events import Box


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A rectangle cut from a picture, with where it lay.

    Attributes:
        image: A view of the picture, uint8 BGR ``(height, width, 3)``.
        left_px: Column of its left edge in the picture.
        top_px: Row of its top edge in the picture.
    """

    image: UInt8Image
    left_px: int
    top_px: int

    @classmethod
    def around(cls, image: UInt8Image, x_px: float, y_px: float, side_px: int) -> Region | None:
        """Cut a square around the gaze, pushed back into the picture where it sticks out.

        Returns:
            The region, as large as the picture allows, or None when the gaze is unknown or lies
            outside the picture.
        """
        height, width = image.shape[:2]
        if not (math.isfinite(x_px) and math.isfinite(y_px)):
            return None
        if not (0 <= x_px < width and 0 <= y_px < height):
            return None
        left = round(min(max(x_px - side_px / 2, 0), max(width - side_px, 0)))
        top = round(min(max(y_px - side_px / 2, 0), max(height - side_px, 0)))
        return cls(image[top : top + side_px, left : left + side_px], left, top)

    def cuts(self, box: Box, picture: UInt8Image, margin_px: float = 2.0) -> bool:
        """Tell whether an edge of the region cuts through what a box in the picture bounds.

        Where an edge of the region is one of the picture's own there is no more to see.
        """
        height, width = self.image.shape[:2]
        right_px, bottom_px = self.left_px + width, self.top_px + height
        return (
            (0 < self.left_px >= box.x_px - margin_px)
            or (0 < self.top_px >= box.y_px - margin_px)
            or (picture.shape[1] > right_px <= box.x_px + box.width_px + margin_px)
            or (picture.shape[0] > bottom_px <= box.y_px + box.height_px + margin_px)
        )

    def to_scene(self, box: Box) -> Box:
        """Move a box found in the region to where it lies in the picture."""
        return Box(box.x_px + self.left_px, box.y_px + self.top_px, box.width_px, box.height_px)


def attended_box(
    boxes: Iterable[Box], x_px: float, y_px: float, margin_px: float = 0.0
) -> Box | None:
    """Return the smallest box that the gaze lies on.

    A box that holds the gaze goes before one that only lies within ``margin_px`` of it: a tracker
    is a degree off at times, but what it points at is still the best guess.
    """
    near = [box for box in boxes if box.contains(x_px, y_px, margin_px)]
    inside = [box for box in near if box.contains(x_px, y_px)]
    return min(inside or near, key=lambda box: box.area_px2, default=None)
