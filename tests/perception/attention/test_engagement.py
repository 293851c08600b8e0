from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assets import trained
from perception.attention.engagement import Engagement
from perception.attention.evidence import FEATURES


def test_inference_without_torch_equals_the_trained_network() -> None:
    with np.load(trained.WEIGHTS_FOLDER / "attention_reference.npz") as reference:
        rows, expected = reference["rows"], reference["probabilities"]
    network = Engagement()
    told = [network.step(row) for row in rows]
    assert told == pytest.approx(expected.tolist(), abs=1e-4)
    assert max(told) - min(told) > 0.3, "the reference must say more than one thing"


def test_after_a_reset_the_past_is_forgotten() -> None:
    network = Engagement()
    rows = np.random.default_rng(2).random((20, len(FEATURES))).astype(np.float32)
    first = [network.step(row) for row in rows]
    assert first != [network.step(row) for row in rows]
    network.reset()
    assert first == [network.step(row) for row in rows]


def test_weights_for_other_evidence_are_refused(tmp_path: Path) -> None:
    with np.load(trained.weights("attention")) as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["features"] = arrays["features"][::-1]
    np.savez(tmp_path / "other.npz", allow_pickle=False, **arrays)
    with pytest.raises(ValueError, match="trained on"):
        Engagement(tmp_path / "other.npz")
