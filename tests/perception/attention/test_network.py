from __future__ import annotations

import numpy as np
import pytest

from assets.trained import WEIGHTS_FOLDER
from perception.attention.classifier import trained
from perception.attention.network import TemporalNetwork


def test_numpy_gives_what_the_trained_network_gave() -> None:
    with np.load(WEIGHTS_FOLDER / "eye-movements.reference.npz") as reference:
        features, expected = reference["features"], reference["likely"]
    likely = TemporalNetwork(trained())(features)
    assert likely.shape == expected.shape
    assert likely == pytest.approx(expected, abs=1e-3)


def test_probabilities_add_up_to_one() -> None:
    features = np.random.default_rng(4).normal(0, 3, (50, 29)).astype(np.float32)
    likely = TemporalNetwork(trained())(features)
    assert np.exp(likely).sum(axis=1) == pytest.approx(np.ones(50), abs=1e-5)


def test_any_division_of_a_stream_gives_the_same_output() -> None:
    features = np.random.default_rng(4).normal(0, 1, (600, 29)).astype(np.float32)
    expected = TemporalNetwork(trained())(features)
    divided = TemporalNetwork(trained())
    parts = np.split(features, [1, 2, 3, 50, 51, 300, 555])
    assert np.concatenate([divided(part) for part in parts]) == pytest.approx(expected, abs=1e-4)


def test_the_network_is_far_below_a_megabyte() -> None:
    assert (WEIGHTS_FOLDER / "eye-movements.npz").stat().st_size < 500_000
