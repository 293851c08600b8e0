"""Gaze samples in, one label for each out: the network with what it needs before and behind."""

from __future__ import annotations

from collections import deque
from functools import cache

import numpy as np
import numpy.typing as npt

from assets.trained import weights
from perception.attention.decoding import FixedLag
from perception.attention.motion import AHEAD, HISTORY, describe
from perception.attention.network import TemporalNetwork, Weights
from perception.attention.resampling import CHANNELS, Floats, Resampler, Times, X
from perception.events import EyeMovementKind

Strings = npt.NDArray[np.str_]
Classes = npt.NDArray[np.int64]

FIXATION, SACCADE, PURSUIT, LOST = range(4)
"""Classes of the network; ``LOST`` is a blink or noise."""
NAMES = (EyeMovementKind.FIXATION, EyeMovementKind.SACCADE, EyeMovementKind.PURSUIT)
LONGEST_BLINK_NS = 500_000_000
GAP_NS = 150_000_000
_BLOCK = 4096


@cache
def trained() -> Weights:
    """Return the weights that are shipped.

    Raises:
        AssetError: They are missing or changed.
    """
    return Weights.load(weights("eye-movements"))


class GazeClassifier:
    """Labels gaze in degrees at 100 to 1000 Hz, each sample at most 50 ms later.

    Gaze is put on a grid of 4 ms, described by its movement at several scales, given to a causal
    network, and its probabilities decoded with a fixed lag. The degrees may be rough: a camera that
    is not calibrated is off by a factor.

    Samples must come in time order. A gap of 150 ms settles what came before and starts afresh.
    """

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or trained()
        self._start()

    def _start(self) -> None:
        weights = self._weights
        self._resampler = Resampler()
        self._network = TemporalNetwork(weights)
        self._decoder = FixedLag(weights.costs.tolist(), weights.lag)
        self._grid = np.zeros((CHANNELS, HISTORY))
        self._grid[X : X + 2] = np.nan
        self._steps: deque[int] = deque()
        self._early = weights.delay
        self._settled: list[int] = []
        self._first = 0
        self._last_ns = 0

    def push(self, t_ns: Times, x_deg: Floats, y_deg: Floats, confidence: Floats) -> list[int]:
        """Take samples and return the labels that are certain now.

        Args:
            t_ns: Rising, shape ``(n,)``.
            x_deg: Shape ``(n,)``; NaN where the eyes are lost.
            y_deg: Shape ``(n,)``; NaN where the eyes are lost.
            confidence: In [0, 1], shape ``(n,)``.

        Returns:
            Classes of the oldest samples that had none yet, in order.
        """
        labels: list[int] = []
        before_ns = self._last_ns if not self._resampler.is_empty else int(t_ns[0])
        gaps = np.flatnonzero(np.diff(t_ns, prepend=before_ns) > GAP_NS)
        for start, end in zip([0, *gaps], [*gaps, len(t_ns)], strict=True):
            if start in gaps:
                labels += self.flush()
            for begin in range(start, end, _BLOCK):
                part = slice(begin, min(begin + _BLOCK, end))
                labels += self._take(t_ns[part], x_deg[part], y_deg[part], confidence[part])
        return labels

    def flush(self) -> list[int]:
        """Settle what is left and start afresh."""
        if self._resampler.is_empty:
            return []
        grid = self._resampler.flush()
        rest = np.concatenate([self._grid, grid], axis=1)[:, -1:]
        ahead = np.repeat(rest, AHEAD + self._weights.delay, axis=1)
        self._advance(np.concatenate([grid, ahead], axis=1))
        self._settled += self._decoder.flush()
        labels = self._labelled()
        self._start()
        return labels

    def _take(self, t_ns: Times, x_deg: Floats, y_deg: Floats, confidence: Floats) -> list[int]:
        self._last_ns = int(t_ns[-1])
        grid = self._resampler.push(t_ns, x_deg, y_deg, confidence)
        self._steps.extend(self._resampler.steps_of(t_ns).tolist())
        self._advance(grid)
        return self._labelled()

    def _advance(self, grid: Floats) -> None:
        if grid.shape[1] == 0:
            return
        self._grid = np.concatenate([self._grid, grid], axis=1)
        if self._grid.shape[1] <= HISTORY + AHEAD:
            return
        likely = self._network(describe(self._grid))
        self._grid = self._grid[:, -(HISTORY + AHEAD) :]
        unborn = min(self._early, len(likely))
        self._early -= unborn
        self._settled += self._decoder.push(likely[unborn:].tolist())

    def _labelled(self) -> list[int]:
        """Hand the settled steps' labels to their samples."""
        labels = []
        while self._steps and self._steps[0] < self._first + len(self._settled):
            labels.append(self._settled[self._steps.popleft() - self._first])
        next_step = self._steps[0] - self._first if self._steps else len(self._settled)
        done = min(next_step, len(self._settled))
        self._first += done
        del self._settled[:done]
        return labels


