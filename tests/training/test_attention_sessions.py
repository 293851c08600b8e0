from __future__ import annotations

import numpy as np
import pytest

from evals.data.gazed_scene import scene_of
from evals.data.gazed_video import Behaviour, look_at
from perception.attention.evidence import FEATURES
from tests.evals.films import film, trace
from training.attention_sessions import Teacher, altered, evidence_of, on_ground, pasted


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
