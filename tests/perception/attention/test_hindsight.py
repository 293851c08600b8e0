from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assets import trained
from perception.attention.evidence import FEATURES
from perception.attention.hindsight import WEIGHTS, Hindsight, Late


class Echo:
    """Answers the first number of the row of ``delay`` steps ago."""

    def __init__(self, delay: int) -> None:
        self.delay = delay
        self.reset()

    def step(self, row: npt.NDArray[np.float32]) -> float:
        self._seen.append(float(row[0]))
        return self._seen[-1 - self.delay] if len(self._seen) > self.delay else -1.0

    def reset(self) -> None:
        self._seen: list[float] = []


def rows(count: int) -> npt.NDArray[np.float32]:
    return np.arange(count, dtype=np.float32)[:, None]


@pytest.mark.parametrize(("delay", "count"), [(0, 4), (3, 9), (3, 3), (5, 2), (3, 0)])
def test_every_tick_gets_the_answer_that_is_about_it(delay: int, count: int) -> None:
    late = Late(Echo(delay))
    at_once = [j for n, row in enumerate(rows(count)) for j in late.take(n, row)]
    at_last = list(late.flush())
    assert [(j.t_ns, j.probability) for j in (*at_once, *at_last)] == [(n, n) for n in range(count)]
    assert len(at_last) == min(delay, count)
    assert list(late.flush()) == [], "nothing waits any longer"


def test_inference_without_torch_equals_the_trained_network() -> None:
    with np.load(trained.WEIGHTS_FOLDER / f"{WEIGHTS}_reference.npz") as reference:
        evidence, expected = reference["rows"], reference["probabilities"]
    network = Hindsight()
    told = [network.step(row) for row in evidence]
    assert told == pytest.approx(expected.tolist(), abs=1e-4)
    assert max(told) - min(told) > 0.3, "the reference must say more than one thing"
    network.reset()
    assert told == [network.step(row) for row in evidence]


def test_weights_for_other_evidence_are_refused(tmp_path: Path) -> None:
    with np.load(trained.weights(WEIGHTS)) as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["features"] = np.array(FEATURES[::-1])
    np.savez(tmp_path / "other.npz", allow_pickle=False, **arrays)
    with pytest.raises(ValueError, match="trained on"):
        Hindsight(tmp_path / "other.npz")
