"""The memories behind a reply, as the window shows them."""

from __future__ import annotations

from dataclasses import dataclass

from llm.quoting import age
from llm.why import WITHOUT_MEMORY, explain
from memory.store import Memory


@dataclass(frozen=True, slots=True)
class Reason:
    """One memory that a reply rests on.

    Attributes:
        when: How old it was then; empty where no memory is behind the reply.
        text: Who said or what was seen, word for word.
        moment_id: The moment with its clip, or None.
    """

    when: str
    text: str
    moment_id: int | None


def reasons_of(memory: Memory, turn_id: int) -> tuple[Reason, ...]:
    """Return what a turn rests on; one reason without a memory where it rests on none.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    turn = next((turn for turn in memory.turns() if turn.id == turn_id), None)
    evidence = explain(memory, turn).evidence if turn is not None else ()
    if turn is None or not evidence:
        return (Reason("", WITHOUT_MEMORY, None),)
    return tuple(Reason(age(hit.t_ns, turn.t_ns), hit.text, hit.moment_id) for hit in evidence)
