from __future__ import annotations

import numpy as np
import pytest

from perception.attention.angles import unit_ray
from perception.attention.velocity import Glance, NoiseFloor, Velocity
from tests.perception.attention.gaze import CAMERA, Gaze

WINDOW_NS = 15_000_000


def measured(gaze: Gaze) -> list[Glance]:
    velocity = Velocity(WINDOW_NS)
    glances = [
        Glance(s.t_ns, s.x_px, s.y_px, unit_ray(s.x_px, s.y_px, CAMERA)) for s in gaze.samples
    ]
    done = [done for glance in glances for done in velocity.push(glance)]
    return [*done, *velocity.drain()]


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 200.0, 1000.0])
@pytest.mark.parametrize("deg_s", [5.0, 40.0])
def test_steady_movement_has_its_speed_at_any_rate(rate_hz: float, deg_s: float) -> None:
    speeds = [glance.speed_deg_s for glance in measured(Gaze(rate_hz).glide(0.5, deg_s))]
    middle = speeds[len(speeds) // 4 : -len(speeds) // 4]
    assert middle == pytest.approx([deg_s] * len(middle), rel=0.02)


@pytest.mark.parametrize("rate_hz", [30.0, 200.0, 1000.0])
def test_every_sample_comes_back_once_and_in_order(rate_hz: float) -> None:
    gaze = Gaze(rate_hz).rest(0.3)
    assert [g.t_ns for g in measured(gaze)] == [s.t_ns for s in gaze.samples]


def test_averaging_tames_noise() -> None:
    noisy = measured(Gaze(noise_deg=0.3).rest(2.0))
    between_samples_deg_s = 0.3 * 2**0.5 * 200.0
    assert np.median([g.speed_deg_s for g in noisy]) < between_samples_deg_s / 2


@pytest.mark.parametrize("start_deg_s", [1.0, 200.0])
def test_the_noise_floor_settles_at_the_median(start_deg_s: float) -> None:
    floor = NoiseFloor(start_deg_s)
    speeds = np.random.default_rng(3).exponential(20.0, 2_000)
    settled = [floor.update(float(speed), 5_000_000) for speed in speeds][-500:]
    assert np.mean(settled) == pytest.approx(20.0 * np.log(2), rel=0.15)
