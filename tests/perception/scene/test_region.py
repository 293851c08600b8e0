from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perception.events import Box
from perception.scene.region import Region, attended_box

SMALL, LARGE, FAR = Box(40, 40, 20, 20), Box(0, 0, 100, 100), Box(200, 0, 50, 50)


@pytest.mark.parametrize(
    ("x_px", "y_px", "left_px", "top_px"),
    [(50, 40, 30, 20), (0, 0, 0, 0), (99, 79, 60, 40), (10, 70, 0, 40)],
)
def test_square_stays_in_the_picture(x_px: float, y_px: float, left_px: int, top_px: int) -> None:
    region = Region.around(np.zeros((80, 100, 3), np.uint8), x_px, y_px, 40)
    assert region is not None
    assert (region.left_px, region.top_px, region.image.shape) == (left_px, top_px, (40, 40, 3))


@pytest.mark.parametrize("gaze", [(float("nan"), 5.0), (5.0, float("nan")), (-1.0, 5.0), (5.0, 80)])
def test_no_region_without_gaze_in_the_picture(gaze: tuple[float, float]) -> None:
    assert Region.around(np.zeros((80, 100, 3), np.uint8), *gaze, 40) is None


@given(st.integers(8, 90), st.integers(8, 90), st.floats(0, 0.999), st.floats(0, 0.999))
def test_region_shows_what_is_in_the_picture_there(
    width: int, height: int, across: float, down: float
) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    region = Region.around(picture, across * width, down * height, 30)
    assert region is not None
    box = region.to_scene(Box(0, 0, region.image.shape[1], region.image.shape[0]))
    assert box.contains(across * width, down * height)
    x, y = int(box.x_px), int(box.y_px)
    there = picture[y : y + int(box.height_px), x : x + int(box.width_px)]
    np.testing.assert_array_equal(region.image, there)


@pytest.mark.parametrize(
    ("box", "is_cut"),
    [
        (Box(35, 35, 10, 10), False),
        (Box(30, 35, 10, 10), True),
        (Box(35, 21, 10, 10), True),
        (Box(60, 35, 10, 10), True),
        (Box(35, 50, 10, 10), True),
    ],
)
def test_edges_of_the_region_cut(box: Box, is_cut: bool) -> None:
    picture = np.zeros((80, 100, 3), np.uint8)
    region = Region(picture[20:60, 30:70], 30, 20)
    assert region.cuts(box, picture) is is_cut


def test_edges_of_the_picture_do_not_cut() -> None:
    picture = np.zeros((80, 100, 3), np.uint8)
    assert not Region(picture[40:, 60:], 60, 40).cuts(Box(80, 60, 20, 20), picture)


@pytest.mark.parametrize(
    ("x_px", "y_px", "margin_px", "expected"),
    [
        (50, 50, 0, SMALL),
        (10, 10, 0, LARGE),
        (62, 50, 5, LARGE),
        (195, 10, 10, FAR),
        (195, 10, 0, None),
        (float("nan"), 50, 10, None),
    ],
)
def test_gaze_lies_on_the_smallest_box(
    x_px: float, y_px: float, margin_px: float, expected: Box | None
) -> None:
    assert attended_box([LARGE, SMALL, FAR], x_px, y_px, margin_px) is expected
