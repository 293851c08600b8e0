"""What the wearer said they would do, by when it is due."""

from __future__ import annotations

from dataclasses import dataclass

from llm.due import due_ns
from llm.safety import statement
from memory.records import Fact
from memory.store import Memory


@dataclass(frozen=True, slots=True)
class Appointment:
    """A statement of the wearer's that names a time."""

    fact: Fact
    due_ns: int


def appointments(memory: Memory, now_ns: int, within_ns: int) -> list[Appointment]:
    """Return what the wearer has said to be due from now on within a time, the nearest first.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    found = []
    for fact in memory.facts("wearer", now_ns):
        at_ns = due_ns(statement(fact), fact.t_ns)
        if at_ns is not None and now_ns <= at_ns <= now_ns + within_ns:
            found.append(Appointment(fact, at_ns))
    return sorted(found, key=lambda appointment: (appointment.due_ns, appointment.fact.id))
