"""A causal temporal convolutional network, run on numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

TAPS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A trained network.

    Attributes:
        mean: Of the features, shape ``(features,)``.
        scale: What features are divided by, shape ``(features,)``.
        enter: Features to channels, shape ``(features, channels)``, with its bias below.
        convolve: Of each layer, shape ``(layers, 3 * channels, channels)``, oldest tap first.
        mix: Of each layer, shape ``(layers, channels, channels)``.
        leave: Channels to classes, shape ``(channels, classes)``.
        costs: Of changing from one class (row) to another (column), in nats.
        delay: Steps that the network's output is behind its features.
        lag: Steps that a decoder waits before it settles a label.
    """

    mean: Array
    scale: Array
    enter: Array
    enter_bias: Array
    convolve: Array
    convolve_bias: Array
    mix: Array
    mix_bias: Array
    leave: Array
    leave_bias: Array
    costs: Array
    delay: int
    lag: int

    @classmethod
    def load(cls, path: Path) -> Weights:
        """Read a file written by training."""
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name].astype(np.float32) for name in cls.__slots__[:-2]}
            return cls(**arrays, delay=int(file["delay"]), lag=int(file["lag"]))


class TemporalNetwork:
    """Residual layers of dilated convolutions; each layer looks twice as far back as the last.

    Bai et al. (arXiv 1803.01271), with batch normalisation folded into the weights. What the layers
    have seen is kept, so that any division of a stream into calls gives the same output.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        channels = weights.enter.shape[1]
        self._past = [
            np.zeros(((TAPS - 1) << layer, channels), np.float32)
            for layer in range(len(weights.convolve))
        ]

    def __call__(self, features: Array) -> Array:
        """Return log-probabilities, shape ``(n, classes)``, of features ``(n, features)``."""
        weights = self._weights
        inner = (features - weights.mean) / weights.scale
        inner = np.maximum(inner @ weights.enter + weights.enter_bias, 0.0)
        for layer in range(len(weights.convolve)):
            inner = inner + self._layer(layer, inner)
        scores = inner @ weights.leave + weights.leave_bias
        scores -= scores.max(axis=1, keepdims=True)
        likely: Array = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return likely

    def _layer(self, layer: int, inner: Array) -> Array:
        weights, dilation, count = self._weights, 1 << layer, len(inner)
        known = np.concatenate([self._past[layer], inner])
        self._past[layer] = known[len(known) - (TAPS - 1) * dilation :]
        taps = np.concatenate([known[n * dilation :][:count] for n in range(TAPS)], axis=1)
        hidden = np.maximum(taps @ weights.convolve[layer] + weights.convolve_bias[layer], 0.0)
        mixed: Array = hidden @ weights.mix[layer] + weights.mix_bias[layer]
        return mixed
