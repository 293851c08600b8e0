"""The gaze of one eye as a polynomial of where its pupil is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

REACH = 1.5


class Terms(StrEnum):
    """Which powers of the pupil's place the gaze is made of."""

    AFFINE = "affine"
    BILINEAR = "bilinear"
    QUADRATIC = "quadratic"

    def of(self, places: Points) -> Points:
        """Return the terms of scaled places; ``(n, 2)`` to ``(n, 3)``, ``(n, 4)`` or ``(n, 6)``."""
        x, y = places[:, 0], places[:, 1]
        columns = [np.ones_like(x), x, y, x * y, x**2, y**2]
        return np.stack(columns[: self.many], axis=1)

    @property
    def many(self) -> int:
        """How many they are."""
        return {Terms.AFFINE: 3, Terms.BILINEAR: 4, Terms.QUADRATIC: 6}[self]


@dataclass(frozen=True, slots=True)
class EyeMap:
    """The gaze of one eye as a polynomial of its pupil's place.

    Attributes:
        terms: Which powers.
        middle_px: Mean place of the pupil during calibration.
        spread_px: Standard deviation of that place.
        reach: Furthest place during calibration, in spreads.
        columns: Weights of the terms that give the scene column.
        rows: Weights of the terms that give the scene row.
    """

    terms: Terms
    middle_px: tuple[float, float]
    spread_px: tuple[float, float]
    reach: tuple[float, float]
    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def gaze(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return the scene pixel for a pupil's place."""
        terms = self.terms.of(self._scaled(x_px, y_px))[0]
        return float(terms @ self.columns), float(terms @ self.rows)

    def covers(self, x_px: float, y_px: float) -> bool:
        """Tell whether a place lies within one and a half times what was calibrated."""
        return bool((np.abs(self._scaled(x_px, y_px)[0]) <= REACH * np.array(self.reach)).all())

    def _scaled(self, x_px: float, y_px: float) -> Points:
        place = np.array([[x_px, y_px]], np.float64)
        return np.asarray((place - np.array(self.middle_px)) / np.array(self.spread_px))
