from __future__ import annotations

import numpy as np
import pytest

from perception.attention.motion import AHEAD, FEATURES, HISTORY, describe
from perception.attention.resampling import CHANNELS, Floats, X, Y


def wander(steps: int = 400, seed: int = 2) -> Floats:
    grid = np.ones((CHANNELS, HISTORY + steps + AHEAD))
    random = np.random.default_rng(seed)
    grid[X : Y + 1] = np.cumsum(random.normal(0.0, 0.1, (2, grid.shape[1])), axis=1)
    return grid


def test_every_step_between_history_and_look_ahead_is_described() -> None:
    features = describe(wander())
    assert features.shape == (400, FEATURES)
    assert np.isfinite(features).all()


def test_where_gaze_is_does_not_matter() -> None:
    grid = wander()
    elsewhere = grid.copy()
    elsewhere[X] += 40.0
    elsewhere[Y] -= 25.0
    assert describe(elsewhere) == pytest.approx(describe(grid), abs=1e-4)


def test_the_future_beyond_the_look_ahead_does_not_matter() -> None:
    grid = wander()
    other = grid.copy()
    other[X, HISTORY + 200 + AHEAD :] += 9.0
    assert describe(other)[:200] == pytest.approx(describe(grid)[:200], abs=1e-5)


def test_many_streams_are_described_as_one_by_one() -> None:
    grids = np.stack([wander(seed=seed) for seed in range(3)])
    grids[1, X : Y + 1, :300] = np.nan
    alone = np.stack([describe(grid) for grid in grids])
    assert describe(grids) == pytest.approx(alone, abs=1e-6)


def test_eyes_never_seen_are_described() -> None:
    grid = np.zeros((CHANNELS, HISTORY + 10 + AHEAD))
    grid[X : Y + 1] = np.nan
    assert np.isfinite(describe(grid)).all()
