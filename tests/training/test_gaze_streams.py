from __future__ import annotations

import numpy as np
import pytest

from evals.data.gaze_events import FIXATION, LOST, SACCADE, UNLABELLED, GazeRecording
from perception.attention.motion import AHEAD, HISTORY, describe
from perception.attention.resampling import KNOWN, SEEN, X
from training.gaze_streams import IGNORED, pieces, streams_of, varied


def recording(rate_hz: float = 250.0, seconds: float = 4.0) -> GazeRecording:
    """Rest at 0, a jump to 10 degrees in the middle, rest, and a last half second without label."""
    t_s = np.arange(0.0, seconds, 1.0 / rate_hz)
    middle = seconds / 2
    x_deg = np.clip((t_s - middle) * 250.0, 0.0, 10.0)
    labels = np.where((t_s >= middle) & (x_deg < 10.0), SACCADE, FIXATION).astype(np.uint8)
    labels[t_s >= seconds - 0.5] = UNLABELLED
    ones = np.ones_like(t_s)
    return GazeRecording("test", "test", "nobody", "jump", t_s, x_deg, -x_deg, ones, labels)


@pytest.mark.parametrize("rate_hz", [100.0, 200.0, 500.0])
def test_labels_stay_with_the_movement_on_the_grid(rate_hz: float) -> None:
    stream = streams_of([recording(rate_hz)], 1000)
    x_deg = stream.grids[0, X, HISTORY:-AHEAD]
    is_moving = (x_deg > 0.5) & (x_deg < 9.5)
    assert (stream.labels[0, is_moving] == SACCADE).mean() > 0.8
    assert (stream.labels[0, 900:] == IGNORED).all()


def test_a_stream_starts_from_nothing_and_is_filled_at_its_end() -> None:
    stream = streams_of([recording(seconds=2.0)], 1000)
    assert np.isnan(stream.grids[0, X, :HISTORY]).all()
    assert not stream.grids[0, [SEEN, KNOWN], :HISTORY].any()
    assert (stream.labels[0, 500:] == IGNORED).all()
    assert np.isfinite(describe(stream.grids)).all()


def test_pieces_have_their_length_and_lie_in_order() -> None:
    parts = pieces(recording(seconds=30.0), 8.0, np.random.default_rng(1))
    assert 3 <= len(parts) <= 4
    assert [len(part) for part in parts[:3]] == [2000] * 3
    assert parts[1].t_s[0] > parts[0].t_s[-1]


def test_variation_keeps_form_and_labels_that_exist() -> None:
    random = np.random.default_rng(9)
    for _ in range(50):
        other = varied(recording(), random)
        assert len(other.t_s) == len(other.x_deg) == len(other.labels) == len(other.confidence)
        assert (np.diff(other.t_s) > 0).all()
        assert set(np.unique(other.labels)) <= {FIXATION, SACCADE, LOST, UNLABELLED}
        assert 90 < other.rate_hz < 1010


def size_of(jump: GazeRecording) -> float:
    """How far gaze is from the start after the jump."""
    after = slice(int(0.55 * len(jump)), None)
    return float(np.hypot(np.nanmedian(jump.x_deg[after]), np.nanmedian(jump.y_deg[after])))


def test_variation_covers_scale_and_rate() -> None:
    random = np.random.default_rng(9)
    others = [varied(recording(), random) for _ in range(80)]
    sizes = [size_of(other) / size_of(recording()) for other in others]
    rates_hz = [other.rate_hz for other in others]
    assert min(sizes) < 0.7
    assert max(sizes) > 1.4
    assert min(rates_hz) < 150
    assert max(rates_hz) > 600
