from __future__ import annotations

import pytest

from perception.eyes.calibration import Calibration, fit
from perception.eyes.pupil import EyesSeen, Pupil
from perception.eyes.slippage import Slippage
from tests.perception.eyes.drawing import CAMERA, NINE, SECOND_NS, looks, pupil_for


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return fit(looks(NINE), CAMERA)


def watched(slippage: Slippage, pupils: list[tuple[Pupil, ...]]) -> list[int]:
    """Indices of the frames, ten a second, at which slippage is told."""
    frames = [
        EyesSeen(index * SECOND_NS // 10, 256, 128, each) for index, each in enumerate(pupils)
    ]
    return [index for index, each in enumerate(frames) if slippage.update(each)]


def both(x_px: float, y_px: float, *shifts_px: tuple[float, float]) -> tuple[Pupil, ...]:
    return tuple(pupil_for(x_px, y_px, shift) for shift in shifts_px)


def test_looking_around_is_no_slippage(calibration: Calibration) -> None:
    around = [both(*NINE[n // 10 % 9], (0, 0), (0, 0)) for n in range(600)]
    assert watched(Slippage(calibration, CAMERA), around) == []


def test_pupils_where_none_were_are_slippage(calibration: Calibration) -> None:
    slipped = [both(*NINE[n // 10 % 9], (0, 30), (0, 30)) for n in range(300)]
    assert len(watched(Slippage(calibration, CAMERA), slipped)) == 1


def test_eyes_that_disagree_are_slippage(calibration: Calibration) -> None:
    """One side has slid down: each pupil is where it may be, but not with the other."""
    apart = [both(800, 600, (0, 5), (0, -5)) for n in range(300)]
    assert len(watched(Slippage(calibration, CAMERA), apart)) == 1


def test_closed_eyes_and_single_misfits_say_nothing(calibration: Calibration) -> None:
    stray = (Pupil(2, 2, 20, 20, 0.99, 0.95),) * 2
    mixed = [
        stray if n % 10 == 0 else (Pupil(),) * 2 if n % 3 == 0 else both(800, 600, (0, 0), (0, 0))
        for n in range(600)
    ]
    assert watched(Slippage(calibration, CAMERA), mixed) == []


def test_it_is_told_again_only_after_it_was_good(calibration: Calibration) -> None:
    good = [both(800, 600, (0, 0), (0, 0))] * 300
    bad = [both(800, 600, (0, 32), (0, 32))] * 300
    assert len(watched(Slippage(calibration, CAMERA), [*bad, *bad])) == 1
    assert len(watched(Slippage(calibration, CAMERA), [*bad, *good, *bad])) == 2
