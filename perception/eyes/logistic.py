"""Evidence to probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression (Platt scaling where there is one feature beside the constant).

    Attributes:
        weights: One for each feature.
    """

    weights: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        """Return the probability for one row of features."""
        odds = sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-min(max(odds, -30.0), 30.0)))

    @classmethod
    def fit(
        cls,
        features: Matrix,
        is_true: npt.NDArray[np.bool_],
        row_weights: Matrix | None = None,
        ridge: float = 1.0,
    ) -> Logistic:
        """Fit by Newton's method.

        Args:
            features: Shape ``(n, k)``, the constant included.
            is_true: Shape ``(n,)``.
            row_weights: Shape ``(n,)``; None for equal ones.
            ridge: Pull of the weights towards 0.
        """
        counted = np.ones(len(features)) if row_weights is None else row_weights
        weights = np.zeros(features.shape[1])
        for _ in range(50):
            chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
            slope = features.T @ (counted * (is_true - chance)) - ridge * weights
            bend = (features * (counted * chance * (1 - chance))[:, None]).T @ features
            step = np.linalg.solve(bend + ridge * np.eye(len(weights)), slope)
            weights += step
            if float(np.abs(step).max()) < 1e-8:
                break
        return cls(tuple(float(weight) for weight in weights))
