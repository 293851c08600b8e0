from __future__ import annotations

import numpy as np
import pytest

from memory.recall.neighbours import beside

S = 1_000_000_000
START_NS = np.array([0, 10, 20, 200, 210]) * S
END_NS = START_NS + 5 * S
VALUES = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (1, [0, 1, 2, 0, 4]),
        (2, [0, 0, 1, 0, 0]),
        (-1, [2, 3, 0, 5, 0]),
        (5, [0, 0, 0, 0, 0]),
    ],
)
def test_a_neighbour_is_what_was_said_next_without_a_pause(step: int, expected: list[int]) -> None:
    assert beside(VALUES, START_NS, END_NS, step).tolist() == expected


def test_nothing_has_no_neighbours() -> None:
    none = np.zeros(0, np.int64)
    assert beside(np.zeros(0), none, none, 1).tolist() == []
