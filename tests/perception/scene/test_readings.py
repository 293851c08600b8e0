from __future__ import annotations

import pytest

from perception.scene.readings import MOST_CONFIDENT, Reading, Readings

S = 1_000_000_000


def settle(*read: tuple[float, str, float]) -> Reading:
    readings = Readings()
    settled = [readings.settle(Reading(int(t_s * S), text, sure)) for t_s, text, sure in read]
    return settled[-1]


@pytest.mark.parametrize(
    ("read", "text", "confidence"),
    [
        ([(0, "EXIT", 0.9)], "EXIT", 0.9),
        ([(0, "EX1T", 0.95), (1, "EXIT", 0.9), (2, "EXIT", 0.9)], "EXIT", 0.992),
        ([(0, "EXIT", 0.9), (1, "EXIT", 0.9), (2, "EX1T", 0.95)], "EXIT", 0.992),
        ([(0, "EXIT", 0.9), (1, "EX1T", 0.95)], "EX1T", 0.961),
        ([(0, "BREAB", 0.9), (1, "BREAD", 0.9), (2, "READ", 0.95)], "BREAD", 0.948),
        ([(0, "BREADX", 0.9), (1, "BREAD", 0.9), (2, "BREAD", 0.9)], "BREAD", 0.992),
        ([(0, "EXIT", 0.9), (1, "BREAD", 0.8)], "BREAD", 0.8),
        ([(0, "EX1T", 0.95), (100, "EXIT", 0.9)], "EXIT", 0.9),
        ([(n, "EXIT", 0.9) for n in range(9)], "EXIT", MOST_CONFIDENT),
    ],
    ids=[
        "once",
        "outvoted",
        "stands",
        "surer",
        "a part",
        "too much",
        "another line",
        "long ago",
        "never certain",
    ],
)
def test_readings_vote(read: list[tuple[float, str, float]], text: str, confidence: float) -> None:
    settled = settle(*read)
    assert settled.text == text
    assert settled.confidence == pytest.approx(confidence, abs=1e-3)
    assert settled.t_ns == int(read[-1][0] * S)


def test_only_so_much_is_kept() -> None:
    readings = Readings(most=4)
    for n in range(10):
        settled = readings.settle(Reading(n, "EXIT" if n < 6 else "EX1T", 0.9))
    assert settled.text == "EX1T"
