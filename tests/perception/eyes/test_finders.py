"""Every finder on drawn eyes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pytest

from perception.eyes.detectors import PupilDetectors
from perception.eyes.finder import ThresholdFinder
from perception.eyes.network import PupilNetwork
from perception.eyes.pupil import Pupil, PupilFinder
from perception.stage import PerceptionError
from tests.perception.eyes.drawing import closed, eye

HAS_DETECTORS = find_spec("pupil_detectors") is not None
FINDERS = [
    pytest.param(ThresholdFinder, id="threshold"),
    pytest.param(PupilNetwork, id="network"),
    pytest.param(
        PupilDetectors,
        id="pupil-detectors",
        marks=pytest.mark.skipif(not HAS_DETECTORS, reason="pupil-detectors is not installed"),
    ),
]
Build = Callable[[], PupilFinder]


@pytest.mark.parametrize("build", FINDERS)
@pytest.mark.parametrize(("x", "y", "radius"), [(64, 66, 12), (48.5, 60, 9), (80, 70.5, 14)])
def test_the_centre_is_found(build: Build, x: float, y: float, radius: float) -> None:
    found = build().find(eye(x, y, radius))
    assert (found.x_px, found.y_px) == pytest.approx((x, y), abs=1.0)
    assert found.width_px == pytest.approx(2 * radius, rel=0.35)
    assert found.is_open


@pytest.mark.parametrize("build", FINDERS)
@pytest.mark.parametrize("side", [96, 192, 400])
def test_other_sizes_give_their_own_pixels(build: Build, side: int) -> None:
    scale = side / 128
    found = build().find(eye(60 * scale, 68 * scale, 12, side=side))
    assert (found.x_px, found.y_px) == pytest.approx((60 * scale, 68 * scale), abs=1.5 * scale)


@pytest.mark.parametrize("build", FINDERS)
def test_a_picture_that_is_not_square_is_read_in_its_middle(build: Build) -> None:
    picture = np.pad(eye(64, 66, 12), ((0, 0), (20, 20)), mode="edge")
    found = build().find(picture)
    assert (found.x_px, found.y_px) == pytest.approx((84, 66), abs=1.0)


@pytest.mark.parametrize("build", FINDERS)
@pytest.mark.parametrize("shade", [0, 17, 255])
def test_one_shade_is_no_pupil(build: Build, shade: int) -> None:
    found = build().find(np.full((128, 128), shade, np.uint8))
    assert not found.is_found
    assert not found.is_open
    assert found.confidence == 0.0


@pytest.mark.parametrize("build", FINDERS)
@pytest.mark.parametrize("size", [(16, 16), (1, 400), (31, 200)])
def test_a_picture_too_small_is_no_pupil(build: Build, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, size, np.uint8)
    assert build().find(noise) == Pupil() or not build().find(noise).is_found


@pytest.mark.parametrize("build", FINDERS)
def test_a_closed_eye_is_less_sure_than_an_open_one(build: Build) -> None:
    finder = build()
    shut, open_ = finder.find(closed()), finder.find(eye(64, 66))
    assert shut.confidence < 0.3 < open_.confidence
    assert not shut.is_open


@pytest.mark.parametrize("build", FINDERS)
def test_noise_is_survived(build: Build) -> None:
    finder, random = build(), np.random.default_rng(2)
    for _ in range(20):
        found = finder.find(random.integers(0, 255, (128, 128), np.uint8))
        assert 0.0 <= found.confidence <= 1.0


@pytest.mark.parametrize("build", FINDERS)
def test_a_finder_pickles(build: Build) -> None:
    finder = build()
    restored = pickle.loads(pickle.dumps(finder))  # noqa: S301 - our own bytes
    assert restored.find(eye(64, 66)) == finder.find(eye(64, 66))


@pytest.mark.skipif(HAS_DETECTORS, reason="pupil-detectors is installed")
def test_without_its_package_the_detector_says_how_to_get_it() -> None:
    with pytest.raises(PerceptionError, match="pip install"):
        PupilDetectors()
