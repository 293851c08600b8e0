from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.widgets.gaze_path import FULL_REST_S, TRAIL_S, GazePath, Point, gaze_path, outside
from firmware_bridge.packets import GazeSample
from memory.clips.gaze_track import GazeTrack, GazeTrackWriter
from perception.events import EyeMovementKind

FIXATION, SACCADE = EyeMovementKind.FIXATION, EyeMovementKind.SACCADE
WIDTH_PX, HEIGHT_PX = 1600, 1200


def track(
    x_px: np.ndarray,
    y_px: np.ndarray,
    movement: Sequence[EyeMovementKind | None] = (),
    confidence: float = 1.0,
    rate_hz: float = 200.0,
) -> GazeTrack:
    n = len(x_px)
    return GazeTrack(
        clip_s=np.arange(n) / rate_hz,
        gaze_in_scene_px=np.column_stack([x_px, y_px]),
        confidence=np.full(n, confidence),
        movement=tuple(movement or (None,) * n),
        scene_size_px=np.tile([WIDTH_PX, HEIGHT_PX], (n, 1)),
    )


def sweep(seconds: float = 4.0, rate_hz: float = 200.0) -> GazeTrack:
    """Gaze that goes from left to right at 200 pixels a second, a third of the way down."""
    t_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return track(200 * t_s, np.full(len(t_s), 400.0), rate_hz=rate_hz)


def at_s(path: GazePath, clip_s: float) -> tuple[float, float] | None:
    mark = path.at(clip_s)
    return None if mark is None else mark.point


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 200.0, 1000.0])
@pytest.mark.parametrize("clip_s", [0.3, 1.0, 3.5])
def test_the_point_is_where_gaze_is_in_shares_of_the_picture(rate_hz: float, clip_s: float) -> None:
    point = at_s(GazePath(sweep(rate_hz=rate_hz)), clip_s)
    assert point is not None
    assert point[0] == pytest.approx(200 * clip_s / WIDTH_PX, abs=10 / WIDTH_PX)
    assert point[1] == pytest.approx(1 / 3)


@pytest.mark.parametrize("rate_hz", [10.0, 30.0, 200.0])
def test_the_trail_reaches_back_and_fades(rate_hz: float) -> None:
    mark = GazePath(sweep(rate_hz=rate_hz)).at(3.0)
    assert mark is not None
    ages = [stroke.age for stroke in mark.trail]
    assert ages == sorted(ages, reverse=True)
    assert 0 <= ages[-1] <= 0.05
    assert 0.85 < ages[0] < 1
    first_x = mark.trail[0].points[0][0] * WIDTH_PX / 200
    assert first_x == pytest.approx(3.0 - TRAIL_S, abs=0.11)
    assert mark.trail[-1].points[1] == mark.point
    for older, newer in zip(mark.trail, mark.trail[1:], strict=False):
        assert older.points[1] == newer.points[0], "the trail is one line"


def test_any_time_can_be_asked_for_in_any_order() -> None:
    path = GazePath(sweep())
    forwards = [path.at(step / 15) for step in range(60)]
    assert [path.at(step / 15) for step in reversed(range(60))] == forwards[::-1]


def test_while_the_eyes_are_lost_there_is_nothing_and_the_trail_does_not_cross() -> None:
    gaze = sweep()
    gaze.gaze_in_scene_px[300:360] = np.nan  # 1.5 s to 1.8 s
    path = GazePath(gaze)
    assert path.at(1.55) is not None, "a loss shorter than a tenth of a second is bridged"
    assert path.at(1.7) is None
    mark = path.at(2.0)
    assert mark is not None
    jumps = [stroke.points[1][0] - stroke.points[0][0] for stroke in mark.trail]
    assert max(jumps) * WIDTH_PX < 200 * 0.06


def test_a_short_loss_is_bridged() -> None:
    gaze = sweep()
    gaze.gaze_in_scene_px[300:310] = np.nan
    path = GazePath(gaze)
    assert path.at(1.53) is not None
    mark = path.at(2.0)
    assert mark is not None
    assert len({stroke.points[0] for stroke in mark.trail}) == len(mark.trail)


def test_samples_without_confidence_are_lost() -> None:
    x_px = np.full(400, 800.0)
    assert GazePath(track(x_px, x_px, confidence=0.3)).at(1.0) is None


def test_the_eyes_rest_longer_and_longer_until_they_jump() -> None:
    x_px = np.full(600, 800.0)
    movement = [FIXATION] * 400 + [SACCADE] * 10 + [FIXATION] * 190
    path = GazePath(track(x_px, x_px, movement))
    rests = [mark.rest for t_s in (0.2, 0.6, 1.9, 2.02, 2.4) if (mark := path.at(t_s))]
    assert rests == pytest.approx([0.2 / FULL_REST_S, 0.5, 1.0, 0.0, 0.35 / FULL_REST_S])


def test_without_known_movements_the_eyes_never_rest() -> None:
    mark = GazePath(sweep()).at(2.0)
    assert mark is not None
    assert mark.rest == 0


def test_noise_within_a_fixation_does_not_scribble() -> None:
    noise = np.random.default_rng(1).normal(scale=8, size=(800, 2))
    noise[::50] += 300  # spikes
    mark = GazePath(track(800 + noise[:, 0], 600 + noise[:, 1])).at(3.0)
    assert mark is not None
    points = np.array([stroke.points[1] for stroke in mark.trail]) * (WIDTH_PX, HEIGHT_PX)
    assert np.linalg.norm(points - (800, 600), axis=1).max() < 20


def test_a_track_without_a_seen_sample_shows_nothing() -> None:
    lost = np.full(10, np.nan)
    assert GazePath(track(lost, lost)).at(0.02) is None


def test_a_file_becomes_a_path(tmp_path: Path) -> None:
    writer = GazeTrackWriter(tmp_path / "a.gaze.csv", 0)
    writer.set_scene_size((WIDTH_PX, HEIGHT_PX))
    for step in range(100):
        writer.add(GazeSample(step * 5_000_000, 400.0, 300.0))
    path = gaze_path(writer.finish())
    assert path is not None
    assert at_s(path, 0.3) == (0.25, 0.25)


def test_without_a_readable_file_there_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "a.gaze.csv").write_text("not a track")
    (tmp_path / "b.gaze.csv").mkdir()
    for track_file in (None, tmp_path / "missing.csv", *tmp_path.iterdir()):
        assert gaze_path(track_file) is None


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param((-5, 0), (0, 0), ((-5, 0), (-2, 0)), id="into"),
        pytest.param((-5, 0), (5, 0), ((-5, 0), (-2, 0)), id="through"),
        pytest.param((-5, 3), (5, 3), ((-5, 3), (5, 3)), id="past"),
        pytest.param((-5, 0), (-3, 0), ((-5, 0), (-3, 0)), id="before"),
        pytest.param((5, 0), (9, 0), ((5, 0), (9, 0)), id="away"),
        pytest.param((1, 0), (9, 0), None, id="out of"),
        pytest.param((5, 5), (5, 5), ((5, 5), (5, 5)), id="a point"),
    ],
)
def test_the_ring_stays_free(
    start: Point, end: Point, expected: tuple[Point, Point] | None
) -> None:
    assert outside(start, end, (0, 0), 2) == expected
