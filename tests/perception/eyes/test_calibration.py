from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from perception.eyes.calibration import advice, apart_deg, fit, joint_gaze
from perception.eyes.eye_map import Terms
from perception.eyes.pupil import EyesSeen, Pupil
from perception.stage import PerceptionError
from tests.perception.eyes.drawing import CAMERA, FIVE, NINE, looks, pupil_for


def test_nine_points_give_gaze_within_a_degree() -> None:
    calibration = fit(looks(NINE), CAMERA)
    assert calibration.error_deg < 1.0
    for place in [(500.0, 400.0), (1100.0, 800.0), (800.0, 600.0)]:
        eyes = EyesSeen(0, 256, 128, (pupil_for(*place),) * 2)
        x_px, y_px, confidence = joint_gaze(calibration.gazes(eyes))
        assert (x_px, y_px) == pytest.approx(place, abs=12)
        assert confidence == pytest.approx(0.95)


def test_five_points_carry_no_more_than_a_plane() -> None:
    calibration = fit(looks(FIVE), CAMERA)
    assert all(own is not None and own.terms is Terms.AFFINE for own in calibration.maps)
    assert len(calibration.points) == 5


def test_the_error_is_that_of_points_left_out() -> None:
    """A point that contradicts all others has a large error of its own, whatever the fit makes."""
    looked = looks(NINE)
    wrong = [replace(look, x_px=look.x_px + 400) if look.point == 4 else look for look in looked]
    calibration = fit(wrong, CAMERA)
    errors = [point.error_deg for point in calibration.points]
    assert int(np.argmax(errors)) == 4
    assert errors[4] > 10
    assert any("Point 5" in line for line in advice(calibration))


def test_glances_elsewhere_hardly_move_the_fit() -> None:
    """A tenth of the frames show the eyes at another place."""
    looked = looks(NINE, frames=30)
    elsewhere = EyesSeen(0, 256, 128, (Pupil(90, 40, 20, 20, 0.99, 0.95),) * 2)
    spoiled = [
        replace(look, eyes=elsewhere) if index % 10 == 0 else look
        for index, look in enumerate(looked)
    ]
    clean, robust = fit(looked, CAMERA), fit(spoiled, CAMERA)
    eyes = EyesSeen(0, 256, 128, (pupil_for(600, 500),) * 2)
    moved = np.subtract(joint_gaze(robust.gazes(eyes)), joint_gaze(clean.gazes(eyes)))
    assert float(np.hypot(*moved[:2])) < 15


def test_one_eye_is_enough() -> None:
    blind = Pupil()
    half = [
        replace(look, eyes=replace(look.eyes, pupils=(look.eyes.pupils[0], blind)))
        for look in looks(NINE)
    ]
    calibration = fit(half, CAMERA)
    assert calibration.maps[0] is not None
    assert calibration.maps[1] is None
    assert calibration.error_deg < 1.5
    assert np.isnan(calibration.apart_deg)


def test_a_point_at_which_no_pupil_was_seen_is_named() -> None:
    looked = [
        replace(look, eyes=replace(look.eyes, pupils=(Pupil(), Pupil())))
        if look.point == 2
        else look
        for look in looks(NINE)
    ]
    calibration = fit(looked, CAMERA)
    assert calibration.points[2].seen == 0
    assert np.isnan(calibration.points[2].error_deg)
    assert any("point 3" in line and "0 of 20" in line for line in advice(calibration))


@pytest.mark.parametrize(
    ("places", "code"),
    [
        ([], "eyes-not-seen"),
        (NINE[:4], "too-few-points"),
        ([(x, 600.0) for x in range(200, 1500, 200)], "points-in-line"),
        ([(800.0, 600.0)] * 9, "points-in-line"),
    ],
)
def test_what_cannot_be_calibrated_says_so(places: list[tuple[float, float]], code: str) -> None:
    with pytest.raises(PerceptionError) as raised:
        fit(looks(places), CAMERA)
    assert raised.value.code == code


def test_noise_is_told_to_the_wearer() -> None:
    calibration = fit(looks(NINE, noise_px=8.0), CAMERA)
    assert calibration.error_deg > 3.0
    assert any("calibrate again" in line for line in advice(calibration))
    assert advice(fit(looks(NINE, noise_px=0.05), CAMERA)) == []


def test_pupils_far_beyond_the_points_give_no_gaze() -> None:
    calibration = fit(looks(NINE), CAMERA)
    corner = EyesSeen(0, 256, 128, (Pupil(3, 3, 20, 20, 0.99, 0.95),) * 2)
    assert calibration.gazes(corner) == []
    assert joint_gaze([])[2] == 0.0


def test_frames_of_another_size_give_no_gaze() -> None:
    calibration = fit(looks(NINE), CAMERA)
    assert calibration.gazes(EyesSeen(0, 384, 192, (pupil_for(800, 600),) * 2)) == []


def test_eyes_that_disagree_are_measured() -> None:
    calibration = fit(looks(NINE), CAMERA)
    eyes = EyesSeen(0, 256, 128, (pupil_for(700, 600), pupil_for(900, 600)))
    assert apart_deg(calibration.gazes(eyes), CAMERA) == pytest.approx(14, abs=2)
