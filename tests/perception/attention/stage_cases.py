"""The stages of attention, for the suite of every stage."""

from __future__ import annotations

from firmware_bridge.packets import GazeSample
from perception.attention.eye_movements import EyeMovements
from tests.perception.attention.gaze import CAMERA, Gaze
from tests.perception.stage_suite import StageCase


def gaze() -> list[GazeSample]:
    """Twelve seconds with every kind of eye movement, at 30 Hz to keep an hour short."""
    stream = Gaze(30.0, 0.1).rest(2.0).jump(12, 0).rest(2.0).lose(0.2).rest(1.0)
    return stream.glide(2.0, -12).jump(5, 5).rest(2.0).lose(0.8).rest(2.0).samples


CASES = [StageCase("eye movements", build=lambda: EyeMovements(CAMERA), items=gaze)]
