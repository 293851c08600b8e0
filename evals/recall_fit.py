"""The weights of recall, fitted on conversations whose evidence is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ROUNDS = 12
LEAST_STEP = 1e-6
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
    spread. The loss is convex, and Newton's steps, halved until they lead down, end at its one
    lowest point.
    """
    spread = np.concatenate([example.features for example in examples]).std(axis=0) + 1e-9
    scaled = [Example(example.features / spread, example.is_evidence) for example in examples]
    weights = np.zeros(len(spread))
    for _ in range(ROUNDS):
        loss, gradient, curvature = _lie_of(scaled, weights)
        step = np.linalg.solve(curvature, gradient)
        while _lie_of(scaled, weights - step)[0] > loss and np.abs(step).max() > LEAST_STEP:
            step /= 2
        weights -= step
    return np.asarray(weights / spread, np.float64)


def _lie_of(examples: Sequence[Example], weights: Floats) -> tuple[float, Floats, Floats]:
    """Return the loss at some weights, its gradient and its curvature."""
    loss = RIDGE * float(weights @ weights)
    gradient, curvature = 2 * RIDGE * weights, 2 * RIDGE * np.eye(len(weights))
    for example in examples:
        scores = example.features @ weights
        chances = np.exp(scores - scores.max())
        total = chances.sum()
        chances /= total
        mean = chances @ example.features
        centred = example.features - mean
        drawn = scores[example.is_evidence].mean() - scores.max() - np.log(total)
        loss -= float(drawn) / len(examples)
        gradient += (mean - example.features[example.is_evidence].mean(axis=0)) / len(examples)
        curvature += (centred.T * chances) @ centred / len(examples)
    return loss, gradient, curvature
