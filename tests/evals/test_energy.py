from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.energy import (
    EVERYTHING,
    MEMX,
    TOGETHER,
    _merged,
    _ratio,
    _scene,
    _swings,
)
from evals.energy_watch import Film, Timed, Watch
from firmware_bridge.packets import GazeSample, SceneFrame
from perception.analytics.energy import EnergyConstants, Usage
from perception.attention.rates import Rates
from perception.events import EyeMovement, EyeMovementKind, EyeMovementOnset

S = 1_000_000_000
FIXATION, SACCADE = EyeMovementKind.FIXATION, EyeMovementKind.SACCADE


def frame(index: int) -> SceneFrame:
    shade = np.full((48, 64, 3), index % 256, np.uint8)
    return SceneFrame(S + index * S // 30, index, shade)


def test_spans_that_touch_are_one() -> None:
    assert _merged([(5, 7), (0, 2), (1, 3), (3, 4)]) == [(0, 4), (5, 7)]
    assert _merged([]) == []


def test_a_sleeping_camera_costs_its_rest_only(tmp_path: Path) -> None:
    watch = Watch(Film(tmp_path / "a.mp4"), Film(tmp_path / "b.mp4"))
    for index in range(90):
        watch(frame(index))
    usage = _scene(watch, [(S, 2 * S), (S + S // 2, 2 * S)], 3.0)
    assert (usage.scene_camera_s, usage.scene_standby_s) == (1.0, 2.0)
    assert usage.scene_pixels == 30 * 64 * 48


def test_rests_count_from_when_they_are_certain(tmp_path: Path) -> None:
    watch = Watch(Film(tmp_path / "a.mp4"), Film(tmp_path / "b.mp4"))
    for item in (
        EyeMovement(SACCADE, 0, S, 1.0, 1.0, 5.0),
        EyeMovementOnset(2 * S, FIXATION, 1.0, 1.0),
        GazeSample(2 * S, 1.0, 1.0),
        EyeMovement(FIXATION, S, 3 * S, 1.0, 1.0, 0.5),
        EyeMovement(SACCADE, 3 * S, 4 * S, 1.0, 1.0, 5.0),
    ):
        watch(item)
    assert watch.rests == [(2 * S, 3 * S)]
    assert watch.gaze == 1


def test_only_what_is_looked_at_is_filmed_by_the_eyes(tmp_path: Path) -> None:
    watch = Watch(Film(tmp_path / "a.mp4"), Film(tmp_path / "b.mp4"))
    for index in range(60):
        if index == 30:
            watch(EyeMovementOnset(S + S, FIXATION, 1.0, 1.0))
        watch(frame(index))
    assert watch.whole.pixels == 2 * watch.looked.pixels == 30 * 64 * 48
    assert watch.whole.close() > watch.looked.close() > 0
    assert (tmp_path / "b.mp4").stat().st_size > 0


def test_a_film_of_nothing_takes_nothing(tmp_path: Path) -> None:
    assert Film(tmp_path / "a.mp4").close() == 0


def test_a_constant_swings_what_depends_on_it() -> None:
    usages = {
        EVERYTHING: Usage(scene_camera_s=100.0, bytes_sent=1e6),
        MEMX: Usage(scene_camera_s=50.0, bytes_sent=1e6),
    }
    constants = EnergyConstants()
    ranges = _swings(usages, EVERYTHING, constants)
    low, high = ranges["radio_j_per_byte"]
    assert low < _ratio(usages, EVERYTHING, constants) < high < 100
    low, high = ranges["cpu_w"]
    assert low == pytest.approx(high)
    least, most = ranges[TOGETHER]
    assert least <= min(low for low, _ in ranges.values())
    assert most >= max(high for _, high in ranges.values())


def test_processor_time_is_that_of_the_stage() -> None:
    timed = Timed(Rates())
    assert timed.update(EyeMovement(FIXATION, 0, 20 * S, 1.0, 1.0, 0.5)) == []
    assert timed.cpu_s > 0
    assert len(timed.flush()) == 2
