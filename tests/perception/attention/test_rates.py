from __future__ import annotations

import ast
import asyncio
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from firmware_bridge.connect import connect
from firmware_bridge.packets import EyeState
from perception.attention.eyelids import Eyelids
from perception.attention.rates import Rates
from perception.events import Dwell, EyeMovement, EyeMovementKind, EyeMovementRates

S = 1_000_000_000
MINUTE = 1_700_000_040 * S
NAN = math.nan
FIXATION, PURSUIT = EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT
SACCADE, BLINK, NOISE = EyeMovementKind.SACCADE, EyeMovementKind.BLINK, EyeMovementKind.NOISE


def movement(
    kind: EyeMovementKind, start_s: float, end_s: float, at_px: float = 0.0, deg: float = 0.0
) -> EyeMovement:
    is_blink = kind is BLINK
    x_px, amplitude_deg = (NAN, NAN) if is_blink else (at_px, deg)
    start_ns, end_ns = MINUTE + round(start_s * S), MINUTE + round(end_s * S)
    return EyeMovement(kind, start_ns, end_ns, x_px, x_px, amplitude_deg)


def run(stage: Rates, movements: Iterable[EyeMovement]) -> list[Dwell | EyeMovementRates]:
    return [event for item in movements for event in stage.update(item)] + list(stage.flush())


def dwells(movements: Iterable[EyeMovement]) -> list[Dwell]:
    return [event for event in run(Rates(), movements) if isinstance(event, Dwell)]


def rates(movements: Iterable[EyeMovement]) -> list[EyeMovementRates]:
    return [event for event in run(Rates(), movements) if isinstance(event, EyeMovementRates)]


def looking_about(start_s: float, seconds: int) -> list[EyeMovement]:
    """Each second: two fixations, two saccades; every fourth second ends with a blink."""
    found = []
    for second in range(seconds):
        t_s = start_s + second
        found.append(movement(FIXATION, t_s, t_s + 0.4, 100.0))
        found.append(movement(SACCADE, t_s + 0.4, t_s + 0.45, deg=8.0))
        found.append(movement(FIXATION, t_s + 0.45, t_s + 0.8, 500.0))
        found.append(movement(SACCADE, t_s + 0.8, t_s + 0.85, deg=8.0))
        last = BLINK if second % 4 == 3 else FIXATION
        found.append(movement(last, t_s + 0.85, t_s + 1.0, 100.0))
    return found


def test_a_minute_has_its_rates() -> None:
    first, second = rates(looking_about(0, 120))
    assert (first.start_ns, first.end_ns) == (MINUTE, MINUTE + 60 * S)
    assert second.start_ns == first.end_ns
    for minute in (first, second):
        assert minute.seen_ns == 60 * S
        assert minute.saccades_hz == pytest.approx(2.0)
        assert minute.blinks_per_min == pytest.approx(15.0)


