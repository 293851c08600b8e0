"""Things that were attended to before, known again by how they look."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from perception.attention.appearance import likeness
from perception.events import Embedding

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """What is remembered of targets, and when one is known again."""

    alike: float = 0.7
    """Likeness from which two regions are the same thing, in [0, 1]."""
    memory_ns: int = 60 * SECOND_NS
    """How long a target is remembered, in nanoseconds."""
    capacity: int = 8
    """How many are remembered; the one seen longest ago goes first."""


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """One remembered thing.

    Attributes:
        appearance: Its mean over looks, a unit vector, shape ``(384,)``.
        dwell_ns: For how long gaze has been on it in all.
        last_ns: When gaze was last on it.
    """

    id: int
    appearance: Embedding
    dwell_ns: int
    last_ns: int


class Targets:
    """The last few targets of one wearer.

    Args:
        settings: What is remembered.
    """

    def __init__(self, settings: TargetSettings | None = None) -> None:
        self._settings = settings or TargetSettings()
        self._known: OrderedDict[int, Target] = OrderedDict()
        self._next_id = 1

    def identify(self, appearance: Embedding, t_ns: int) -> Target:
        """Return the known target that looks like this one most, or a new one."""
        fresh = [t for t in self._known.values() if t_ns - t.last_ns <= self._settings.memory_ns]
        best = max(fresh, key=lambda t: likeness(t.appearance, appearance), default=None)
        if best is not None and likeness(best.appearance, appearance) >= self._settings.alike:
            return best
        self._next_id += 1
        return Target(self._next_id - 1, appearance, 0, t_ns)

    def remember(self, target: Target) -> None:
        """Keep a target, in place of what was known of it."""
        self._known[target.id] = target
        self._known.move_to_end(target.id)
        while len(self._known) > self._settings.capacity:
            self._known.popitem(last=False)
