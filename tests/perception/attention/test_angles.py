from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.device import SceneCamera
from perception.attention.angles import Ray, Unrolled, angle_deg, unit_ray
from tests.perception.attention.gaze import CAMERA

BENT = SceneCamera(
    1600,
    1200,
    np.array([[890.0, 0.0, 805.0], [0.0, 890.0, 618.0], [0.0, 0.0, 1.0]]),
    np.array([-0.13, 0.108, 7e-5, -2e-4, 3e-5, 0.17, 0.052, 0.025]),
)


@pytest.mark.parametrize(
    ("x_px", "y_px", "expected_deg"),
    [(800.0, 600.0, 0.0), (1600.0, 600.0, 50.0), (0.0, 600.0, 50.0)],
)
def test_half_the_field_of_view_lies_on_either_side(
    x_px: float, y_px: float, expected_deg: float
) -> None:
    middle = unit_ray(800.0, 600.0, CAMERA)
    assert angle_deg(middle, unit_ray(x_px, y_px, CAMERA)) == pytest.approx(expected_deg)


@given(st.floats(100, 1500), st.floats(100, 1100))
def test_a_ray_projects_back_onto_its_pixel(x_px: float, y_px: float) -> None:
    ray = np.array([unit_ray(x_px, y_px, BENT)])
    assert np.linalg.norm(ray) == pytest.approx(1.0)
    pixel, _ = cv2.projectPoints(ray, np.zeros(3), np.zeros(3), BENT.matrix, BENT.distortion)
    assert pixel.ravel() == pytest.approx([x_px, y_px], abs=0.5)


def test_gaze_beyond_the_border_moves_on_outwards() -> None:
    middle = unit_ray(805.0, 618.0, BENT)
    angles = [angle_deg(middle, unit_ray(float(x), 618.0, BENT)) for x in range(800, 3200, 50)]
    assert angles[1:] == sorted(angles[1:])
    assert angles[-1] < 90.0


@pytest.mark.parametrize("expected_deg", [1e-6, 0.01, 1.0, 45.0, 90.0, 179.0, 180.0])
def test_angles_are_exact_and_blind_to_length(expected_deg: float) -> None:
    turn = math.radians(expected_deg)
    measured = angle_deg((0.0, 0.0, 3.0), (0.5 * math.sin(turn), 0.0, 0.5 * math.cos(turn)))
    assert measured == pytest.approx(expected_deg, rel=1e-6)


def seen_at(x_deg: float, y_deg: float) -> Ray:
    """Direction of a longitude and a latitude."""
    x, y = math.radians(x_deg), math.radians(y_deg)
    return math.cos(y) * math.sin(x), math.sin(y), math.cos(y) * math.cos(x)


def test_unrolled_steps_are_as_long_as_the_angles_between() -> None:
    unrolled = Unrolled()
    rays = [seen_at(x, 20 * math.sin(x / 9)) for x in range(-170, 170, 3)]
    places = [unrolled.to(ray) for ray in rays]
    steps = [math.dist(a, b) for a, b in pairwise(places)]
    assert steps == pytest.approx([angle_deg(a, b) for a, b in pairwise(rays)])


def test_unrolled_starts_at_zero_and_goes_rightwards_and_downwards() -> None:
    unrolled = Unrolled()
    assert unrolled.to(seen_at(0, 0)) == (0.0, 0.0)
    assert unrolled.to(seen_at(5, 0)) == pytest.approx((5.0, 0.0))
    assert unrolled.to(seen_at(5, 5)) == pytest.approx((5.0, 5.0))


def test_a_turn_all_around_goes_on_where_longitude_would_jump() -> None:
    unrolled = Unrolled()
    places = [unrolled.to(seen_at(x, 0)) for x in range(0, 720, 10)]
    assert places[-1] == pytest.approx((710.0, 0.0))


def test_standing_still_and_turning_about_face_are_survived() -> None:
    unrolled = Unrolled()
    unrolled.to((0.0, 0.0, 1.0))
    assert unrolled.to((0.0, 0.0, 1.0)) == (0.0, 0.0)
    assert all(map(math.isfinite, unrolled.to((0.0, 0.0, -1.0))))
    assert all(map(math.isfinite, unrolled.to((0.0, 1.0, 0.0))))
