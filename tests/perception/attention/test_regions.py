from __future__ import annotations

import math

import numpy as np
import pytest

from perception.attention.appearance import appearance, likeness
from perception.attention.proposal import propose
from perception.attention.regions import Regions
from perception.events import Box, RegionSeen
from tests.perception.attention.pictures import BLUE, RED, gazed_scene, scene
from tests.perception.stage_suite import run

DISC = Box(240, 180, 120, 120)


def looks(*gazed: tuple[float, float, float, int]) -> list[RegionSeen]:
    """Looks at the disc at x, with gaze, over ground that has moved."""
    items = [
        gazed_scene(n, scene(x_px, 240, turn_px=turn_px), gaze_x_px, gaze_y_px)
        for n, (x_px, gaze_x_px, gaze_y_px, turn_px) in enumerate(gazed)
    ]
    return run(Regions(), items)


@pytest.mark.parametrize(("x_px", "y_px"), [(300, 240), (280, 225), (325, 262)])
def test_the_box_is_that_of_what_stands_out_under_the_gaze(x_px: float, y_px: float) -> None:
    (seen,) = looks((300, x_px, y_px, 0))
    assert seen.box.iou(DISC) > 0.6
    assert seen.distinctness > 0.5


def test_where_nothing_stands_out_it_says_so() -> None:
    gray = np.full((90, 160, 3), 128, np.uint8)
    proposal = propose(gray, 20.0, 20.0)
    assert proposal.distinctness < 0.01
    assert proposal.box.contains(20.0, 20.0)


def test_the_same_thing_looks_alike_and_another_one_does_not() -> None:
    red, moved, blue = (scene(300, 240), scene(420, 200), scene(300, 240, BLUE))
    a = appearance(red[185:295, 245:355], red)
    same = appearance(moved[145:255, 365:475], moved)
    other = appearance(blue[185:295, 245:355], blue)
    ground = appearance(red[20:130, 20:130], red)
    assert np.linalg.norm(a) == pytest.approx(1.0, abs=1e-5)
    assert likeness(a, same) > 0.8 > 0.6 > max(likeness(a, other), likeness(a, ground))


def test_what_the_gaze_follows_is_told_apart_from_a_turning_head() -> None:
    _, followed = looks((300, 300, 240, 0), (348, 348, 240, 0))
    assert followed.moved_px == pytest.approx((48, 0), abs=6)
    assert followed.turned_px == pytest.approx((0, 0), abs=6)
    assert followed.persistence > 0.6
    _, turned = looks((300, 100, 100, 0), (340, 140, 100, 40))
    assert turned.moved_px == pytest.approx((40, 0), abs=6)
    assert turned.turned_px == pytest.approx((40, 0), abs=8)


def test_what_is_gone_is_not_found_again() -> None:
    here = gazed_scene(0, scene(300, 240), 300, 240)
    random = np.random.default_rng(1)
    noise = random.integers(0, 255, (480, 640, 3)).astype(np.uint8)
    *_, gone = run(Regions(), [here, gazed_scene(1, noise, 300, 240)])
    assert gone.persistence < 0.5


def test_the_first_look_and_one_after_a_second_have_nothing_before() -> None:
    first, *_ = looks((300, 300, 240, 0))
    assert (first.since_ns, first.persistence) == (0, 1.0)
    late = run(
        Regions(),
        [gazed_scene(0, scene(300, 240), 300, 240), gazed_scene(9, scene(300, 240), 300, 240)],
    )
    assert late[1].since_ns == 0


@pytest.mark.parametrize("gaze", [(math.nan, math.nan), (-5.0, 20.0), (640.0, 20.0)])
def test_gaze_beside_the_picture_sees_no_region(gaze: tuple[float, float]) -> None:
    assert run(Regions(), [gazed_scene(0, scene(300, 240, RED), *gaze)]) == []


def test_regions_at_the_border_stay_regions() -> None:
    for x_px, y_px in ((0.0, 0.0), (639.0, 479.0), (0.0, 300.0)):
        (seen,) = run(Regions(), [gazed_scene(0, scene(300, 240), x_px, y_px)])
        assert seen.box.width_px > 0
        assert np.isfinite(seen.appearance).all()
