from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from evals.attention_tally import f1
from perception.attention.evidence import DWELL, FEATURES
from perception.attention.hindsight import Hindsight
from training import attention, hindsight
from training.attention import CHUNK
from training.attention_sessions import Session
from training.hindsight import DELAY, drawn, export, fit, late_logits

LATER = 25


def told_later(seed: int, count: int = 900) -> Session:
    """Evidence that tells of attention only a second after it."""
    random = np.random.default_rng(seed)
    labels = np.repeat(random.random(count // 25) < 0.5, 25).astype(np.float32)
    rows = random.normal(0, 0.3, (count, len(FEATURES))).astype(np.float32)
    rows[LATER:, DWELL] += 3 * labels[:-LATER]
    return Session(("made up",), "nobody", True, rows, labels)


def test_what_comes_after_is_used_and_the_export_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hindsight, "STEPS", 80)
    monkeypatch.setattr(attention, "WEIGHTS_FOLDER", tmp_path)
    given = [told_later(seed) for seed in range(4)]
    network = fit(given)
    shown = told_later(9)
    logits = late_logits(network, shown)
    assert f1((logits > 0)[:-DELAY], (shown.labels > 0.5)[:-DELAY]) > 0.9
    exported = Hindsight(export(network, 2.0, -0.5, shown))
    told = [exported.step(row) for row in shown.rows]
    expected = 1 / (1 + np.exp(0.5 - 2.0 * logits[: len(logits) - DELAY]))
    assert told[DELAY:] == pytest.approx(expected.tolist(), abs=1e-4)
    assert exported.delay == DELAY


def test_the_same_seed_gives_the_same_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hindsight, "STEPS", 3)
    first, second = (fit([told_later(1)]).weights(1.0, 0.0) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_spliced_examples_hold_shorter_attention(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hindsight, "SPLICED", 1.0)
    labels = np.repeat([0.0, 1.0, 0.0, 1.0, 0.0], 180).astype(np.float32)
    rows = np.repeat(np.arange(900, dtype=np.float32)[:, None], len(FEATURES), axis=1)
    session = Session(("made up",), "nobody", True, rows, labels)
    random = np.random.default_rng(0)
    for _ in range(20):
        given, truth = drawn([session], random)
        assert given.shape == (CHUNK, len(FEATURES))
        assert np.array_equal(truth, labels[given[:, 0].astype(int)]), "each keeps its label"
        breaks = np.flatnonzero(np.diff(given[:, 0]) != 1)
        assert len(breaks) >= 2, "several stretches"
