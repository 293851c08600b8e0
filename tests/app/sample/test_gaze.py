from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from app.sample.gaze import Aim, Stretch, fill, move, packets
from firmware_bridge.packets import EyeState, GazeSample, ImuSample

RATE_HZ = 200
PX_PER_DEG = 5.55
Floats = npt.NDArray[np.float64]


def stretch(fixation_ms: int = 300, saccade_ms: int = 40, count: int = 6) -> Stretch:
    """Fixations at random places with drift and noise, joined by straight lines."""
    random = np.random.default_rng(3)
    hold, jump = fixation_ms // 5, saccade_ms // 5
    places = random.uniform(200, 600, (count, 2))
    rows: list[Floats] = []
    fixations = []
    for index, place in enumerate(places):
        fixations.append((sum(map(len, rows)), sum(map(len, rows)) + hold))
        drift = np.linspace(0, 12, hold)[:, None]
        rows.append(place + drift + random.normal(0, 0.6, (hold, 2)))
        if index + 1 < count:
            rows.append(np.linspace(rows[-1][-1], places[index + 1], jump))
    gaze_px = np.concatenate(rows)
    samples = len(gaze_px)
    t_ns = np.arange(samples, dtype=np.int64) * 5_000_000
    eyes = np.tile(random.uniform(2, 4, 4), (samples, 1)) + np.arange(samples)[:, None] * 1e-3
    return Stretch(
        t_ns, gaze_px, eyes, np.array(fixations), t_ns[::2], np.ones((len(t_ns[::2]), 10))
    )


def still(x_px: float, y_px: float, half_px: float = 10.0) -> Aim:
    return Aim(
        lambda times_s: np.tile([x_px, y_px], (len(times_s), 1)).astype(np.float64),
        (half_px, half_px),
    )


def test_fixations_lie_on_the_target() -> None:
    real = stretch()
    moved = move(real, lambda _: still(400, 300))
    for first, last in real.fixations:
        centre = moved[first + 8 : last - 8].mean(axis=0)
        assert np.all(np.abs(centre - (400, 300)) <= 0.45 * 10 + 1)


def test_tremor_is_kept_and_drift_is_not() -> None:
    real = stretch()
    moved = move(real, lambda _: still(400, 300))
    for first, last in real.fixations:
        inside = slice(first + 10, last - 10)
        jitter = np.diff(moved[inside], axis=0)
        assert jitter == pytest.approx(np.diff(real.gaze_px[inside], axis=0), abs=0.3)
        assert np.abs(moved[inside][-5:].mean(axis=0) - moved[inside][:5].mean(axis=0)).max() < 2


def test_a_moving_target_is_pursued() -> None:
    real = stretch(count=1, fixation_ms=2000)

    def target(_: float) -> Aim:
        return Aim(lambda times_s: np.stack([100 * times_s, 0 * times_s], axis=1), (5, 5))

    moved = move(real, target)
    slope = np.polyfit(real.t_ns / 1e9, moved[:, 0], 1)[0]
    assert slope == pytest.approx(100, rel=0.02)


def test_jumps_follow_the_main_sequence() -> None:
    real = stretch(count=2)
    change_s = real.t_ns[real.fixations[0][1]] / 1e9
    moved = move(real, lambda t_s: still(100 if t_s < change_s else 500, 300))
    speed_deg_s = np.abs(np.diff(moved[:, 0])) * RATE_HZ / PX_PER_DEG
    # A minimum-jerk movement peaks at 1.875 times its mean speed.
    amplitude_deg = 400 / PX_PER_DEG
    expected = 1.875 * amplitude_deg / (0.021 + 0.0022 * amplitude_deg)
    assert speed_deg_s.max() == pytest.approx(expected, rel=0.2)


def test_fill_repeats_until_the_day_is_full() -> None:
    parts = (stretch(), stretch(count=3))
    day = fill(parts, 10_000_000_000)
    assert day.t_ns[-1] >= 10_000_000_000
    assert np.all(np.diff(day.t_ns) > 0)
    assert np.all(np.diff(day.imu_t_ns) > 0)
    assert np.all(np.diff(day.fixations.ravel()) >= 0)
    assert len(day.t_ns) == len(day.gaze_px) == len(day.eyes_mm)


def test_pupils_glide_over_a_seam() -> None:
    first, second = stretch(), stretch(count=3)
    day = fill((first, second), int(first.t_ns[-1]) + 1_000_000)
    seam = len(first.t_ns)
    assert day.eyes_mm[seam] == pytest.approx(day.eyes_mm[seam - 1], abs=1e-9)
    assert day.eyes_mm[seam + 160 :] == pytest.approx(second.eyes_mm[160:])


def test_packets_end_with_the_day() -> None:
    real = stretch()
    sent = list(packets(real, real.gaze_px, 1_000, 500_000_000))
    for kind, count in ((GazeSample, 100), (EyeState, 100), (ImuSample, 50)):
        times = [packet.t_ns for packet in sent if isinstance(packet, kind)]
        assert len(times) == count
        assert times == sorted(set(times))
        assert 1_000 <= times[0] <= times[-1] < 500_001_000
