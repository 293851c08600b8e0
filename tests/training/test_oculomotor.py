from __future__ import annotations

import numpy as np
import pytest

from evals.data.gaze_events import FIXATION, LOST, PURSUIT, SACCADE, GazeRecording
from evals.gaze_scores import events_of

simulate = pytest.importorskip("training.oculomotor").simulate


@pytest.fixture(scope="module")
def recordings() -> list[GazeRecording]:
    random = np.random.default_rng(21)
    return [simulate(8.0, random) for _ in range(60)]


def test_the_same_seed_gives_the_same_eyes() -> None:
    first, second = (simulate(4.0, np.random.default_rng(5)) for _ in range(2))
    assert first.x_deg.tobytes() == second.x_deg.tobytes()
    assert first.labels.tolist() == second.labels.tolist()


def test_time_rises_at_rates_of_real_trackers(recordings: list[GazeRecording]) -> None:
    for recording in recordings:
        assert (np.diff(recording.t_s) > 0).all()
        assert 99 < recording.rate_hz < 1001


def test_every_kind_of_movement_occurs(recordings: list[GazeRecording]) -> None:
    labels = np.concatenate([recording.labels for recording in recordings])
    shares = np.bincount(labels, minlength=4) / len(labels)
    assert shares[[FIXATION, SACCADE, PURSUIT, LOST]].min() > 0.02


def test_lost_eyes_have_no_place_and_no_confidence(recordings: list[GazeRecording]) -> None:
    for recording in recordings:
        is_nowhere = np.isnan(recording.x_deg)
        assert (recording.confidence[is_nowhere] == 0).all()
        assert (recording.labels[is_nowhere] == LOST).mean() > 0.8 if is_nowhere.any() else True


def test_saccades_last_as_long_as_real_ones(recordings: list[GazeRecording]) -> None:
    durations_ms = [
        1000 * (end - start) / recording.rate_hz
        for recording in recordings
        for start, end in events_of(recording.labels, SACCADE)
    ]
    assert 20 < np.median(durations_ms) < 60
