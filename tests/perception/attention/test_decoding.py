from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from perception.attention.decoding import FixedLag

COSTS = [[0.0, 2.0, 3.0], [1.0, 0.0, 1.5], [2.5, 2.0, 0.0]]


def likely(labels: list[int], sure: float = 0.9) -> list[list[float]]:
    rest = np.log((1 - sure) / 2)
    return [[np.log(sure) if n == label else rest for n in range(3)] for label in labels]


def decoded(steps: list[list[float]], lag: int) -> list[int]:
    decoder = FixedLag(COSTS, lag)
    return [*decoder.push(steps), *decoder.flush()]


def test_one_doubtful_step_does_not_split_a_run() -> None:
    steps = likely([0] * 10 + [1] + [0] * 10, sure=0.6)
    assert decoded(steps, lag=3) == [0] * 21


def test_a_lasting_change_is_settled_where_it_began() -> None:
    steps = likely([0] * 10 + [2] * 10)
    assert decoded(steps, lag=3) == [0] * 10 + [2] * 10


def test_with_a_lag_over_all_steps_the_path_is_the_cheapest_of_all() -> None:
    random = np.random.default_rng(8)
    for _ in range(20):
        steps = np.log(random.dirichlet(np.ones(3), 6)).tolist()
        paths = list(product(range(3), repeat=6))
        assert tuple(decoded(steps, lag=6)) == max(paths, key=lambda path: worth(steps, path))


def worth(steps: list[list[float]], path: tuple[int, ...]) -> float:
    seen = sum(step[label] for step, label in zip(steps, path, strict=True))
    return seen - sum(COSTS[a][b] for a, b in pairwise(path))


@pytest.mark.parametrize("lag", [0, 1, 5])
def test_labels_come_after_the_lag_and_each_once(lag: int) -> None:
    decoder = FixedLag(COSTS, lag)
    counts = [len(decoder.push([step])) for step in likely([0, 1, 2, 1, 0, 0, 2, 2])]
    assert counts == [0] * lag + [1] * (8 - lag)
    assert len(decoder.flush()) == lag
    assert decoder.flush() == []
