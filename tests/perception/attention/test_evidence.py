from __future__ import annotations

import math

import numpy as np
import pytest

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample
from perception.attention.evidence import FEATURES, REGION, Evidence
from perception.attention.look import Look
from perception.events import (
    Box,
    EyeMovement,
    EyeMovementKind,
    EyeMovementOnset,
    RegionSeen,
)
from tests.perception.attention.gaze import CAMERA, START_NS, Gaze, px_of

MS_NS = 1_000_000


def region(t_s: float, x_px: float, moved_px: tuple[float, float], since_s: float) -> RegionSeen:
    vector = np.zeros(384, np.float32)
    vector[0] = 1.0
    return RegionSeen(
        t_ns=START_NS + round(t_s * 1e9),
        x_px=x_px,
        y_px=600.0,
        box=Box(x_px - 100, 500.0, 200.0, 200.0),
        distinctness=0.7,
        appearance=vector,
        since_ns=round(since_s * 1e9),
        moved_px=moved_px,
        turned_px=(0.0, 0.0),
        persistence=0.9,
    )


def named(evidence: Evidence, t_s: float, look: Look | None = None) -> dict[str, float]:
    row = evidence.at(START_NS + round(t_s * 1e9), look)
    assert row.shape == (len(FEATURES),)
    assert np.isfinite(row).all()
    return dict(zip(FEATURES, row.tolist(), strict=True))


def taken(gaze: Gaze, camera: SceneCamera = CAMERA) -> Evidence:
    evidence = Evidence(camera)
    for sample in gaze.samples:
        evidence.take(sample)
    return evidence


def test_nothing_is_known_at_first() -> None:
    row = named(Evidence(CAMERA), 0.0)
    assert row["lost_share"] == 1.0
    assert sum(row.values()) == 1.0


def test_speed_and_spread_are_in_degrees_whatever_the_picture() -> None:
    gaze = Gaze().glide(2.0, 10.0)
    here = named(taken(gaze), 2.0)
    assert here["speed_log_deg_s"] == pytest.approx(math.log1p(10), abs=0.2)
    small = SceneCamera.from_field_of_view(800, 600, 100.0)
    half = [GazeSample(s.t_ns, s.x_px / 2, s.y_px / 2) for s in gaze.samples]
    evidence = Evidence(small)
    for sample in half:
        evidence.take(sample)
    assert named(evidence, 2.0) == pytest.approx(here, abs=1e-4)


def test_rests_and_blinks_are_counted_and_forgotten() -> None:
    evidence = Evidence(CAMERA)
    for n in range(3):
        start_ns = START_NS + n * 300 * MS_NS
        evidence.take(EyeMovementOnset(start_ns, EyeMovementKind.FIXATION, 0.0, 0.0))
        evidence.take(
            EyeMovement(EyeMovementKind.FIXATION, start_ns, start_ns + 200 * MS_NS, 0, 0, 0)
        )
    evidence.take(EyeMovement(EyeMovementKind.BLINK, START_NS, START_NS + MS_NS, 0, 0, 0))
    row = named(evidence, 1.0)
    assert row["rests_in_three_seconds"] == pytest.approx(0.5)
    assert row["fixating"] == 0.0
    assert row["blinks_in_three_seconds"] == pytest.approx(1 / 3)
    assert named(evidence, 9.0)["rests_in_three_seconds"] == 0.0


def test_gaze_that_follows_what_it_is_on_is_told_from_gaze_that_stays() -> None:
    px_per_deg = px_of(1, 0)[0] - 800
    for step_px, residual in ((100.0, 0.0), (0.0, 100.0)):
        evidence = Evidence(CAMERA)
        evidence.take(region(0.0, 400.0, (0.0, 0.0), 0.0))
        evidence.take(region(0.2, 400.0 + step_px, (100.0, 0.0), 0.2))
        row = named(evidence, 0.25)
        assert row["gaze_on_region_log_deg"] == pytest.approx(
            math.log1p(residual / px_per_deg), abs=0.05
        )
        assert row["region_speed_log_deg_s"] == pytest.approx(
            math.log1p(500 / px_per_deg), abs=0.05
        )


def test_a_region_from_long_ago_says_nothing() -> None:
    evidence = Evidence(CAMERA)
    evidence.take(region(0.0, 400.0, (0.0, 0.0), 0.0))
    assert named(evidence, 0.1)["region_known"] == 1.0
    assert not evidence.at(START_NS + 1_000 * MS_NS, None)[REGION].any()


def test_a_look_tells_of_its_dwell_and_its_likeness() -> None:
    evidence = Evidence(CAMERA)
    seen = region(0.0, 400.0, (0.0, 0.0), 0.0)
    evidence.take(seen)
    look = Look(START_NS - 10**9, START_NS, 400.0, 600.0, seen.box, on_ns=10**9)
    look.familiar_ns = 2 * 10**9
    look.appearance = seen.appearance
    row = named(evidence, 0.0, look)
    assert row["dwell_log_s"] == pytest.approx(math.log(2))
    assert row["familiar_log_s"] == pytest.approx(math.log(3))
    assert row["likeness_to_target"] == pytest.approx(1.0)
    assert row["on_target"] == 1.0
    assert row["target_distance"] == pytest.approx(0.0)
