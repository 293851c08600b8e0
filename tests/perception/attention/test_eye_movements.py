from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample, ImuSample
from perception.attention.eye_movements import EyeMovements
from perception.events import EyeMovement, EyeMovementKind, EyeMovementOnset
from tests.perception.attention.gaze import CAMERA, SECOND_NS, START_NS, Gaze, px_of
from tests.perception.attention.test_head_motion import read
from tests.perception.stage_suite import run

FIXATION, PURSUIT = EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT
SACCADE, BLINK, NOISE = EyeMovementKind.SACCADE, EyeMovementKind.BLINK, EyeMovementKind.NOISE
STEADY = (FIXATION, PURSUIT)
MS_NS = 1_000_000


def movements(gaze: Gaze, camera: SceneCamera = CAMERA) -> list[EyeMovement]:
    return [e for e in run(EyeMovements(camera), gaze.samples) if isinstance(e, EyeMovement)]


def kinds(gaze: Gaze) -> list[EyeMovementKind]:
    return [movement.kind for movement in movements(gaze)]


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 120.0, 200.0, 250.0, 1000.0])
@pytest.mark.parametrize("noise_deg", [0.0, 0.1])
def test_rests_and_jumps_are_told_apart_at_any_rate(rate_hz: float, noise_deg: float) -> None:
    gaze = Gaze(rate_hz, noise_deg).rest(0.8).jump(12, 0).rest(0.8).jump(0, -9).rest(0.8)
    assert kinds(gaze) == [FIXATION, SACCADE, FIXATION, SACCADE, FIXATION]


def test_a_tracker_with_noise_of_the_real_glasses_keeps_its_fixations() -> None:
    gaze = Gaze(noise_deg=0.35).rest(1.5).jump(12, 0).rest(1.5).jump(0, -9).rest(1.5)
    assert [kind for kind in kinds(gaze) if kind in STEADY] == [FIXATION] * 3


@pytest.mark.parametrize(
    ("deg_s", "expected"), [(0.5, FIXATION), (1.5, FIXATION), (10.0, PURSUIT), (25.0, PURSUIT)]
)
def test_steady_drift_is_pursuit_from_a_speed_on(deg_s: float, expected: EyeMovementKind) -> None:
    assert kinds(Gaze(noise_deg=0.05).glide(1.5, deg_s)) == [expected]


def test_a_fixation_that_turns_into_pursuit_is_two_movements() -> None:
    gaze = Gaze(noise_deg=0.05).rest(1.5).glide(1.5, 14.0).rest(1.5)
    assert kinds(gaze) == [FIXATION, PURSUIT, FIXATION]


@pytest.mark.parametrize(
    ("lost_s", "expected"),
    [
        (0.02, [FIXATION]),
        (0.15, [FIXATION, BLINK, FIXATION]),
        (0.45, [FIXATION, BLINK, FIXATION]),
        (1.20, [FIXATION, NOISE, FIXATION]),
    ],
)
def test_lost_eyes_are_bridged_or_a_blink_or_noise(
    lost_s: float, expected: list[EyeMovementKind]
) -> None:
    assert kinds(Gaze().rest(0.5).lose(lost_s).rest(0.5)) == expected


def test_samples_of_low_confidence_count_as_lost() -> None:
    samples = [
        GazeSample(s.t_ns, s.x_px, s.y_px, 0.2 if 100 <= n < 140 else 0.9)
        for n, s in enumerate(Gaze().rest(1.0).samples)
    ]
    events = [e for e in run(EyeMovements(CAMERA), samples) if isinstance(e, EyeMovement)]
    assert [e.kind for e in events] == [FIXATION, BLINK, FIXATION]


def test_a_gap_closes_what_is_open_and_nothing_bridges_it() -> None:
    first, second = movements(Gaze().rest(0.5).skip(1.0).rest(0.5))
    assert first.end_ns <= START_NS + SECOND_NS // 2
    assert second.start_ns >= START_NS + 3 * SECOND_NS // 2


def test_a_spike_of_noise_does_not_split_a_fixation() -> None:
    samples = Gaze().rest(1.0).samples
    x_px, y_px = px_of(5.0, 0.0)
    samples[100] = GazeSample(samples[100].t_ns, x_px, y_px)
    events = run(EyeMovements(CAMERA), samples)
    assert [e.kind for e in events if isinstance(e, EyeMovement)] == [FIXATION]


def test_rest_shorter_than_a_fixation_has_no_onset() -> None:
    events = run(EyeMovements(CAMERA), Gaze().rest(0.06).samples)
    assert events == []


