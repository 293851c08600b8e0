from __future__ import annotations

import pytest

from firmware_bridge.packets import GazeSample
from perception.attention.carry import Carry

MS_NS = 1_000_000


def followed(carry: Carry, *x_px: float, from_ms: int = 0) -> list[tuple[float, float]]:
    samples = (GazeSample((from_ms + 10 * n) * MS_NS, x, 50.0) for n, x in enumerate(x_px))
    return [carry.follow(sample) for sample in samples]


def test_only_steady_eyes_carry() -> None:
    carry = Carry(1_000 * MS_NS)
    assert followed(carry, 0.0, 5.0) == [(0.0, 0.0), (0.0, 0.0)]
    carry.rest()
    assert followed(carry, 6.0, 9.0, from_ms=20) == [(1.0, 0.0), (3.0, 0.0)]
    assert carry.since(20 * MS_NS) == (3.0, 0.0)
    assert carry.since(10 * MS_NS) == (4.0, 0.0)


def test_what_was_carried_after_the_eyes_left_is_taken_back() -> None:
    carry = Carry(1_000 * MS_NS)
    carry.rest()
    followed(carry, 0.0, 1.0, 2.0, 40.0, 80.0)
    assert carry.leave(20 * MS_NS) == (78.0, 0.0)
    assert carry.since(0) == pytest.approx((2.0, 0.0))
    assert followed(carry, 90.0, from_ms=50) == [(0.0, 0.0)]


def test_a_time_beyond_memory_is_unknown() -> None:
    carry = Carry(20 * MS_NS)
    carry.rest()
    followed(carry, *range(10))
    assert carry.since(0) == (0.0, 0.0)
