"""Fits the probabilities of the finders that are no networks.

``python -m training.pupil_confidence`` prints what stands as OPENNESS and CONFIDENCE in
``perception/eyes/finder.py`` and ``detectors.py``. Only the network's training subjects are seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.data.near_eye import NearEye, centres_px, read_near_eye
from perception.eyes import detectors
from perception.eyes.finder import ThresholdFinder
from perception.eyes.logistic import Logistic
from training.pupil import HELD_OUT, NEAR_PX, harder

Evidence = tuple[float, float, Sequence[float]]
Look = Callable[[npt.NDArray[np.uint8]], Evidence | None]


def threshold(image: npt.NDArray[np.uint8]) -> Evidence | None:
    """Return centre and features of the threshold finder's candidate."""
    found = ThresholdFinder().candidate(image)
    return None if found is None else (found.x, found.y, found.features)


def pupil_detectors() -> Look:
    """Return the same for pupil-detectors."""
    detector = detectors.PupilDetectors()

    def look(image: npt.NDArray[np.uint8]) -> Evidence | None:
        found = detector.detect(image)
        if found["diameter"] <= 0:
            return None
        return (*found["ellipse"]["center"], detectors.features(found))

    return look


def probabilities(look: Look, plain: NearEye, hardened: NearEye) -> tuple[Logistic, Logistic]:
    """Fit openness on pictures as they are, and confidence on hardened ones too."""
    as_is, hard = _seen(look, plain), _seen(look, hardened)
    features = np.concatenate([as_is.features, hard.features])
    is_near = np.concatenate([as_is.is_near, hard.is_near])
    return Logistic.fit(as_is.features, as_is.is_open), Logistic.fit(features, is_near)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Pictures in which something was found; ``(n, features)`` and ``(n,)``."""

    features: npt.NDArray[np.float64]
    is_open: npt.NDArray[np.bool_]
    is_near: npt.NDArray[np.bool_]


def _seen(look: Look, data: NearEye) -> Seen:
    centres, rows = centres_px(data.masks), []
    for index, image in enumerate(data.images):
        found = look(image)
        if found is None:
            continue
        x, y, features = found
        apart = float(np.hypot(x - centres[index, 0], y - centres[index, 1]))
        near = bool(data.is_open[index]) and apart <= NEAR_PX
        rows.append((features, not data.is_blink[index], near))
    found_features, is_open, is_near = zip(*rows, strict=True)
    return Seen(np.array(found_features), np.array(is_open), np.array(is_near))


def main() -> None:
    """Fit and print."""
    plain = read_near_eye().without(HELD_OUT)
    hardened = harder(plain)
    for name, look in (("finder", threshold), ("detectors", pupil_detectors())):
        for kind, fitted in zip(
            ("OPENNESS", "CONFIDENCE"), probabilities(look, plain, hardened), strict=True
        ):
            print(name, kind, tuple(round(weight, 3) for weight in fitted.weights))


if __name__ == "__main__":
    main()
