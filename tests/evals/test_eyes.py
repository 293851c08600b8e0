from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evals import eyes
from evals.data.folder import DataError
from evals.data.near_eye import NearEye, centres_px, read_near_eye
from evals.disturbances import DISTURBANCES, disturbed
from evals.eyes import Found, blink_scores, calibration_error, find_all, near_share
from perception.eyes.finder import ThresholdFinder
from tests.perception.eyes.drawing import closed, eye


def drawn(count: int = 6) -> NearEye:
    """Open eyes with their true masks, and as many closed ones."""
    rows, columns = np.ogrid[:128, :128]
    places = [(54.0 + 4 * n, 60.0 + 2 * n) for n in range(count)]
    masks = [(columns - x) ** 2 + (rows - y) ** 2 <= 12**2 for x, y in places]
    return NearEye(
        images=np.stack(
            [eye(x, y, 12, seed=n) for n, (x, y) in enumerate(places)]
            + [closed(seed=n) for n in range(count)]
        ),
        masks=np.stack(masks + [np.zeros((128, 128), bool)] * count),
        has_eye=np.ones(2 * count, bool),
        is_blink=np.arange(2 * count) >= count,
        subjects=np.arange(2 * count) % 2,
    )


def found(apart_px: list[float], is_open: list[bool], confidence: list[float]) -> Found:
    count = len(apart_px)
    return Found(
        np.array(apart_px), np.array(is_open), np.array(confidence), np.ones(count), np.ones(count)
    )


def test_a_finder_is_held_against_what_is_drawn() -> None:
    data = drawn()
    result = find_all(ThresholdFinder(), data)
    assert near_share(result, data) == 1.0
    assert blink_scores(result, data) == (1.0, 1.0, 1.0)
    assert np.nanmean(result.iou) > 0.7
    assert (result.times_ms > 0).all()


def test_a_centre_that_is_not_found_is_not_near() -> None:
    data = drawn()
    blank = replace(data, images=np.zeros_like(data.images))
    assert near_share(find_all(ThresholdFinder(), blank), data) == 0.0


def test_centres_are_means_of_masks() -> None:
    centres = centres_px(drawn(2).masks)
    assert centres[:2] == pytest.approx(np.array([[54.0, 60.0], [58.0, 62.0]]))
    assert np.isnan(centres[2:]).all()


def test_blinks_are_counted_picture_by_picture() -> None:
    data = drawn(2)
    said = found([0, 0, 0, 0], [True, False, False, True], [1, 1, 0, 0])
    assert blink_scores(said, data) == (0.5, 0.5, 0.5)


def test_calibration_error_is_the_gap_between_saying_and_being() -> None:
    data = drawn(2)
    honest = found([0, 9, 0, 0], [True] * 4, [0.95, 0.05, 0.05, 0.05])
    boasting = found([9, 9, 0, 0], [True] * 4, [0.95, 0.95, 0.95, 0.95])
    assert calibration_error([honest], data) == pytest.approx(0.05)
    assert calibration_error([boasting], data) == pytest.approx(0.95)


@pytest.mark.parametrize("name", DISTURBANCES)
def test_disturbances_are_fixed_and_change_every_picture(name: str) -> None:
    data = drawn()
    once, twice = disturbed(data, name), disturbed(data, name)
    assert np.array_equal(once.images, twice.images)
    assert all((one != other).any() for one, other in zip(once.images, data.images, strict=True))
    assert once.masks is data.masks


def test_the_development_set_reads(shared_data: object) -> None:
    data = read_near_eye()
    assert data.images.shape == data.masks.shape == (len(data), 128, 128)
    assert data.images.dtype == np.uint8
    assert len(data.of([42])) + len(data.without([42])) == len(data)
    assert not (data.is_open & data.is_blink).any()
    assert np.isfinite(centres_px(data[data.is_open].masks)).all()


def test_people_whom_the_network_has_seen_are_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = drawn()
    known = replace(seen, subjects=np.full(len(seen), 42))
    monkeypatch.setattr(eyes, "read_near_eye", lambda: known)
    with pytest.raises(DataError) as raised:
        eyes.run()
    assert raised.value.code == "no-subject-left-out"


def test_the_report_judges_all_that_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn eyes instead of people, so that it is quick; figures of them mean nothing."""
    monkeypatch.setattr(eyes, "read_near_eye", drawn)
    report = eyes.run()
    assert [row[0] for row in report.rows[:3]] == ["network", "threshold", "pupil-detectors"]
    assert len(report.verdicts) == 5
    assert all(0 <= row[2] <= 1 for row in report.rows if isinstance(row[2], float))
