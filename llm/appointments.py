"""What the wearer said they would do, by when it is due."""

from __future__ import annotations

from dataclasses import dataclass

from llm.safety.diary import engagements, next_begin_ns
from llm.safety.told import told_by_wearer
from memory.records import WEARER, Fact
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
    facts = memory.facts(WEARER, now_ns)
    by_id = {fact.id: fact for fact in facts}
    found = []
    for engagement in engagements(list(told_by_wearer(facts))):
        at_ns = next_begin_ns(engagement, now_ns)
        if at_ns is not None and now_ns <= at_ns <= now_ns + within_ns:
            found.append(Appointment(by_id[engagement.told.source.id], at_ns))
    return sorted(found, key=lambda appointment: (appointment.due_ns, appointment.fact.id))
