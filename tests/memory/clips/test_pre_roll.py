from __future__ import annotations

from memory.clips.pre_roll import PreRoll
from tests.memory.clips.test_media import frames, sound
from tests.memory.day import S


def test_pre_roll_is_bounded_in_time_and_bytes() -> None:
    roll = PreRoll(seconds=1.0)
    for frame in frames(0, 3):
        roll.add(frame)
        roll.add_sound(sound(frame.t_ns))
    kept = [frame.t_ns for frame in roll.frames(0)]
    assert kept[0] >= kept[-1] - S
    assert len(kept) in (30, 31)
    assert [c.t_ns for c in roll.sound(kept[-1])] == [kept[-1]]
    tight = PreRoll(seconds=10, max_bytes=20_000)
    for frame in frames(0, 3):
        tight.add(frame)
    assert 0 < len(list(tight.frames(0))) < 30
    nearest = roll.nearest(kept[-1] + 5, 10)
    assert nearest is not None
    assert nearest.t_ns == kept[-1]
    assert roll.nearest(kept[-1] + S, 10) is None
