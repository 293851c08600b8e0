"""The pupil as the darkest round thing: threshold and ellipse, in OpenCV alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import UInt8Image
from perception.eyes.logistic import Logistic
from perception.eyes.picture import SIDE_PX, Square, is_readable
from perception.eyes.pupil import Pupil

_AROUND = np.arange(16) * np.pi / 8
_CIRCLE = np.stack([np.cos(_AROUND), np.sin(_AROUND)])


@dataclass(frozen=True, slots=True)
class FinderSettings:
    """Sizes in pixels of the 128 x 128 square; chosen on the training subjects."""

    glint_px: int = 7
    """Bright spots smaller than this are painted over."""
    levels: tuple[float, ...] = (0.06, 0.11, 0.16, 0.21, 0.26, 0.31)
    """Thresholds, between the darkest shade (0) and the middle one (1)."""
    least_area_px2: float = 60.0
    """Smallest pupil."""
    largest_area_px2: float = 1300.0
    """Largest pupil."""
    least_aspect: float = 0.35
    """Short over long axis of the flattest pupil."""
    ring_px: float = 4.0
    """How far outside the pupil its surroundings are looked at."""
    darkest_px: int = 60
    """How many pixels are at most as dark as what counts as the darkest shade."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dark region, in pixels of the square.

    Attributes:
        x: Column of the centre.
        y: Row of the centre.
        width: Of the bounding box.
        height: Of the bounding box.
        contrast: Shade of the darkest part of its surroundings, in [0, 1] between the darkest
            and the middle shade of the picture.
        fill: Share of its convex hull that is dark.
        aspect: Short over long side.
        roundness: 1 where its area is that of an ellipse of its extent.
    """

    x: float
    y: float
    width: float
    height: float
    contrast: float
    fill: float
    aspect: float
    roundness: float

    @property
    def score(self) -> float:
        """How much like a pupil it is."""
        return self.contrast * self.fill**2 * float(self.aspect**1.5) * self.roundness

    @property
    def features(self) -> tuple[float, ...]:
        """What openness and confidence rest on, the constant last."""
        across = float(np.sqrt(self.width * self.height)) / 20
        return self.score, self.contrast, self.fill, self.aspect, across, self.y / SIDE_PX, 1.0


class ThresholdFinder:
    """Finds the pupil with nothing learned but the weights of its confidence.

    Every dark region at several thresholds is a candidate; the roundest one with the lightest
    surroundings wins.

    Args:
        settings: Sizes and thresholds.
    """

    def __init__(self, settings: FinderSettings | None = None) -> None:
        self._settings = settings or FinderSettings()

    def find(self, image: UInt8Image) -> Pupil:
        """Return the pupil; see :class:`perception.eyes.pupil.PupilFinder`."""
        if not is_readable(image):
            return Pupil()
        square = Square.of(image)
        found = self.candidate(square.image)
        if found is None:
            return Pupil()
        x_px, y_px = square.place(found.x, found.y)
        return Pupil(
            x_px=x_px,
            y_px=y_px,
            width_px=found.width * square.scale,
            height_px=found.height * square.scale,
            openness=OPENNESS.probability(found.features),
            confidence=CONFIDENCE.probability(found.features),
        )

    def candidate(self, image: UInt8Image) -> Candidate | None:
        """Return the region of a square picture, ``(128, 128)``, that is most like a pupil."""
        return max(self._candidates(image), key=lambda each: each.score, default=None)

    def _candidates(self, image: UInt8Image) -> Iterator[Candidate]:
        size = self._settings.glint_px
        calm = cv2.morphologyEx(image, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        calm = cv2.GaussianBlur(calm, (5, 5), 0)
        count = self._settings.darkest_px
        darkest = float(np.partition(calm[8:-8, 8:-8].ravel(), count)[count])
        middle = float(np.median(calm))
        for share in self._settings.levels:
            level = darkest + share * (middle - darkest)
            dark = cv2.threshold(calm, level, 255, cv2.THRESH_BINARY_INV)[1]
            for outline in cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
                found = self._measured(outline, calm, darkest, middle)
                if found is not None:
                    yield found

    def _measured(
        self, outline: npt.NDArray[np.int32], calm: UInt8Image, darkest: float, middle: float
    ) -> Candidate | None:
        settings = self._settings
        if len(outline) < 12:
            return None
        hull = cv2.convexHull(outline)
        moments = cv2.moments(hull)
        area = moments["m00"]
        if not settings.least_area_px2 < area < settings.largest_area_px2:
            return None
        short, long = sorted(cv2.minAreaRect(hull)[1])
        if short < settings.least_aspect * long:
            return None
        x, y = moments["m10"] / area, moments["m01"] / area
        ring = np.array([[x], [y]]) + (np.sqrt(area / np.pi) + settings.ring_px) * _CIRCLE
        columns, rows = np.clip(ring.astype(int), 0, SIDE_PX - 1)
        around = float(np.sort(calm[rows, columns])[1])
        _, _, width, height = cv2.boundingRect(hull)
        return Candidate(
            x=x,
            y=y,
            width=float(width),
            height=float(height),
            contrast=max(0.0, around - darkest) / (middle - darkest + 8),
            fill=cv2.contourArea(outline) / area,
            aspect=short / long,
            roundness=min(1.0, 1.2 - abs(1 - area / (np.pi * short * long / 4))),
        )


# Printed by `python -m training.pupil_confidence`.
OPENNESS = Logistic((5.996, 3.966, -0.395, 2.998, 0.598, 4.507, -6.523))
CONFIDENCE = Logistic((7.434, 3.743, 5.046, 2.082, 0.385, 4.224, -10.625))
