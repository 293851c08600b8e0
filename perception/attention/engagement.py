"""The temporal visual attention network: from evidence to the probability of attention."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assets import trained
from perception.attention.evidence import FEATURES

WEIGHTS = "attention"

Floats = npt.NDArray[np.float32]


class Judge(Protocol):
    """Says how probable attention is, tick by tick."""

    @property
    def delay(self) -> int:
        """How many ticks ago the tick lies that an answer is about."""
        ...

    def step(self, row: Floats) -> float:
        """Take the evidence of the next tick, shape ``(27,)``, and return a probability."""
        ...

    def reset(self) -> None:
        """Forget all ticks so far."""
        ...


class Engagement:
    """A gated recurrent unit over evidence, after MemX's TVA network (arXiv 2105.00916).

    MemX does not publish its layers; this is a small network for the same purpose: eye movements
    and what lies under the gaze, unified through time. Inference is numpy; training with torch is
    in ``training/attention.py``. The gates are those of Cho et al. (2014) as torch writes them.

    Args:
        path: Weights in numpy's format; those of the repository where it is left out.

    Raises:
        AssetError: The weights of the repository are damaged.
        ValueError: The weights are for other evidence.
    """

    def __init__(self, path: Path | None = None) -> None:
        with np.load(path or trained.weights(WEIGHTS)) as stored:
            self._weights = {name: stored[name] for name in stored.files if name != "features"}
            known = tuple(str(name) for name in stored["features"])
        self._hidden: Floats = np.zeros(0, np.float32)
        if known != FEATURES:
            raise ValueError(f"the network was trained on {known}, but the evidence is {FEATURES}")
        self.reset()

    @property
    def delay(self) -> int:
        """None: it knows no more than there is."""
        return 0

    def step(self, row: Floats) -> float:
        """Take the evidence of the next tick, shape ``(27,)``, and return a probability."""
        weights, size = self._weights, len(self._hidden)
        x = (row - weights["mean"]) * weights["scale"]
        inner = weights["input"] @ x + weights["input_bias"]
        outer = weights["hidden"] @ self._hidden + weights["hidden_bias"]
        gates = _sigmoid(inner[: 2 * size] + outer[: 2 * size])
        reset, keep = gates[:size], gates[size:]
        new = np.tanh(inner[2 * size :] + reset * outer[2 * size :])
        self._hidden = np.asarray(keep * self._hidden + (1 - keep) * new, np.float32)
        logit = weights["head"] @ self._hidden + weights["head_bias"]
        return float(_sigmoid(weights["slope"] * logit + weights["offset"]))

    def reset(self) -> None:
        """Forget all ticks so far."""
        self._hidden = np.zeros(self._weights["hidden"].shape[1], np.float32)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-x)), np.float32)
