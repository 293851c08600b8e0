from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import DeviceStatus, EyeFrame, GazeSample, StatusKind
from perception.attention.eye_movements import EyeMovements
from perception.events import EyeMovement, EyeMovementKind
from perception.eyes.calibration import Calibration, fit
from perception.eyes.finder import ThresholdFinder
from perception.eyes.gaze import EyeGaze, Pupils
from perception.eyes.pupil import EyesSeen
from perception.eyes.slippage import SlippageSettings
from tests.perception.eyes.drawing import (
    CAMERA,
    NINE,
    SECOND_NS,
    closed,
    eye,
    frame,
    looks,
    pupil_for,
)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return fit(looks(NINE), CAMERA)


def looking_at(index: int, x_px: float, y_px: float, shift_px: float = 0.0) -> EyeFrame:
    pupil = pupil_for(x_px, y_px, (0.0, shift_px))
    one = eye(pupil.x_px, pupil.y_px, seed=index)
    return frame(index, one, one)


def gaze_of(stage: EyeGaze, frames: list[EyeFrame]) -> list[GazeSample]:
    events = [event for each in frames for event in stage.update(each)]
    return [event for event in events if isinstance(event, GazeSample)]


def test_pupils_of_both_halves_in_their_own_pixels() -> None:
    (seen,) = Pupils(ThresholdFinder()).update(frame(0, eye(50, 60), eye(80, 70)))
    assert isinstance(seen, EyesSeen)
    assert [(p.x_px, p.y_px) for p in seen.pupils] == [
        pytest.approx((50, 60), abs=1),
        pytest.approx((80, 70), abs=1),
    ]
    assert (seen.width_px, seen.height_px) == (256, 128)


def test_drawn_eyes_give_gaze_where_they_look(calibration: Calibration) -> None:
    stage = EyeGaze(ThresholdFinder(), calibration, CAMERA)
    places = [(800.0, 600.0), (500.0, 450.0), (1100.0, 800.0)]
    samples = gaze_of(stage, [looking_at(n, *place) for n, place in enumerate(places)])
    for sample, place in zip(samples, places, strict=True):
        assert (sample.x_px, sample.y_px) == pytest.approx(place, abs=45)
        assert sample.confidence > 0.5


def test_closed_eyes_become_a_blink_downstream(calibration: Calibration) -> None:
    stage, movements = EyeGaze(ThresholdFinder(), calibration, CAMERA), EyeMovements(CAMERA)
    shut = frame(0, closed(), closed(seed=1))
    frames = [looking_at(n, 800, 600) for n in range(100)]
    at_100_hz = [
        replace(shut if 40 <= n < 60 else each, t_ns=frames[0].t_ns + n * SECOND_NS // 100, index=n)
        for n, each in enumerate(frames)
    ]
    samples = gaze_of(stage, at_100_hz)
    assert len(samples) == 100
    assert all(sample.confidence == 0.0 for sample in samples[40:60])
    assert all(np.isnan(sample.x_px) for sample in samples[40:60])
    events = [event for sample in samples for event in movements.update(sample)]
    kinds = [e.kind for e in [*events, *movements.flush()] if isinstance(e, EyeMovement)]
    assert EyeMovementKind.BLINK in kinds


def test_one_closed_eye_leaves_the_gaze_to_the_other(calibration: Calibration) -> None:
    pupil = pupil_for(800, 600)
    winking = frame(0, closed(), eye(pupil.x_px, pupil.y_px))
    (sample,) = gaze_of(EyeGaze(ThresholdFinder(), calibration, CAMERA), [winking])
    assert (sample.x_px, sample.y_px) == pytest.approx((800, 600), abs=45)


def test_black_and_lost_frames_bridge_nothing(calibration: Calibration) -> None:
    black = frame(1, np.zeros((128, 128), np.uint8), np.zeros((128, 128), np.uint8))
    later = looking_at(300, 800, 600)
    samples = gaze_of(
        EyeGaze(ThresholdFinder(), calibration, CAMERA), [looking_at(0, 800, 600), black, later]
    )
    assert [sample.is_valid for sample in samples] == [True, False, True]
    assert [sample.t_ns for sample in samples] == [looking_at(0, 0, 0).t_ns, black.t_ns, later.t_ns]


def test_frames_of_another_size_are_told_once(calibration: Calibration) -> None:
    stage = EyeGaze(ThresholdFinder(), calibration, CAMERA)
    big = [frame(n, eye(90, 90, 14, side=192), eye(90, 90, 14, side=192)) for n in range(5)]
    events = [event for each in big for event in stage.update(each)]
    told = [event for event in events if isinstance(event, DeviceStatus)]
    assert [status.kind for status in told] == [StatusKind.SLIPPED]
    assert "another size" in told[0].message
    assert all(not event.is_valid for event in events if isinstance(event, GazeSample))


def test_another_scene_camera_is_told_once(calibration: Calibration) -> None:
    other = SceneCamera.from_field_of_view(1280, 720, 90.0)
    stage = EyeGaze(ThresholdFinder(), calibration, other)
    events = [event for n in range(4) for event in stage.update(looking_at(n, 800, 600))]
    assert len([event for event in events if isinstance(event, DeviceStatus)]) == 1
    assert not any(event.is_valid for event in events if isinstance(event, GazeSample))


def test_slipped_glasses_are_told_once(calibration: Calibration) -> None:
    quick = SlippageSettings(window_ns=5 * SECOND_NS, least_seen=20)
    stage = EyeGaze(ThresholdFinder(), calibration, CAMERA, quick)
    steady = [looking_at(n, 800, 600) for n in range(100)]
    slipped = [looking_at(n, 800, 600, shift_px=32.0) for n in range(100, 300)]
    before = [event for each in steady for event in stage.update(each)]
    after = [event for each in slipped for event in stage.update(each)]
    assert not [event for event in before if isinstance(event, DeviceStatus)]
    told = [event for event in after if isinstance(event, DeviceStatus)]
    assert len(told) == 1
    assert "attune calibrate" in told[0].message
