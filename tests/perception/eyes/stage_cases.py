"""The stages of the eyes, for the suite of every stage."""

from __future__ import annotations

from functools import cache

from firmware_bridge.packets import EyeFrame
from perception.eyes.calibration import Calibration, fit
from perception.eyes.finder import ThresholdFinder
from perception.eyes.gaze import EyeGaze, Pupils, Uncalibrated
from perception.eyes.network import PupilNetwork
from tests.perception.eyes.drawing import CAMERA, NINE, closed, eye, frame, looks, pupil_for
from tests.perception.stage_suite import StageCase


def frames() -> list[EyeFrame]:
    """Six seconds of eyes that look around and close once, at 5 Hz to keep an hour short."""
    taken = []
    for index in range(30):
        pupil = pupil_for(*NINE[index % 9])
        picture = closed(seed=index) if 12 <= index < 15 else eye(pupil.x_px, pupil.y_px)
        taken.append(frame(index, picture, picture, rate_hz=5.0))
    return taken


@cache
def calibration() -> Calibration:
    return fit(looks(NINE), CAMERA)


def build_gaze() -> EyeGaze:
    return EyeGaze(ThresholdFinder(), calibration(), CAMERA)


def build_gaze_by_network() -> EyeGaze:
    return EyeGaze(PupilNetwork(), calibration(), CAMERA)


CASES = [
    StageCase("pupils", lambda: Pupils(ThresholdFinder()), frames),
    StageCase("eyes not calibrated", Uncalibrated, frames),
    StageCase("gaze of eyes", build_gaze, frames),
    StageCase("gaze of eyes by network", build_gaze_by_network, frames, is_heavy=True),
]
