"""The pupil by Pupil Labs' 2D detector, where its package is installed."""

from __future__ import annotations

import math
from typing import Any

from firmware_bridge.packets import UInt8Image
from perception.eyes.logistic import Logistic
from perception.eyes.picture import SIDE_PX, Square, is_readable
from perception.eyes.pupil import Pupil
from perception.stage import PerceptionError

PROPERTIES = {"pupil_size_min": 8, "pupil_size_max": 50, "intensity_range": 30}
"""For 128 x 128 pixels, chosen on the training subjects; the rest as its makers set it."""


class PupilDetectors:
    """Finds the pupil with ``pupil-detectors`` (Kassner et al., UbiComp 2014).

    Raises:
        PerceptionError: The package is not installed.
    """

    def __init__(self) -> None:
        try:
            from pupil_detectors import Detector2D
        except ImportError as error:
            raise PerceptionError(
                "no-pupil-detectors",
                "pupil-detectors is not installed; to have it: "
                "pip install --no-deps cysignals pupil-detectors",
            ) from error
        self._detector = Detector2D(PROPERTIES)

    def __reduce__(self) -> tuple[type[PupilDetectors], tuple[()]]:
        return PupilDetectors, ()

    def find(self, image: UInt8Image) -> Pupil:
        """Return the pupil; see :class:`perception.eyes.pupil.PupilFinder`."""
        if not is_readable(image):
            return Pupil()
        square = Square.of(image)
        found = self.detect(square.image)
        evidence = features(found)
        if found["diameter"] <= 0:
            return Pupil(openness=OPENNESS.probability(evidence))
        x_px, y_px = square.place(*found["ellipse"]["center"])
        width, height = extent(found["ellipse"])
        return Pupil(
            x_px=x_px,
            y_px=y_px,
            width_px=width * square.scale,
            height_px=height * square.scale,
            openness=OPENNESS.probability(evidence),
            confidence=CONFIDENCE.probability(evidence),
        )

    def detect(self, image: UInt8Image) -> dict[str, Any]:
        """Return the detector's own result for a square picture, shape ``(128, 128)``."""
        result: dict[str, Any] = self._detector.detect(image)
        return result


def features(found: dict[str, Any]) -> tuple[float, ...]:
    """Return what openness and confidence rest on, the constant last."""
    long, short = sorted(found["ellipse"]["axes"], reverse=True)
    aspect = short / long if long > 0 else 0.0
    return found["confidence"], aspect, long / 20, found["ellipse"]["center"][1] / SIDE_PX, 1.0


def extent(ellipse: dict[str, Any]) -> tuple[float, float]:
    """Return width and height of the box around an ellipse, in pixels of the square."""
    first, second = (axis / 2 for axis in ellipse["axes"])
    turn = math.radians(ellipse["angle"])
    width = 2 * math.hypot(first * math.cos(turn), second * math.sin(turn))
    return width, 2 * math.hypot(first * math.sin(turn), second * math.cos(turn))


# Printed by `python -m training.pupil_confidence`.
OPENNESS = Logistic((2.193, 2.755, 2.239, 4.669, -7.594))
CONFIDENCE = Logistic((5.133, 3.392, 3.948, 3.219, -12.716))
