from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from perception.attention.motion import describe
from perception.attention.network import TemporalNetwork, Weights
from training.gaze_streams import streams_of

torch = pytest.importorskip("torch")

from training.eye_movements import (  # noqa: E402 - only where torch is installed
    GAZECOM_TEST_MOVIE,
    HMR_TEST,
    Network,
    Split,
    costs_of,
    split,
    train,
    write,
)
from training.oculomotor import simulate  # noqa: E402 - needs the extra of training too


def network() -> Network:
    """A network of random weights, with a normalisation that is not the identity."""
    torch.manual_seed(3)
    random = np.random.default_rng(3)
    features = describe(streams_of([simulate(4.0, random) for _ in range(4)], 1000).grids)
    made = Network(features)
    made(torch.tensor(features).permute(0, 2, 1))
    made.eval()
    return made


def test_what_is_written_gives_what_torch_gave(tmp_path: Path) -> None:
    write(network(), costs_of(np.ones(6)), Split([], []), tmp_path)
    weights = Weights.load(tmp_path / "eye-movements.npz")
    with np.load(tmp_path / "eye-movements.reference.npz") as reference:
        likely = TemporalNetwork(weights)(reference["features"])
        assert likely == pytest.approx(reference["likely"], abs=1e-4)
    assert (weights.delay, weights.lag) == (2, 5)
    assert weights.costs.tolist() == costs_of(np.ones(6)).tolist()


@pytest.mark.slow
def test_training_is_reproducible_and_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.eye_movements.SIMULATED", 64)
    first, second = (train([], epochs=2, seed=7) for _ in range(2))
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    stream = streams_of([simulate(8.0, np.random.default_rng(99))], 2000)
    likely = first(torch.tensor(describe(stream.grids)).permute(0, 2, 1))[0].detach().numpy()
    assert (likely.argmax(axis=0) == stream.labels[0]).mean() > 0.4


@pytest.mark.parametrize("with_gazecom", [False, True])
def test_nobody_of_the_test_is_trained_on_or_chosen_by(
    shared_data: Path, with_gazecom: bool
) -> None:
    used = split(with_gazecom)
    everything = used.trained + used.chosen_on
    assert not {r.person for r in everything} & set(HMR_TEST)
    assert GAZECOM_TEST_MOVIE not in {r.stimulus for r in everything}
    assert ("gazecom" in {r.tracker for r in used.trained}) is with_gazecom
    assert not {(r.tracker, r.person) for r in used.trained} & {
        (r.tracker, r.person) for r in used.chosen_on
    }
