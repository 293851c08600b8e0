"""What the companion means to do in the next turn."""

from __future__ import annotations

from dataclasses import dataclass

from memory.records import Hit, Source

VALID_NS = 600 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """One turn ahead: where the conversation goes, and what was looked up for it.

    Attributes:
        t_ns: When the turn that it follows was asked; it is used for ten minutes from then on.
        objective: What the conversation is for, in a sentence.
        next_action: What to do next, in a sentence; empty where nothing is to be done.
        found: Memories that the next turn may need.
        sources: The rows that the plan rests on; without one of them it is void.
        is_due: It cannot wait until the conversation comes to it.
    """

    t_ns: int
    objective: str
    next_action: str
    found: tuple[Hit, ...]
    sources: tuple[Source, ...]
    is_due: bool = False

    def is_valid(self, now_ns: int) -> bool:
        """Tell whether it is still young enough to be used."""
        return 0 <= now_ns - self.t_ns < VALID_NS