@pytest.mark.parametrize("lost_s", [0.0, 12.0, 40.0])
def test_gaps_change_no_rate(lost_s: float) -> None:
    left_s = round(60 - lost_s)
    (minute,) = rates(
        [*looking_about(0, left_s // 2), *looking_about(60 - left_s // 2, left_s // 2)]
    )
    assert minute.seen_ns == left_s * S
    assert minute.saccades_hz == pytest.approx(2.0)
    assert minute.blinks_per_min == pytest.approx(15.0, rel=0.25)


def test_noise_is_not_seen() -> None:
    (minute,) = rates([*looking_about(0, 20), movement(NOISE, 20, 60)])
    assert minute.seen_ns == 20 * S


def test_moments_between_movements_were_seen() -> None:
    path = [movement(FIXATION, second, second + 0.9) for second in range(60)]
    (minute,) = rates(path)
    assert minute.seen_ns == 60 * S - round(0.1 * S)
    (with_gaps,) = rates([each for number, each in enumerate(path) if number % 2])
    assert with_gaps.seen_ns == pytest.approx(30 * 0.9 * S)


def test_too_little_makes_no_rate() -> None:
    assert rates(looking_about(0, 14)) == []


def test_a_long_gap_leaves_its_minutes_out() -> None:
    found = rates([*looking_about(0, 60), *looking_about(600, 60)])
    assert [(each.start_ns - MINUTE) // S for each in found] == [0, 600]


def test_a_fixation_over_two_minutes_is_seen_in_both() -> None:
    first, second = rates([movement(FIXATION, 40, 80)])
    assert (first.seen_ns, second.seen_ns) == (20 * S, 20 * S)
    assert first.saccades_hz == second.blinks_per_min == 0.0


def test_small_saccades_and_blinks_do_not_end_a_dwell() -> None:
    (dwell,) = dwells(
        [
            movement(FIXATION, 0.0, 1.0, 100.0),
            movement(SACCADE, 1.0, 1.02, deg=1.0),
            movement(FIXATION, 1.02, 2.02, 120.0),
            movement(BLINK, 2.02, 2.22),
            movement(PURSUIT, 2.22, 4.22, 140.0, deg=9.0),
        ]
    )
    assert (dwell.start_ns, dwell.end_ns) == (MINUTE, MINUTE + round(4.22 * S))
    assert dwell.fixations == 3
    assert dwell.x_px == pytest.approx(125.0)


@pytest.mark.parametrize(
    "between",
    [
        movement(SACCADE, 1.0, 1.05, deg=10.0),
        movement(SACCADE, 1.0, 1.05, deg=NAN),
        movement(NOISE, 1.0, 1.9),
    ],
)
def test_going_elsewhere_ends_a_dwell(between: EyeMovement) -> None:
    after_s = (between.end_ns - MINUTE) / S
    path = [movement(FIXATION, 0, 1), between, movement(FIXATION, after_s, after_s + 1)]
    assert [dwell.fixations for dwell in dwells(path)] == [1, 1]


def lids(start_s: float, end_s: float, closed_s: Iterable[tuple[float, float]]) -> list[EyeState]:
    """Open by 9 mm but for some time."""
    found = []
    for step in range(round((end_s - start_s) * 100)):
        t_s = start_s + step / 100
        aperture_mm = 0.5 if any(a <= t_s < b for a, b in closed_s) else 9.0
        t_ns = MINUTE + round(t_s * S)
        found.append(EyeState(t_ns, 3.0, 3.0, aperture_mm, aperture_mm))
    return found


def test_eyelids_tell_the_blinks_where_they_are_measured() -> None:
    closed_s = ((10.0, 10.15), (20.0, 20.02), (30.0, 32.0), (50.0, 50.2), (59.9, 60.1))
    stage = Rates()
    eyes = [*looking_about(0, 60), movement(FIXATION, 60, 90)]
    for state in lids(0, 90, closed_s):
        assert list(stage.update(state)) == []
    first, second = (event for event in run(stage, eyes) if isinstance(event, EyeMovementRates))
    assert first.blinks_per_min == pytest.approx(3.0)
    assert second.blinks_per_min == 0.0


def test_blinks_of_a_real_neon_are_those_that_the_vendor_found(shared_data: Path) -> None:
    folder = shared_data / "glasses" / "neon" / "demo_head"

    async def blinks() -> list[int]:
        eyelids = Eyelids()
        async with connect(f"recording:{folder}") as device:
            found = [
                eyelids.update(packet)
                async for packet in device.packets()
                if isinstance(packet, EyeState)
            ]
        return [t_ns for t_ns in found if t_ns is not None]

    fields = ast.literal_eval((folder / "blinks.dtype").read_text())
    theirs = np.fromfile(folder / "blinks ps1.raw", np.dtype(fields))
    ours = asyncio.run(blinks())
    assert len(ours) == len(theirs)
    for t_ns, blink in zip(ours, theirs, strict=True):
        assert blink["start_timestamp_ns"] <= t_ns < blink["end_timestamp_ns"]
