"""Recorded eye movements taken apart: how long each lasted, and how gaze trembled within it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
import numpy.typing as npt

from evals.data.gaze_events import FIXATION, LOST, PURSUIT, GazeRecording, read_hmr

LEAST_S = 0.1
LONGEST_BLINK_S = 0.5

_SMOOTH_S = 0.06

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """One recorded fixation, smooth pursuit or blink at 200 Hz.

    Attributes:
        tremor_deg: Gaze around its own smooth path, shape ``(n, 2)``.
        confidence: Of each sample, in [0, 1], shape ``(n,)``.
        is_blink: The eyes were closed or lost.
    """

    tremor_deg: Floats
    confidence: Floats
    is_blink: bool

    def __len__(self) -> int:
        return len(self.confidence)


@dataclass(frozen=True, slots=True, eq=False)
class EyeTrace:
    """What one eye of one person did, in order, saccades left out."""

    person: str
    rate_hz: float
    stays: tuple[Stay, ...]


@cache
def read_traces() -> tuple[EyeTrace, ...]:
    """Read every eye of the head-mounted recordings.

    Raises:
        DataError: ``no-data`` or ``damaged-data``.
    """
    return tuple(_trace(recording) for recording in read_hmr())


def _trace(recording: GazeRecording) -> EyeTrace:
    return EyeTrace(recording.person, recording.rate_hz, tuple(_stays(recording)))


def _stays(recording: GazeRecording) -> Iterator[Stay]:
    start = 0
    for label, run in groupby(recording.labels):
        count = len(list(run))
        part, start = slice(start, start + count), start + count
        seconds = count / recording.rate_hz
        if label in (FIXATION, PURSUIT) and seconds >= LEAST_S:
            gaze = np.stack([recording.x_deg[part], recording.y_deg[part]], axis=1)
            yield Stay(_tremor(gaze, recording.rate_hz), recording.confidence[part], False)
        elif label == LOST and seconds <= LONGEST_BLINK_S:
            yield Stay(np.zeros((count, 2)), np.zeros(count), True)


def _tremor(gaze_deg: Floats, rate_hz: float) -> Floats:
    """What is left of gaze once its smooth path, drift and pursuit, is taken out."""
    sigma = _SMOOTH_S * rate_hz
    return np.asarray(np.clip(gaze_deg - smooth(gaze_deg, sigma), -3.0, 3.0), np.float64)


def smooth(path: Floats, sigma: float) -> Floats:
    """Return a path, shape ``(n, 2)``, convolved with a Gaussian of ``sigma`` samples."""
    reach = max(1, round(3 * sigma))
    kernel = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    padded = np.pad(path, ((reach, reach), (0, 0)), mode="edge")
    columns = [np.convolve(column, kernel / kernel.sum(), mode="valid") for column in padded.T]
    return np.stack(columns, axis=1)
