"""The classic classifiers of eye movements: baselines beside the network.

Salvucci and Goldberg (2000) for I-VT and I-DT, Komogortsev and Karpov (2013) for I-VVT and I-VDT.
Each takes a whole recording and gives the classes of :mod:`perception.attention.classifier`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perception.attention.classifier import FIXATION, LOST, PURSUIT, SACCADE, Classes
from perception.attention.resampling import Floats

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the classifiers compare with; each uses some of these."""

    saccade_deg_s: float = 60.0
    """Speed from which the eyes jump, in degrees per second."""
    pursuit_deg_s: float = 8.0
    """Speed from which steady eyes follow something, in degrees per second."""
    dispersion_deg: float = 1.0
    """Width plus height of what a fixation may cover, in degrees."""
    window_s: float = 0.1
    """Stretch over which dispersion is measured, and shortest fixation, in seconds."""
    velocity_s: float = 0.02
    """Stretch over which speed is measured, in seconds."""
    least_confidence: float = 0.5
    """Samples below this are lost."""


@dataclass(frozen=True, slots=True, eq=False)
class Gaze:
    """A recording in degrees; all arrays have shape ``(n,)``."""

    t_s: Floats
    x_deg: Floats
    y_deg: Floats
    confidence: Floats

    def seen(self, least_confidence: float) -> Flags:
        """Where the eyes are seen, shape ``(n,)``."""
        is_number: Flags = np.isfinite(self.x_deg) & np.isfinite(self.y_deg)
        return is_number & (self.confidence >= least_confidence)


def ivt(gaze: Gaze, thresholds: Thresholds) -> Classes:
    """Velocity threshold: saccades, and fixations between."""
    classes = np.where(_is_fast(gaze, thresholds), SACCADE, FIXATION)
    return _lost(classes, gaze, thresholds)


def idt(gaze: Gaze, thresholds: Thresholds) -> Classes:
    """Dispersion threshold: fixations while gaze stays together, and saccades between."""
    classes = np.where(_is_together(gaze, thresholds), FIXATION, SACCADE)
    return _lost(classes, gaze, thresholds)


def ivvt(gaze: Gaze, thresholds: Thresholds) -> Classes:
    """Two velocity thresholds: saccades, smooth pursuits and fixations."""
    slow = np.where(
        _speed(gaze, thresholds.window_s) >= thresholds.pursuit_deg_s, PURSUIT, FIXATION
    )
    classes = np.where(_is_fast(gaze, thresholds), SACCADE, slow)
    return _lost(classes, gaze, thresholds)


def ivdt(gaze: Gaze, thresholds: Thresholds) -> Classes:
    """Velocity for saccades, dispersion for fixations, and smooth pursuits are what remains."""
    slow = np.where(_is_together(gaze, thresholds), FIXATION, PURSUIT)
    classes = np.where(_is_fast(gaze, thresholds), SACCADE, slow)
    return _lost(classes, gaze, thresholds)


def _is_fast(gaze: Gaze, thresholds: Thresholds) -> Flags:
    is_fast: Flags = _speed(gaze, thresholds.velocity_s) >= thresholds.saccade_deg_s
    return is_fast


def _speed(gaze: Gaze, window_s: float) -> Floats:
    """Speed across a window around each sample, in degrees per second."""
    first = np.searchsorted(gaze.t_s, gaze.t_s - window_s / 2 - 1e-9)
    last = np.searchsorted(gaze.t_s, gaze.t_s + window_s / 2 + 1e-9, side="right") - 1
    way_deg = np.hypot(gaze.x_deg[last] - gaze.x_deg[first], gaze.y_deg[last] - gaze.y_deg[first])
    return np.nan_to_num(way_deg / np.maximum(gaze.t_s[last] - gaze.t_s[first], 1e-3))


def _is_together(gaze: Gaze, thresholds: Thresholds) -> Flags:
    """Samples of some window whose width and height together stay below the threshold."""
    count = max(2, round(thresholds.window_s / float(np.median(np.diff(gaze.t_s)))))
    is_together = np.zeros(len(gaze.t_s), np.int64)
    if len(gaze.t_s) < count:
        return is_together > 0
    spread_deg = sum(
        (
            np.ptp(np.lib.stride_tricks.sliding_window_view(axis, count), axis=1)
            for axis in (gaze.x_deg, gaze.y_deg)
        ),
        np.zeros(()),
    )
    starts = np.flatnonzero(spread_deg <= thresholds.dispersion_deg)
    np.add.at(is_together, starts, 1)
    covered = np.cumsum(is_together)
    covered[count:] -= covered[:-count].copy()
    return covered > 0


def _lost(classes: Classes, gaze: Gaze, thresholds: Thresholds) -> Classes:
    return np.where(gaze.seen(thresholds.least_confidence), classes, LOST)
