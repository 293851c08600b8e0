"""The stages of attention, for the suite of every stage."""

from __future__ import annotations

from firmware_bridge.packets import EyeState, GazeSample
from perception.attention.attention import Attention, Item
from perception.attention.eye_movements import EyeMovements
from perception.attention.rates import Rates
from perception.attention.regions import Regions
from perception.events import EyeMovement
from perception.stage import GazedFrame
from tests.perception.attention.gaze import CAMERA, Gaze
from tests.perception.attention.pictures import gazed_scene, scene
from tests.perception.attention.scene import box_at, in_stream_order, region, thing
from tests.perception.attention.test_rates import lids, looking_about
from tests.perception.stage_suite import StageCase, instant_of


def stream() -> Gaze:
    """Twelve seconds with every kind of eye movement, at 30 Hz to keep an hour short."""
    gaze = Gaze(30.0, 0.1).rest(2.0).jump(12, 0).rest(2.0).lose(0.2).rest(1.0)
    return gaze.glide(2.0, -12).jump(5, 5).rest(2.0).lose(0.8).rest(2.0)


def gaze_alone() -> list[GazeSample]:
    return stream().samples


def gaze_on_things() -> list[Item]:
    cups = [thing(t / 10, "cup", box_at(0, 0)) for t in range(2, 20, 5)]
    faces = [thing(t / 10, "", box_at(12, 0), person="anna") for t in range(22, 50, 3)]
    regions = [region(t / 5, 1 if t < 10 else 2, 0 if t < 10 else 12, 0) for t in range(1, 25)]
    return in_stream_order(stream(), [*cups, *faces, *regions])


def gazed_scenes() -> list[GazedFrame]:
    return [gazed_scene(n, scene(200 + 20 * n, 240), 205 + 20 * n, 240) for n in range(8)]


def movements_and_lids() -> list[EyeMovement | EyeState]:
    """Twenty seconds, the eyelids of which are known for the first ten."""
    return sorted([*looking_about(0, 20), *lids(0, 10, [(3.0, 3.2)])], key=instant_of)


CASES = [
    StageCase("eye movements", lambda: EyeMovements(CAMERA), gaze_alone),
    StageCase("rates", Rates, movements_and_lids),
    StageCase("attention", lambda: Attention(CAMERA), gaze_on_things),
    StageCase("regions", Regions, gazed_scenes),
]
