from __future__ import annotations

import numpy as np
import pytest

from perception.attention.resampling import SEEN, STEP_MS, Floats, Resampler, X, Y


def line(rate_hz: float, seconds: float = 1.0, deg_s: float = 30.0) -> tuple[Floats, ...]:
    t_s = np.arange(0.0, seconds, 1.0 / rate_hz)
    return t_s, deg_s * t_s, -deg_s * t_s


def grid_of(t_s: Floats, x_deg: Floats, y_deg: Floats) -> Floats:
    resampler = Resampler()
    t_ns = np.rint(t_s * 1e9).astype(np.int64)
    first = resampler.push(t_ns, x_deg, y_deg, np.ones_like(t_s))
    return np.concatenate([first, resampler.flush()], axis=1)


@pytest.mark.parametrize("rate_hz", [100.0, 120.0, 200.0, 333.0, 500.0, 1000.0])
def test_steady_movement_is_the_same_at_any_rate(rate_hz: float) -> None:
    grid = grid_of(*line(rate_hz))
    expected = 30.0 * np.arange(grid.shape[1]) * STEP_MS / 1000
    assert grid[X, 1:-2] == pytest.approx(expected[1:-2], abs=1e-5)
    assert grid[Y, 1:-2] == pytest.approx(-expected[1:-2], abs=1e-5)


def test_noise_of_a_fast_tracker_is_averaged() -> None:
    t_s = np.arange(0.0, 4.0, 0.001)
    noise = np.random.default_rng(5).normal(0.0, 1.0, (2, len(t_s)))
    assert np.std(grid_of(t_s, *noise)[X]) == pytest.approx(0.5, abs=0.06)


def test_lost_samples_keep_the_last_place_and_are_not_seen() -> None:
    t_s, x_deg, y_deg = line(250.0)
    x_deg[100:150] = np.nan
    grid = grid_of(t_s, x_deg, y_deg)
    assert grid[X, 110:145] == pytest.approx(x_deg[99])
    assert not grid[SEEN, 110:145].any()
    assert grid[SEEN, :99].all()


def test_a_pause_of_the_tracker_is_lost_gaze_too() -> None:
    t_s, x_deg, y_deg = (np.delete(axis, range(100, 125)) for axis in line(250.0))
    grid = grid_of(t_s, x_deg, y_deg)
    assert not grid[SEEN, 102:122].any()
    assert grid[X, 102:122] == pytest.approx(x_deg[99])


def test_gaze_that_is_never_seen_has_no_place() -> None:
    t_s, x_deg, y_deg = line(250.0)
    grid = grid_of(t_s, np.full_like(x_deg, np.nan), y_deg)
    assert np.isnan(grid[X]).all()
    assert not grid[SEEN].any()


def test_any_division_of_a_stream_gives_the_same_steps() -> None:
    random = np.random.default_rng(11)
    t_ns = np.cumsum(random.integers(1_000_000, 9_000_000, 800))
    x_deg, y_deg = random.normal(0.0, 3.0, (2, 800))
    x_deg[random.random(800) < 0.1] = np.nan
    confidence = random.random(800)
    whole = Resampler()
    expected = np.concatenate([whole.push(t_ns, x_deg, y_deg, confidence), whole.flush()], axis=1)
    parts, at, divided = [], 0, Resampler()
    while at < 800:
        part = slice(at, at := min(800, at + int(random.integers(1, 30))))
        parts.append(divided.push(t_ns[part], x_deg[part], y_deg[part], confidence[part]))
    assert np.concatenate([*parts, divided.flush()], axis=1).tobytes() == expected.tobytes()
