from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pytest

from firmware_bridge.packets import EyeState
from perception.emotion.arousal import USUAL, Arousal, Baseline, Level
from tests.perception.emotion.streams import NAN, SECOND_NS, eyes, start


def levels(items: Iterable[EyeState]) -> list[Level]:
    stage = Arousal()
    return [level for item in items if (level := stage.update(item)) is not None]


def at(found: list[Level], from_s: float, to_s: float) -> list[float]:
    return [level.arousal for level in found if from_s <= level.t_ns / SECOND_NS < to_s]


@pytest.mark.parametrize("rate_hz", [30, 50, 200])
def test_a_widening_pupil_raises_arousal_and_lets_it_fall_again(rate_hz: int) -> None:
    found = levels(eyes(35.0, start(20.0), rate_hz=rate_hz))
    assert max(at(found, 20.5, 23.0)) > 0.9
    assert max(at(found, 12.0, 20.0)) < 0.6
    assert max(at(found, 26.0, 35.0)) < 0.6


def test_levels_come_ten_times_a_second_once_ten_seconds_are_known() -> None:
    found = levels(eyes(20.0, start(50.0)))
    assert 10.0 <= found[0].t_ns / SECOND_NS < 12.5
    assert len(found) == pytest.approx(100, abs=12)
    assert sum(level.arousal for level in found) / len(found) == pytest.approx(USUAL, abs=0.1)


def test_large_pupils_are_not_arousal_but_larger_ones_than_usual_are() -> None:
    found = levels(eyes(30.0, lambda _: 7.0))
    assert max(level.arousal for level in found) < 0.6


@pytest.mark.parametrize(
    ("pupil", "aperture"),
    [
        (lambda t_s: NAN if 20.0 < t_s < 20.3 else 3.5, lambda _: 10.0),
        (lambda t_s: 8.9 if 20.0 < t_s < 20.3 else 3.5, lambda t: 1.0 if 19.9 < t < 20.3 else 10.0),
        (lambda t_s: 0.2 if 20.0 < t_s < 20.3 else 3.5, lambda _: 10.0),
    ],
    ids=["pupils lost", "lids closed", "no pupil found"],
)
def test_a_blink_is_not_arousal(
    pupil: Callable[[float], float], aperture: Callable[[float], float]
) -> None:
    assert max(at(levels(eyes(25.0, pupil, aperture)), 19.0, 25.0)) < 0.6


def test_one_eye_is_enough() -> None:
    whole = [
        EyeState(e.t_ns, e.pupil_left_mm, NAN, e.aperture_left_mm, NAN)
        for e in eyes(25.0, start(20.0))
    ]
    assert max(at(levels(whole), 20.5, 23.0)) > 0.9


def test_dilation_that_darkness_explains_is_taken_off() -> None:
    def highest(brightness: Callable[[float], float]) -> float:
        stage, found = Arousal(), []
        for item in eyes(30.0, start(22.0, 6.0, 0.6)):
            t_s = item.t_ns / SECOND_NS
            if item.t_ns % (SECOND_NS // 5) == 0:
                stage.see(item.t_ns, brightness(t_s))
            if (level := stage.update(item)) is not None:
                found.append(level)
        return max(at(found, 23.0, 27.0))

    assert highest(lambda _: 120.0) > 0.8
    assert highest(lambda t_s: 120.0 if t_s < 21.5 else 60.0) < 0.5
    assert highest(lambda t_s: 120.0 if t_s < 21.5 else 250.0) > 0.8


def test_wide_eyes_add_a_little() -> None:
    calm = levels(eyes(25.0, start(20.0, wide_mm=0.2)))
    wide = levels(eyes(25.0, start(20.0, wide_mm=0.2), lambda t_s: 13.0 if t_s > 20.0 else 10.0))
    assert USUAL < max(at(calm, 20.5, 23.0)) < max(at(wide, 20.5, 23.0))


def test_a_baseline_forgets_what_is_older_than_its_length() -> None:
    baseline = Baseline(10 * SECOND_NS, 0.1)
    assert math.isnan(baseline.median)
    for n in range(20):
        baseline.update(n * SECOND_NS, 3.0 if n < 8 else 5.0)
    assert baseline.median == 5.0
    assert baseline.known_ns <= 11 * SECOND_NS
    assert baseline.deviation(5.3) == pytest.approx(3.0)
