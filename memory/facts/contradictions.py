"""Facts that do not go together: shown to the wearer, never averaged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from memory.records import Contradiction, Fact, Person

_NOT = "not "


def contradictions(
    facts: Sequence[Fact], subjects: Mapping[int, int | None], people: Iterable[Person]
) -> list[Contradiction]:
    """Group facts that hold at one time and answer the same question differently.

    Args:
        facts: With a slot and a value, in the order they were learnt.
        subjects: Whom each fact is about, by the fact's id; two people may bear one name.
        people: Everybody who is remembered.
    """
    named = _named(people)
    groups: dict[tuple[int | None, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        name, _, question = fact.slot.rpartition(": ")
        if name in named:
            # "Maya lives in Leeds" is about the one person of that name.
            groups[named[name], question].append(fact)
        elif subjects[fact.id] is not None or name:
            groups[subjects[fact.id], fact.slot].append(fact)
    return [
        Contradiction(told[-1].subject, slot, tuple(told))
        for (_, slot), told in groups.items()
        if _is_disputed(told)
    ]


def _is_disputed(told: Sequence[Fact]) -> bool:
    """Tell whether facts exclude each other; what was ever said in one breath goes together."""
    pairs = list(combinations(told, 2))
    together = {frozenset({a.value, b.value}) for a, b in pairs if {*a.sources} & {*b.sources}}
    return any(_differ(a.value, b.value) and {a.value, b.value} not in together for a, b in pairs)


def _named(people: Iterable[Person]) -> dict[str, int]:
    """Return whom each name means that only one person bears."""
    bearers: dict[str, list[int]] = defaultdict(list)
    for person in people:
        for name in {person.name.casefold(), person.name.casefold().partition(" ")[0]} - {""}:
            bearers[name].append(person.id)
    return {name: ids[0] for name, ids in bearers.items() if len(ids) == 1}


def _differ(one: str, two: str) -> bool:
    """Tell whether two answers exclude each other; "not York" goes with "Leeds"."""
    if one.startswith(_NOT) and two.startswith(_NOT):
        return False
    if one.startswith(_NOT) or two.startswith(_NOT):
        return one.removeprefix(_NOT) == two.removeprefix(_NOT)
    return one != two
