"""What holds now: facts of the one whom a question is about, and what was corrected since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from llm.cues import Asked, Order
from memory.facts.schedule import due_ns
from memory.records import WEARER, Contradiction, Fact, Hit, Kind, Source
from memory.stems import stems

OWN_FACTS = 2

# Which facts answer a question about oneself whose words may be others; a colon ends the slot of a
# fact about a thing.
_ASKED_BY: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), slots)
    for words, slots in (
        (r"my (?:job|occupation|profession)|do i do for a living|do i work", ("works ",)),
        (r"do i live|my (?:home|address)|am i living", ("lives in",)),
        (r"(?:am i|was i) from|i born|did i grow up", ("from", "born in", "grew up in")),
        (r"am i (?:\w+ )?allergic|my (?:\w+ )?allerg(?:y|ies)|i not eat|(?:can't|cannot) i eat",
         ("allergy:", "condition:", "diet")),
        (r"my birthday|i have my birthday", ("birthday",)),
        (r"my (?:husband|wife|partner|boyfriend|girlfriend)(?:'s name| called)?|i married to",
         ("partner",)),
        (r"how old am i|my age", ("age",)),
        (r"my (?:medicines?|medication|pills?|tablets?)|i take for", ("medicine:",)),
        (r"my favou?rite|i like (?:best|most|better)|do i prefer", ("favourite:", "likes:")),
        (r"my diet|am i a (?:vegetarian|vegan)", ("diet",)),
        (r"my (?:boss|manager)", ("boss", "manager")),
        (r"my (?:dentist|doctor)(?:'s name| called)", ("dentist", "doctor")),
    )
)  # fmt: skip
_OF_A_NAME = re.compile(r"\bwho\b|\bname\b|\bcalled\b", re.IGNORECASE)
_OF_THE_PAST = re.compile(
    r"\b(?:used to|before|first|earlier|originally|previous(?:ly)?|formerly|was|were|did|had)\b",
    re.IGNORECASE,
)

_AHEAD = re.compile(r"\b(?:next|upcoming)\b", re.IGNORECASE)


def own_facts(facts: Iterable[Fact], asked: Asked) -> list[Hit]:
    """Return facts of the one whom a question is about that answer it, the best first.

    Args:
        facts: About anybody that hold now.
        asked: The question; where it names one other person it is about them, else it may be about
            the wearer.
    """
    subject, text = _subject(asked), _as_of_oneself(asked)
    is_of_a_time = asked.start_ns is not None or asked.end_ns is not None
    if subject is None or is_of_a_time or not asked.is_question:
        return []
    slots = tuple(slot for words, slots in _ASKED_BY if words.search(text) for slot in slots)
    if "partner" in slots and not _OF_A_NAME.search(text):
        slots = tuple(slot for slot in slots if slot != "partner")
    found = [f for f in facts if f.subject == subject and slots and f.slot.startswith(slots)]
    words = set(stems(asked.text))
    found.sort(key=lambda fact: (-len(words & set(stems(fact.text))), -fact.t_ns, fact.id))
    about_thing = [f for f in found if words & set(stems(f"{f.slot} {f.text}"))]
    is_of_things = all(slot.endswith(":") for slot in slots) and "allergy:" not in slots
    return [_as_hit(fact) for fact in (about_thing if is_of_things else found)[:OWN_FACTS]]


def holding_now(hits: Iterable[Hit], facts: Sequence[Fact], asked: Asked, now_ns: int) -> list[Hit]:
    """Put in the place of what was corrected since what holds now, unless the past is asked for.

    Where it asks for what comes next, a time that was told and has passed is left out.

    Args:
        hits: As recalled.
        facts: All that were ever learnt.
        asked: The question.
        now_ns: The time of the question.
    """
    if asked.order == Order.FIRST or asked.start_ns is not None or _OF_THE_PAST.search(asked.text):
        return list(hits)
    holding = [f for f in facts if f.valid_until_ns is None or f.valid_until_ns > now_ns]
    closed = [f for f in facts if f.valid_until_ns is not None and f.valid_until_ns <= now_ns]
    still_said = {row for fact in holding for row in _rows(fact)}
    outdated = {row: fact for fact in closed for row in _rows(fact) if row not in still_said}
    found: dict[str, Hit] = {}
    is_ahead = bool(_AHEAD.search(asked.text))
    for hit in hits:
        if is_ahead and _is_over(hit, now_ns):
            continue
        old = outdated.get(Source(hit.kind, hit.id))
        newer = (_as_hit(fact) for fact in holding if old and _is_same_question(fact, old))
        now = [hit] if old is None else [replace(fact, answers=hit.answers) for fact in newer]
        found |= {kept.text: kept for kept in now if kept.text not in found}
    return list(found.values())


def disputing(contradictions: Iterable[Contradiction], hit: Hit) -> tuple[Hit, ...]:
    """Return the facts that contradict a memory, the newest first."""
    row = Source(hit.kind, hit.id)
    for disputed in contradictions:
        told = next((fact for fact in disputed.facts if row in _rows(fact)), None)
        if told is not None:
            others = [f for f in reversed(disputed.facts) if f.value != told.value]
            return tuple(_as_hit(fact) for fact in others)
    return ()


def _subject(asked: Asked) -> str | None:
    if asked.people:
        return asked.people[0].label if len(asked.people) == 1 else None
    return WEARER if asked.is_about_wearer else None


def _as_of_oneself(asked: Asked) -> str:
    """Return a question about one other person as they would ask it of themselves."""
    if not asked.people:
        return asked.text
    person = asked.people[0]
    names = "|".join(map(re.escape, person.label.split()))
    name = rf"\b(?:{names})(?: (?:{names}))*"
    # "Where will Will live?" names him once.
    flags = re.NOFLAG if person.name else re.IGNORECASE
    mine = re.sub(rf"{name}['\u2019]s\b", "my", asked.text, flags=flags)
    self_asked = re.sub(rf"{name}\b", "I", mine, flags=flags)
    return re.sub(r"\bis I\b", "am I", re.sub(r"\bdoes I\b", "do I", self_asked))


def _is_over(hit: Hit, now_ns: int) -> bool:
    at_ns = due_ns(hit.text, hit.t_ns)
    return at_ns is not None and at_ns < now_ns


def _is_same_question(one: Fact, other: Fact) -> bool:
    return bool(one.slot) and (one.subject, one.slot) == (other.subject, other.slot)


def _rows(fact: Fact) -> tuple[Source, ...]:
    return (Source(Kind.FACT, fact.id), *fact.sources)


def _as_hit(fact: Fact) -> Hit:
    return Hit(Kind.FACT, fact.id, fact.t_ns, fact.text, 1.0, None, fact.sources)