def classify(
    t_s: Floats, x_deg: Floats, y_deg: Floats, confidence: Floats | None = None
) -> Strings:
    """Tell of every gaze sample what the eyes did, as the live stage does.

    Args:
        t_s: Time of each sample in seconds, shape ``(n,)``, at 100 to 1000 Hz, steady or not.
        x_deg: Gaze rightwards in degrees, shape ``(n,)``; NaN where the eyes are lost. Of pupils in
            an eye camera, some 130 degrees for the width of the picture will do.
        y_deg: Gaze downwards in degrees, shape ``(n,)``.
        confidence: In [0, 1], shape ``(n,)``; all 1 if left out.

    Returns:
        Values of :class:`~perception.events.EyeMovementKind`, dtype ``<U14``, shape ``(n,)``:
        ``"fixation"``, ``"saccade"``, ``"smooth pursuit"``, ``"blink"`` or ``"noise"``. Lost eyes
        are a blink up to 0.5 s and noise beyond. A sample that is not later than one before it is
        noise.

    Raises:
        ValueError: The shapes differ, or a time or confidence is no number.
        AssetError: The weights are missing or changed.
    """
    t_s, x_deg, y_deg = (np.asarray(values, np.float64) for values in (t_s, x_deg, y_deg))
    sure = np.ones_like(t_s) if confidence is None else np.asarray(confidence, np.float64)
    _require_samples(t_s, x_deg, y_deg, sure)
    t_ns = np.rint(t_s * 1e9).astype(np.int64)
    is_next = np.diff(np.maximum.accumulate(t_ns), prepend=t_ns[:1] - 1) > 0
    names = np.full(len(t_ns), EyeMovementKind.NOISE, dtype="<U14")
    if is_next.any():
        classifier = GazeClassifier()
        labels = classifier.push(t_ns[is_next], x_deg[is_next], y_deg[is_next], sure[is_next])
        names[is_next] = _named(t_ns[is_next], np.array(labels + classifier.flush()))
    return names


def kind_of_loss(duration_ns: int) -> EyeMovementKind:
    """Return what lost eyes are called: a blink, or noise if it lasts longer than blinks do."""
    return EyeMovementKind.BLINK if duration_ns <= LONGEST_BLINK_NS else EyeMovementKind.NOISE


def _named(t_ns: Times, classes: Classes) -> Strings:
    """Name the classes; what lost eyes are called depends on how long they are lost."""
    names: Strings = np.array([*NAMES, EyeMovementKind.NOISE])[classes]
    edges = np.flatnonzero(np.diff(classes == LOST, prepend=False, append=False))
    for start, end in edges.reshape(-1, 2):
        names[start:end] = kind_of_loss(int(t_ns[min(end, len(t_ns) - 1)] - t_ns[start]))
    return names


def _require_samples(*arrays: Floats) -> None:
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1 or arrays[0].ndim != 1:
        raise ValueError(f"gaze must be arrays of one shape (n,), but got {sorted(shapes)}")
    if not (np.isfinite(arrays[0]).all() and np.isfinite(arrays[3]).all()):
        raise ValueError("times and confidences must be numbers, but some are not")