def test_onset_comes_a_tenth_of_a_second_after_the_eyes_came_to_rest() -> None:
    stage = EyeMovements(CAMERA)
    gaze = Gaze().rest(0.5).jump(10, 0)
    landed_ns = gaze.samples[-1].t_ns
    onsets = [
        (e, sample.t_ns)
        for sample in gaze.rest(0.5).samples
        for e in stage.update(sample)
        if isinstance(e, EyeMovementOnset)
    ]
    (_, _), (second, known_ns) = onsets
    assert 80 * MS_NS <= known_ns - landed_ns <= 150 * MS_NS
    assert second.kind is FIXATION
    assert (second.x_px, second.y_px) == pytest.approx(px_of(10, 0), abs=1.0)


def test_a_saccade_tells_its_amplitude_and_a_fixation_its_place() -> None:
    first, saccade, second = movements(Gaze().rest(0.6).jump(12, 0).rest(0.6))
    assert saccade.amplitude_deg == pytest.approx(12.0, abs=1.5)
    assert (first.x_px, first.y_px) == pytest.approx(px_of(0, 0), abs=8.0)
    assert (second.x_px, second.y_px) == pytest.approx(px_of(12, 0), abs=8.0)


def test_movements_follow_each_other_without_overlap() -> None:
    gaze = Gaze(noise_deg=0.1).rest(0.6).jump(12, 0).glide(1.0, -12).lose(0.2).rest(0.6)
    found = movements(gaze)
    assert all(a.end_ns <= b.start_ns for a, b in pairwise(found))


def test_samples_out_of_order_change_nothing() -> None:
    samples = Gaze().rest(0.6).jump(12, 0).rest(0.6).samples
    mixed = [s for n, sample in enumerate(samples) for s in (sample, samples[max(0, n - 9)])]
    assert run(EyeMovements(CAMERA), mixed) == run(EyeMovements(CAMERA), samples)


def joined(found: list[EyeMovement]) -> list[tuple[int, int]]:
    """Steady stretches: fixations and pursuits that touch are one."""
    spans: list[tuple[int, int]] = []
    for movement in found:
        if movement.kind not in STEADY:
            continue
        if spans and movement.start_ns - spans[-1][1] <= 10 * MS_NS:
            spans[-1] = (spans[-1][0], movement.end_ns)
        else:
            spans.append((movement.start_ns, movement.end_ns))
    return spans


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared_ns = min(a[1], b[1]) - max(a[0], b[0])
    return shared_ns / (max(a[1], b[1]) - min(a[0], b[0]))


def test_steady_gaze_agrees_with_the_makers_fixations(shared_data: Path) -> None:
    """The maker's fixations follow the head, as ours do by the glasses' own head motion."""
    folder = shared_data / "glasses" / "neon" / "demo_head"
    camera, packets = read(folder)
    fields = [("kind", "<i4"), ("start_ns", "<i8"), ("end_ns", "<i8"), ("values", "<f4", (10,))]
    rows = np.fromfile(folder / "fixations ps1.raw", np.dtype(fields))
    expected = [(int(r["start_ns"]), int(r["end_ns"])) for r in rows if r["kind"] == 1]
    items = [packet for packet in packets if isinstance(packet, GazeSample | ImuSample)]
    events = run(EyeMovements(camera), items)
    found = joined([e for e in events if isinstance(e, EyeMovement)])
    hits = sum(any(overlap(span, other) >= 0.5 for other in found) for span in expected)
    assert 2 * hits / (len(expected) + len(found)) >= 0.8


def turning(deg_s: float) -> list[GazeSample | ImuSample]:
    """Eyes that rest on a thing of the room while the head turns to the right."""
    items: list[GazeSample | ImuSample] = []
    for sample in Gaze(noise_deg=0.05, at_deg=(20.0, 0.0)).glide(2.0, -deg_s).samples:
        items.append(ImuSample(sample.t_ns, (0.0, math.radians(deg_s), 0.0), (0.0, 9.81, 0.0)))
        items.append(sample)
    return items


@pytest.mark.parametrize(("is_measured", "expected"), [(True, FIXATION), (False, PURSUIT)])
def test_a_turning_head_is_no_pursuit_where_it_is_measured(
    is_measured: bool, expected: EyeMovementKind
) -> None:
    camera = replace(CAMERA, scene_from_imu=np.eye(3) if is_measured else None)
    events = run(EyeMovements(camera), turning(15.0))
    assert [e.kind for e in events if isinstance(e, EyeMovement)] == [expected]
