from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from evals.data.gazed_video import Behaviour, look_at, scene_of
from perception.attention.engagement import Engagement
from perception.attention.evidence import DWELL, FEATURES
from tests.evals.films import film, trace
from training import attention
from training.attention import (
    Session,
    Teacher,
    altered,
    evidence_of,
    export,
    fit,
    on_ground,
    pasted,
    probabilities,
)


def dwelling(count: int, seed: int) -> Session:
    """Attention that is a matter of dwell alone."""
    random = np.random.default_rng(seed)
    labels = np.repeat(random.random(count // 25) < 0.5, 25).astype(np.float32)
    rows = random.normal(0, 0.3, (count, len(FEATURES))).astype(np.float32)
    rows[:, DWELL] += labels
    return Session(("made up",), "nobody", True, rows, labels)


def test_training_learns_and_its_export_says_the_same(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "STEPS", 80)
    monkeypatch.setattr(attention, "WEIGHTS_FOLDER", tmp_path)
    given = [dwelling(500, seed) for seed in range(4)]
    network = fit(given)
    probability, truth = probabilities(network, [dwelling(500, 9)])
    assert attention.f1(probability, truth) > 0.85
    path = export(network, 1.0, 0.0, given[0])
    exported = Engagement(path)
    told = [exported.step(row) for row in given[0].rows]
    assert told == pytest.approx(probabilities(network, given[:1])[0].tolist(), abs=1e-4)


def test_the_same_seed_gives_the_same_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "STEPS", 3)
    given = [dwelling(500, 1)]
    first, second = fit(given).weights(), fit(given).weights()
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_every_tick_has_evidence_and_truth() -> None:
    video = look_at(scene_of(film()), trace(), 6.0, 2, Behaviour(attend_share=0.6))
    rows, labels = evidence_of(video, np.random.default_rng(1))
    assert rows.shape == (len(labels), len(FEATURES))
    assert len(labels) == pytest.approx(150, abs=3)
    assert set(labels.tolist()) <= {0.0, 1.0}
    assert np.isfinite(rows).all()


def test_the_teacher_is_late_and_at_times_wrong_but_mostly_right() -> None:
    truth = np.repeat([0.0, 1.0, 0.0, 1.0], 100).astype(np.float32)
    agreed = []
    for seed in range(12):
        teacher = Teacher(truth, np.random.default_rng(seed))
        said = [teacher.step(np.zeros(len(FEATURES), np.float32)) for _ in truth]
        agreed.append(np.mean(np.array(said) == truth))
    assert 0.6 < np.mean(agreed) < 1.0


def test_films_are_varied_without_losing_their_masks() -> None:
    random = np.random.default_rng(3)
    one = film(12)
    for made in (altered(one, random), pasted(one, film(12), random)):
        assert made.pictures[0].dtype == np.uint8
        assert made.pictures[0].shape[:2] == made.masks[0].shape
        assert made.masks[0].any()
    ground = on_ground(scene_of(one), random)
    width, height = 640, 480
    assert ((ground.middle_px > 0) & (ground.middle_px < [width, height])).all()
