"""What gaze does around each step of the grid, in numbers that do not tell where it is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perception.attention.resampling import CONFIDENCE, KNOWN, SEEN, STEP_MS, Floats, X

Features = npt.NDArray[np.float32]

HISTORY = 256
"""Steps before the first one described that must be given."""
AHEAD = 2
"""Steps after the last one described that must be given."""
FEATURES = 29

_STEP_S = STEP_MS / 1000.0
_SMOOTHED = 4
_WINDOWS = np.array([8, 16, 32, 64, 128, 250])
_TURNS = np.array([16, 50])
_STRIDE = 8
_PATHS = (8, 16)
_MARKS = np.arange(_PATHS[-1] + 1) * _STRIDE
_SPREADS = np.array([16, 50, 125])
_NOISE = np.array([64, 250])
_LOSSES = np.array([25, 125])
_LIFE = np.array([250])
_FAST_DEG_S = 20.0
_SLOW_DEG_S = 0.5
_CLOSE_DEG = 0.05
_STILL_DEG = 0.02
_FLOOR_DEG = 0.003


def describe(grid: Floats) -> Features:
    """Return features of speed, direction, spread, noise and loss at several scales.

    Args:
        grid: Steps of a resampler, shape ``(..., 5, HISTORY + n + AHEAD)``. Steps before the
            start of a stream are NaN in place and 0 elsewhere.

    Returns:
        Shape ``(..., n, FEATURES)``.
    """
    at_deg = _begun(grid[..., X : X + 2, :])
    # Sums keep their digits only close to zero.
    at_deg = at_deg - at_deg[..., HISTORY : HISTORY + 1]
    groups = [
        *_velocity(at_deg),
        *_travel(at_deg),
        _spread(at_deg),
        _noise(at_deg),
        *_loss(grid),
    ]
    return np.concatenate(groups, axis=-1).astype(np.float32)


def _begun(at_deg: Floats) -> Floats:
    """Put gaze that was not seen yet where it is first seen."""
    is_seen = np.isfinite(at_deg)
    if is_seen.all():
        return at_deg
    first = np.argmax(is_seen, axis=-1)[..., None]
    return np.where(is_seen, at_deg, np.nan_to_num(np.take_along_axis(at_deg, first, axis=-1)))


def _at(values: Floats, offsets: npt.NDArray[np.int64]) -> Floats:
    """The values so many steps after each described step, shape ``(..., n, offsets)``."""
    steps = np.arange(HISTORY, values.shape[-1] - AHEAD)
    taken: Floats = values[..., steps[:, None] + offsets]
    return taken


def _means(values: Floats, windows: npt.NDArray[np.int64], ahead: int) -> Floats:
    """Means of the last so many values up to ``ahead`` steps later, ``(..., n, windows)``."""
    sums = np.cumsum(values, axis=-1)
    return (_at(sums, np.full(len(windows), ahead)) - _at(sums, ahead - windows)) / windows


def _length(vectors: Floats) -> Floats:
    """Length of vectors whose parts lie along the third axis from the end."""
    return np.hypot(vectors[..., 0, :, :], vectors[..., 1, :, :])


def _velocity(at_deg: Floats) -> list[Floats]:
    """Velocity over 8 and 16 ms, compressed, and speed over 4, 8 and 16 ms."""
    place = _at(at_deg, np.arange(-2, 3))
    way_deg = place[..., [2, 3, 4]] - place[..., [1, 1, 0]]
    velocity = way_deg / (np.array([1, 2, 4]) * _STEP_S)
    bent = np.moveaxis(np.arcsinh(velocity[..., 1:] / _FAST_DEG_S), -3, -1)
    return [bent.reshape(*bent.shape[:-2], -1), np.log(_length(velocity) + _SLOW_DEG_S)]


def _travel(at_deg: Floats) -> list[Floats]:
    """Net speed over the past, how far direction holds, and how straight the way was."""
    smooth = np.cumsum(at_deg, axis=-1)
    smooth[..., _SMOOTHED:] -= smooth[..., :-_SMOOTHED].copy()
    smooth /= _SMOOTHED
    back = np.concatenate([_WINDOWS, _TURNS, 2 * _TURNS, _MARKS])
    place = _at(smooth, AHEAD - back)
    way_deg = place[..., -len(_MARKS), None] - place
    size_deg = _length(way_deg)
    speed = np.log(size_deg[..., : len(_WINDOWS)] / (_WINDOWS * _STEP_S) + _SLOW_DEG_S)
    first, last = len(_WINDOWS), len(_WINDOWS) + len(_TURNS)
    recent = way_deg[..., first:last]
    turn = _cosine(recent, way_deg[..., last : last + len(_TURNS)] - recent)
    path_deg = np.cumsum(_length(np.diff(place[..., -len(_MARKS) :], axis=-1)), axis=-1)
    ends = np.array(_PATHS)
    straight = size_deg[..., ends - len(_MARKS)] / (path_deg[..., ends - 1] + _CLOSE_DEG)
    return [speed, turn, straight]


def _cosine(a: Floats, b: Floats) -> Floats:
    product: Floats = (a * b).sum(axis=-3) / (_length(a) * _length(b) + _CLOSE_DEG**2)
    return product


def _spread(at_deg: Floats) -> Floats:
    """Standard deviation of the place over the past."""
    mean, square = _means(at_deg, _SPREADS, AHEAD), _means(at_deg**2, _SPREADS, AHEAD)
    variance = np.maximum(square - mean**2, 0.0).sum(axis=-3)
    spread: Floats = np.log(np.sqrt(variance) + _STILL_DEG)
    return spread


def _noise(at_deg: Floats) -> Floats:
    """The tracker's noise: mean logarithm of the jerkiness from step to step."""
    jerk_deg = np.zeros_like(at_deg)
    jerk_deg[..., 1:-1] = np.diff(at_deg, n=2, axis=-1)
    size_deg = np.hypot(jerk_deg[..., 0, :], jerk_deg[..., 1, :])
    return _means(np.log(size_deg + _FLOOR_DEG), _NOISE, 0)


def _loss(grid: Floats) -> list[Floats]:
    """Whether the eyes are seen, how surely, and how much of the past is known."""
    seen, confidence = grid[..., SEEN, :], grid[..., CONFIDENCE, :]
    around = _at(seen, np.arange(-2, 3))
    return [
        around[..., 2:3],
        around.min(axis=-1, keepdims=True),
        _at(confidence, np.array([0])),
        _means(confidence, _LOSSES[:1], AHEAD),
        _means(seen, _LOSSES, AHEAD),
        _means(grid[..., KNOWN, :], _LIFE, AHEAD),
    ]
