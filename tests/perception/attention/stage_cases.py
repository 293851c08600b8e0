"""The stages of attention, for the suite of every stage."""

from __future__ import annotations

from firmware_bridge.packets import GazeSample
from perception.attention.attention import Attention, Item
from perception.attention.eye_movements import EyeMovements
from tests.perception.attention.gaze import CAMERA, Gaze
from tests.perception.attention.scene import box_at, in_stream_order, thing
from tests.perception.stage_suite import StageCase


def stream() -> Gaze:
    """Twelve seconds with every kind of eye movement, at 30 Hz to keep an hour short."""
    gaze = Gaze(30.0, 0.1).rest(2.0).jump(12, 0).rest(2.0).lose(0.2).rest(1.0)
    return gaze.glide(2.0, -12).jump(5, 5).rest(2.0).lose(0.8).rest(2.0)


def gaze_alone() -> list[GazeSample]:
    return stream().samples


def gaze_on_things() -> list[Item]:
    cups = [thing(t / 10, "cup", box_at(0, 0)) for t in range(2, 20, 5)]
    faces = [thing(t / 10, "", box_at(12, 0), person="anna") for t in range(22, 50, 3)]
    return in_stream_order(stream(), [*cups, *faces])


CASES = [
    StageCase("eye movements", lambda: EyeMovements(CAMERA), gaze_alone),
    StageCase("attention", lambda: Attention(CAMERA), gaze_on_things),
]
