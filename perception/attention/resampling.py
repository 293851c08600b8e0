"""Gaze of any rate in, gaze on one grid in time out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

STEP_MS = 4.0
X, Y, SEEN, CONFIDENCE, KNOWN = range(5)
"""Rows of a grid: degrees, degrees, and three shares in [0, 1]."""
CHANNELS = 5
BRIDGED_MS = 45.0
EDGE_MS = 1.0
_PARTS_MS = np.array([-1.5, -0.5, 0.5, 1.5])


class Resampler:
    """Steps of 4 ms: gaze is taken as linear between samples and averaged over each step.

    Lost samples keep the last place that was seen. So does a pause between two samples that is
    longer than the slowest tracker's.

    A step is given back once a sample later than its end has come.
    """

    def __init__(self) -> None:
        self._origin_ns = 0
        self._next = 0
        self._nodes: Floats = np.empty((CHANNELS, 0))

    @property
    def is_empty(self) -> bool:
        """No sample has come yet."""
        return len(self._nodes[0]) == 0

    def steps_of(self, t_ns: Times) -> Times:
        """Return the step that each time falls into, shape ``(n,)``, counted from the first."""
        steps: Times = np.rint((t_ns - self._origin_ns) / (1e6 * STEP_MS)).astype(np.int64)
        return steps

    def push(self, t_ns: Times, x_deg: Floats, y_deg: Floats, confidence: Floats) -> Floats:
        """Take samples with rising times, shapes ``(n,)``; return steps, shape ``(5, m)``."""
        if self.is_empty:
            self._origin_ns = int(t_ns[0])
        self._nodes = self._joined(
            (t_ns - self._origin_ns) / 1e6, np.array([x_deg, y_deg]), confidence
        )
        last_ms = float(self._nodes[0, -1])
        return self._until(int((last_ms - _PARTS_MS[-1]) // STEP_MS) + 1)

    def flush(self) -> Floats:
        """Return the steps up to the last sample's, shape ``(5, m)``."""
        if self.is_empty:
            return np.empty((CHANNELS, 0))
        return self._until(round(float(self._nodes[0, -1]) / STEP_MS) + 1)

    def _joined(self, t_ms: Floats, at_deg: Floats, confidence: Floats) -> Floats:
        """Nodes ``(t, x, y, seen, confidence)`` with every lost place filled in."""
        is_seen = np.isfinite(at_deg).all(axis=0) & (confidence > 0.0)
        at_deg = np.where(is_seen, at_deg, np.nan)
        seen = is_seen.astype(np.float64)
        new = np.vstack([t_ms, at_deg, seen, np.where(is_seen, confidence, 0.0)])
        nodes = _held(np.hstack([self._nodes, new]))
        pauses = np.flatnonzero(np.diff(nodes[0]) > BRIDGED_MS)
        if len(pauses) == 0:
            return nodes
        lost = nodes[:, np.repeat(pauses, 2)]
        lost[0, 0::2] += EDGE_MS
        lost[0, 1::2] = nodes[0, pauses + 1] - EDGE_MS
        lost[3:] = 0.0
        return np.insert(nodes, np.repeat(pauses + 1, 2), lost, axis=1)

    def _until(self, end: int) -> Floats:
        if end <= self._next:
            return np.empty((CHANNELS, 0))
        steps = np.arange(self._next, end)
        at_ms = (steps[:, None] * STEP_MS + _PARTS_MS).ravel()
        parts = [np.interp(at_ms, self._nodes[0], values) for values in self._nodes[1:]]
        grid = np.ones((CHANNELS, len(steps)))
        grid[:-1] = np.reshape(parts, (CHANNELS - 1, -1, len(_PARTS_MS))).mean(axis=2)
        self._next = end
        first_ms = self._next * STEP_MS + _PARTS_MS[0]
        used = int(np.searchsorted(self._nodes[0], first_ms, side="right")) - 1
        self._nodes = self._nodes[:, max(0, min(used, self._nodes.shape[1] - 1)) :]
        return grid


def _held(nodes: Floats) -> Floats:
    """Fill lost places with the last one that was seen."""
    last = np.maximum.accumulate(np.where(np.isfinite(nodes[1]), np.arange(nodes.shape[1]), 0))
    nodes[1:3] = nodes[1:3, last]
    return nodes
