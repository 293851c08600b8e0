"""All warnings at once, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable

from llm.safety import (
    allergies,
    busy,
    clashes,
    doses,
    expiry,
    instructions,
    limits,
    medicines,
    roads,
    warned,
)
from llm.safety.agreed import agreed, refused
from llm.safety.situation import Caution, Situation
from llm.safety.told import noticed, statement, told_by_wearer, within
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
    known = [fact for fact in facts if not is_asked(fact.t_ns, statement(fact), situation)]
    said = [told for told in noticed(notices) if not is_asked(told.t_ns, told.text, situation)]
    spoken = [told for told in said if told.is_own]
    own = list(within(told_by_wearer(known), spoken))
    heard = [told for told in said if not told.is_own]
    refusals = refused(heard, spoken)
    proposed = [told for told in heard if told.source not in refusals]
    found = [
        *allergies.cautions(known, situation, reply),
        *doses.cautions(own, heard, spoken, situation),
        *medicines.cautions(own, heard, situation, reply),
        *instructions.cautions([*own, *heard], situation, reply),
        *limits.cautions([*own, *heard], situation),
        *roads.cautions([*own, *heard], situation, reply),
        *warned.cautions([*heard, *spoken], situation),
        *expiry.cautions(heard, situation),
        *clashes.cautions([*own, *proposed], situation, reply, list(agreed(heard, spoken))),
        *busy.cautions(heard, spoken, situation),
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


def is_asked(t_ns: int, text: str, situation: Situation) -> bool:
    """Tell whether something told is what the wearer is saying right now."""
    is_now = 0 <= situation.now_ns - t_ns < doses.JUST_NOW_NS
    return is_now and text.strip(" .!?") in situation.words
