"""All warnings at once, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable

from llm.safety import allergies, clashes, instructions, medicines, roads
from llm.safety.situation import Caution, Situation
from llm.safety.told import noticed, told_by_wearer
from memory.records import Fact, Notice


def cautions(
    facts: Iterable[Fact], situation: Situation, reply: str = "", notices: Iterable[Notice] = ()
) -> list[Caution]:
    """Return what the wearer must be told now, the gravest first.

    Args:
        facts: That hold now.
        situation: What is going on.
        reply: What the companion is about to say; empty where that is not known yet.
        notices: What others said and what was read lately.
    """
    known = list(facts)
    own, heard = list(told_by_wearer(known)), list(noticed(notices))
    found = [
        *allergies.cautions(known, situation, reply),
        *medicines.cautions(own, situation, reply),
        *instructions.cautions([*own, *heard], situation, reply),
        *roads.cautions([*own, *heard], situation, reply),
        *clashes.cautions([*own, *heard], situation, reply),
    ]
    distinct = {caution.text: caution for caution in found}
    rested_on: set[object] = set()
    kept = []
    for caution in distinct.values():
        # One warning for one reason.
        if not caution.sources or rested_on.isdisjoint(caution.sources):
            kept.append(caution)
        rested_on.update(caution.sources)
    return kept
