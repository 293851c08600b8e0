"""The weights of recall, fitted on conversations whose evidence is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ROUNDS = 12
RIDGE = 2e-3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One question.

    Attributes:
        features: Of each candidate, shape ``(n, k)``.
        is_evidence: Whether it answers, shape ``(n,)``, at least once true.
    """

    features: Floats
    is_evidence: npt.NDArray[np.bool_]


def fit(examples: Sequence[Example]) -> Floats:
    """Return the weights under which evidence is likeliest to be drawn first, shape ``(k,)``.

    A conditional logit (McFadden 1974; as ListNet's top-one likelihood, Cao et al. 2007): a
    candidate is drawn with a probability in proportion to ``exp(features @ weights)``, and each
    piece of evidence of a question shares its one count. The ridge is on features in units of their
    spread. The loss is convex, and Newton's steps end at its one lowest point.
    """
    everything = np.concatenate([example.features for example in examples])
    spread = everything.std(axis=0) + 1e-9
    weights = np.zeros(len(spread))
    for _ in range(ROUNDS):
        gradient, curvature = 2 * RIDGE * weights, 2 * RIDGE * np.eye(len(spread))
        for example in examples:
            features = example.features / spread
            chances = np.exp(features @ weights - (features @ weights).max())
            chances /= chances.sum()
            mean = chances @ features
            gradient += (mean - features[example.is_evidence].mean(axis=0)) / len(examples)
            centred = features - mean
            curvature += (centred.T * chances) @ centred / len(examples)
        weights -= np.linalg.solve(curvature, gradient)
    return np.asarray(weights / spread, np.float64)
