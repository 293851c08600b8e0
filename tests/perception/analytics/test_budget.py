from __future__ import annotations

import math
from itertools import pairwise

import pytest

from firmware_bridge.packets import SceneFrame
from perception.events import Box, EyeMovementKind, TextSeen, Work
from tests.perception.analytics.streams import (
    NAN,
    Look,
    picture,
    plans,
    stream,
    times_s,
)


def gaps_s(times: list[float]) -> list[float]:
    return [b - a for a, b in pairwise(times)]


def test_every_frame_has_one_plan_with_the_gaze_on_it() -> None:
    items = stream(Look(1.0, 40.0, 30.0), Look(0.5, NAN))
    found = plans(items)
    assert [plan.t_ns for plan in found] == [i.t_ns for i in items if isinstance(i, SceneFrame)]
    assert (found[10].x_px, found[10].y_px) == (40.0, 30.0)
    assert math.isnan(found[-1].x_px)


@pytest.mark.parametrize("kind", [EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT])
def test_objects_are_sought_at_once_when_gaze_rests_and_then_twice_a_second(
    kind: EyeMovementKind,
) -> None:
    times = times_s(plans(stream(Look(3.0, 40.0, kind=kind))), Work.OBJECTS)
    assert times[0] == pytest.approx(0.1, abs=0.05)
    assert gaps_s(times) == pytest.approx([0.5] * (len(times) - 1), abs=0.05)


def test_another_place_is_looked_at_at_once_but_the_same_one_is_not() -> None:
    near = times_s(plans(stream(*[Look(0.3, 40.0 + n) for n in range(6)])), Work.OBJECTS)
    far = times_s(plans(stream(*[Look(0.3, 20.0 + 25 * n) for n in range(6)])), Work.OBJECTS)
    assert len(far) == 6
    assert len(near) == 3


def test_eyes_that_do_not_rest_see_faces_only_and_seldom() -> None:
    found = plans(stream(Look(4.0, NAN)))
    assert not times_s(found, Work.OBJECTS) + times_s(found, Work.TEXT)
    assert gaps_s(times_s(found, Work.FACES)) == pytest.approx([1.0] * 3, abs=0.05)


def test_faces_are_sought_five_times_a_second_while_gaze_rests() -> None:
    times = times_s(plans(stream(Look(3.0, 40.0))), Work.FACES)
    assert gaps_s(times)[2:] == pytest.approx([0.2] * (len(times) - 3), abs=0.05)


@pytest.mark.parametrize(
    ("looks", "first_s"),
    [
        ((Look(2.0, 80.0),), 0.7),
        (tuple(Look(0.25, 70.0 + 3 * n) for n in range(6)), 0.7),
        (tuple(Look(0.4, 20.0 + 40 * (n % 3)) for n in range(6)), None),
        ((Look(0.6, 80.0),), None),
        ((Look(0.5, 80.0), Look(1.0, NAN), Look(0.5, 80.0)), None),
    ],
    ids=["one rest", "reading along a line", "looking around", "too short", "a break"],
)
def test_text_is_read_once_gaze_stays_in_one_region(
    looks: tuple[Look, ...], first_s: float | None
) -> None:
    times = times_s(plans(stream(*looks)), Work.TEXT)
    assert times[:1] == ([] if first_s is None else pytest.approx([first_s], abs=0.15))


def test_where_writing_was_found_it_is_read_again_sooner() -> None:
    found = TextSeen(0, "EXIT", Box(0, 0, 10, 10), 0.9, is_attended=True)
    times = times_s(plans([found, *stream(Look(12.0, 80.0))]), Work.TEXT)
    near, far = [t for t in times if t < 5.0], [t for t in times if t >= 6.0]
    assert min(gaps_s(near)) == pytest.approx(0.5, abs=0.05)
    assert min(gaps_s(far)) > 0.99


def test_text_is_read_once_a_second_at_most() -> None:
    times = times_s(plans(stream(Look(9.0, 80.0))), Work.TEXT)
    assert len(times) == 9
    assert all(gap > 0.99 for gap in gaps_s(times))


def test_text_waits_for_a_sharp_frame_but_not_for_ever() -> None:
    blurred = dict.fromkeys(range(20, 30), picture(5))
    (first, *_) = times_s(plans(stream(Look(3.0, 80.0), blurred=blurred)), Work.TEXT)
    assert first == pytest.approx(30 / 30, abs=0.06)
    always = dict.fromkeys(range(14, 90), picture(5))
    (first, *_) = times_s(plans(stream(Look(3.0, 80.0), blurred=always)), Work.TEXT)
    assert 0.7 <= first <= 1.1


def test_nothing_is_read_where_gaze_lies_outside_the_picture() -> None:
    assert times_s(plans(stream(Look(2.0, 400.0))), Work.TEXT) == []


def test_few_frames_get_any_heavy_analysis() -> None:
    looks = [Look(0.3, 20.0 + 37 * (n % 4), 20.0 + 31 * (n % 3)) for n in range(60)]
    found = plans(stream(*looks))
    assert sum(bool(plan.work) for plan in found) <= 0.3 * len(found)


def test_the_region_is_looked_at_five_times_a_second_while_gaze_rests() -> None:
    times = times_s(plans(stream(Look(3.0, 40.0), Look(2.0, NAN), attention=0.1)), Work.REGION)
    assert times[0] == pytest.approx(0.1, abs=0.05)
    assert gaps_s(times) == pytest.approx([0.2] * (len(times) - 1), abs=0.04)
    assert times[-1] <= 3.05


def test_objects_and_frequent_faces_wait_until_attention_holds() -> None:
    found = plans(stream(Look(4.0, 40.0), attention=0.2))
    assert not times_s(found, Work.OBJECTS)
    assert gaps_s(times_s(found, Work.FACES)) == pytest.approx([1.0] * 3, abs=0.05)
