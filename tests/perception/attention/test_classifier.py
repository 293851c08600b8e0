from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from perception.attention import classify
from perception.attention.classifier import GazeClassifier
from perception.attention.resampling import Floats, Times
from perception.events import EyeMovementKind
from tests.perception.attention.gaze import Gaze, deg_of

FIXATION, SACCADE, PURSUIT = "fixation", "saccade", "smooth pursuit"


@dataclass(frozen=True)
class Columns:
    t_ns: Times
    x_deg: Floats
    y_deg: Floats
    confidence: Floats

    @classmethod
    def of(cls, gaze: Gaze) -> Columns:
        t_ns = np.array([sample.t_ns for sample in gaze.samples])
        x_deg, y_deg = np.array([deg_of(sample.x_px, sample.y_px) for sample in gaze.samples]).T
        sure = np.array([sample.confidence for sample in gaze.samples])
        return cls(t_ns - t_ns[0], x_deg, y_deg, sure)

    def push(self, classifier: GazeClassifier, part: slice) -> list[int]:
        return classifier.push(
            self.t_ns[part], self.x_deg[part], self.y_deg[part], self.confidence[part]
        )

    def labels(self) -> list[str]:
        named = classify(self.t_ns / 1e9, self.x_deg, self.y_deg, self.confidence)
        return [str(name) for name in named]


def everything(rate_hz: float) -> Gaze:
    gaze = Gaze(rate_hz, 0.05).rest(0.8).jump(8, 3).rest(0.5).lose(0.15).rest(0.4).skip(0.3)
    return gaze.rest(0.6).glide(1.0, 15.0).lose(0.02).jump(-5, 0).rest(0.5).lose(0.9).rest(0.3)


@pytest.mark.parametrize("rate_hz", [100.0, 120.0, 200.0, 250.0, 333.0, 500.0, 1000.0])
def test_any_division_of_a_stream_gives_the_same_labels(rate_hz: float) -> None:
    columns = Columns.of(everything(rate_hz))
    count = len(columns.t_ns)
    whole, divided, single = GazeClassifier(), GazeClassifier(), GazeClassifier()
    expected = columns.push(whole, slice(0, count)) + whole.flush()
    random = np.random.default_rng(3)
    cuts = np.sort(random.integers(0, count, 60))
    parts = [slice(a, b) for a, b in zip([0, *cuts], [*cuts, count], strict=True) if b > a]
    found = [label for part in parts for label in columns.push(divided, part)]
    assert found + divided.flush() == expected
    one_by_one = [n for at in range(count) for n in columns.push(single, slice(at, at + 1))]
    assert one_by_one + single.flush() == expected
    assert len(expected) == count


@pytest.mark.parametrize("rate_hz", [100.0, 120.0, 200.0, 250.0, 500.0, 1000.0])
def test_every_label_comes_within_fifty_milliseconds(rate_hz: float) -> None:
    columns = Columns.of(Gaze(rate_hz, 0.05).rest(0.5).jump(8, 0).rest(0.5).lose(0.2).rest(0.5))
    classifier, done = GazeClassifier(), 0
    for at in range(len(columns.t_ns)):
        done += len(columns.push(classifier, slice(at, at + 1)))
        assert columns.t_ns[at] - columns.t_ns[min(done, at)] <= 50_000_000


@pytest.mark.parametrize("rate_hz", [100.0, 200.0, 250.0, 500.0, 1000.0])
@pytest.mark.parametrize("noise_deg", [0.01, 0.1])
@pytest.mark.parametrize("scale", [0.6, 1.0, 1.6])
def test_what_the_eyes_do_is_told_at_any_rate_noise_and_scale(
    rate_hz: float, noise_deg: float, scale: float
) -> None:
    size = 10.0 * scale
    gaze = Gaze(rate_hz, noise_deg).rest(1.0).jump(size, 0).rest(1.0).glide(1.2, 15.0 * scale)
    columns = Columns.of(gaze)
    labels, t_s = np.array(columns.labels()), columns.t_ns / 1e9
    jump_s = size / 300.0
    assert np.mean(labels[t_s < 0.95] == FIXATION) > 0.9
    assert SACCADE in labels[(t_s > 0.99) & (t_s < 1.03 + jump_s)]
    assert np.mean(labels[(t_s > 1.1 + jump_s) & (t_s < 1.95)] == FIXATION) > 0.9
    assert np.mean(labels[t_s > 2.4 + jump_s] == PURSUIT) > 0.8


def test_lost_eyes_are_a_blink_or_noise_by_their_duration() -> None:
    short, long = (Columns.of(Gaze().rest(0.8).lose(s).rest(0.8)).labels() for s in (0.2, 1.0))
    assert short[175:195] == ["blink"] * 20
    assert long[175:355] == ["noise"] * 180


def test_labels_are_the_strings_of_the_events() -> None:
    labels = classify(*(np.arange(500) / 250, *np.random.default_rng(0).normal(0, 0.1, (2, 500))))
    assert labels.shape == (500,)
    assert labels.dtype == np.dtype("<U14")
    assert set(labels.tolist()) <= {kind.value for kind in EyeMovementKind}


def test_no_samples_have_no_labels() -> None:
    assert classify(*np.zeros((4, 0))).shape == (0,)


def test_a_sample_out_of_order_is_noise_and_changes_nothing_else() -> None:
    columns = Columns.of(Gaze(noise_deg=0.05).rest(1.0).jump(8, 0).rest(1.0))
    expected = columns.labels()
    late = [
        np.insert(column, 120, column[80])
        for column in (columns.t_ns / 1e9, columns.x_deg, columns.y_deg, columns.confidence)
    ]
    labels = classify(*late).tolist()
    assert labels[120] == "noise"
    assert labels[:120] + labels[121:] == expected


def test_nothing_is_carried_across_a_gap() -> None:
    first, second = Gaze().rest(0.5).jump(5, 0).rest(0.5), Gaze().rest(0.5).glide(0.5, 20)
    alone = Columns.of(first).labels() + Columns.of(second).labels()
    a, b = Columns.of(first), Columns.of(second)
    joined = Columns(
        np.concatenate([a.t_ns, b.t_ns + 2_000_000_000]),
        np.concatenate([a.x_deg, b.x_deg]),
        np.concatenate([a.y_deg, b.y_deg]),
        np.concatenate([a.confidence, b.confidence]),
    )
    assert joined.labels() == alone


def test_arrays_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        classify(np.arange(5.0), np.zeros(5), np.zeros(4), np.ones(5))
    with pytest.raises(ValueError, match="must be numbers"):
        classify(np.array([0.0, np.nan]), np.zeros(2), np.zeros(2), np.ones(2))
