from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from perception.attention.engagement import Engagement
from perception.attention.evidence import DWELL, FEATURES
from training import attention
from training.attention import export, fit, probabilities
from training.attention_sessions import Session


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
