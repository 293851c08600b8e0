from __future__ import annotations

import numpy as np
import pytest

from evals.attention_baselines import Dwell, EyesAlone, SaliencyAlone, grid, spectral_residual
from evals.attention_tally import expected_calibration_error, f1
from evals.cascade import Cascade, RecordedEyes
from evals.data.gazed_scene import scene_of
from evals.data.gazed_video import Behaviour, frame_ns, look_at
from evals.kept_video import encoded_bytes, rolled
from perception.events import Attending, EyeMovement, EyeMovementKind, SnippetClosed, Work
from tests.evals.films import film, trace

SECOND_NS = 1_000_000_000


def test_scores_of_frames() -> None:
    truth = np.array([True, True, False, False])
    assert f1(truth, truth) == 1.0
    assert f1(~truth, truth) == 0.0
    assert f1(np.ones(4, bool), truth) == pytest.approx(2 / 3)


def test_calibration_error_is_the_gap_between_saying_and_being() -> None:
    truth = np.array([True] * 8 + [False] * 2)
    assert expected_calibration_error(np.full(10, 0.8), truth) == pytest.approx(0.0)
    assert expected_calibration_error(np.full(10, 0.3), truth) == pytest.approx(0.5)


def test_eyes_alone_hold_and_bridge() -> None:
    video = look_at(scene_of(film()), trace(), 4.0, 1, Behaviour())

    def rest(start_s: float, end_s: float) -> EyeMovement:
        start_ns, end_ns = (frame_ns(0) + round(t * SECOND_NS) for t in (start_s, end_s))
        return EyeMovement(EyeMovementKind.FIXATION, start_ns, end_ns, 0, 0, 0)

    eyes = [rest(0.0, 0.25), rest(1.0, 1.5), rest(1.6, 2.0)]
    told = EyesAlone(0.5, 0.2).tell(eyes, video)
    assert np.flatnonzero(told).tolist() == list(range(36, 53))
    assert EyesAlone(0.0, 0.0).tell(eyes, video).sum() > told.sum()
    assert len({(g.hold_s, g.bridge_s) for g in grid()}) == len(grid())


def test_what_stands_out_is_salient() -> None:
    random = np.random.default_rng(0)
    picture = random.integers(80, 160, (192, 192, 3)).astype(np.uint8)
    picture[88:104, 145:161] = 255
    row, column = np.unravel_index(spectral_residual(picture).argmax(), (64, 64))
    assert abs(row - 32) < 8
    assert abs(column - 51) < 8
    assert SaliencyAlone(0.5).tell(np.array([0.4, 0.6])).tolist() == [False, True]


def test_what_is_kept_has_rolls_is_merged_and_leaves_out_what_is_short() -> None:
    told = np.zeros(24 * 20, bool)
    told[24 * 5 : 24 * 6] = told[24 * 7 : 24 * 8] = told[24 * 15 : 24 * 15 + 5] = True
    ((start_ns, end_ns),) = rolled(told)
    assert (start_ns, end_ns) == (frame_ns(24 * 4), frame_ns(24 * 17 // 2))


def test_half_the_time_takes_about_half_the_bytes() -> None:
    video = look_at(scene_of(film()), trace(), 8.0, 1, Behaviour())
    whole = encoded_bytes(video.packets(), [(frame_ns(0), frame_ns(video.frames))])
    half = encoded_bytes(
        video.packets(), [(frame_ns(0), frame_ns(48)), (frame_ns(96), frame_ns(144))]
    )
    assert 0.4 < half / whole < 0.65
    assert encoded_bytes(video.packets(), []) == 0


def test_the_cascade_attends_to_what_is_looked_at_and_analyses_few_frames() -> None:
    behaviour = Behaviour(attend_share=0.9, wander_share=0.0, lost_share=0.0, distracted=0.0)
    video = look_at(scene_of(film(step_px=2.0)), trace(), 12.0, 2, behaviour)
    eyes = RecordedEyes(video.camera, video.gaze)
    passed = Cascade(video.camera, Dwell(), eyes=eyes).run(video.packets())
    assert passed.eyes == eyes.all()
    assert all(isinstance(state, Attending) for state in passed.states)
    assert len(passed.states) == pytest.approx(12 * 25, abs=2)
    assert any(isinstance(event, SnippetClosed) for event in passed.events)
    assert 0 < passed.heavy <= 0.3 * video.frames
    assert passed.analysed[Work.REGION] > 20
    assert {state.target_id for state in passed.states[150:]} - {0}
