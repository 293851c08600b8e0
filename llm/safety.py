"""Warnings that must not depend on a language model: allergies, medicines, traffic, appointments.

Safety facts are held against what is in view and was heard, against the question and against the
planned reply, by plain code. A fact about somebody else counts only while that person is there or
is spoken of; what a stranger says about himself is never taken for the wearer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from llm import doses
from llm.allergens import found_in
from llm.context import CurrentContext
from llm.due import due_ns
from memory.records import Category, Fact, Kind, Source

HOUR_NS = 3600 * 1_000_000_000
MINUTE_NS = 60 * 1_000_000_000
UNKNOWN = "someone"
COELIAC = "condition:coeliac disease"

_FOOD = re.compile(
    r"\b(?:eat|eating|ate|drink|have|try|tast[ey]|cook|recipe|order|menu|bake|snack|breakfast|"
    r"lunch|dinner|dessert|food|dish|meal|ingredients?|contains?|safe|allowed|buy|share|offer|"
    r"serve|add|sandwich|salad|soup|cake|cookies?|biscuits?|chocolate|curry|sauce|take|bite|hungry|"
    r"make|"
    r"restaurant|gift|present|pet|stroke|hold|use)\b",
    re.IGNORECASE,
)
_ABOUT_ALLERGY = re.compile(r"\b(?:allerg\w*|intoleran\w*)\b", re.IGNORECASE)
_VEHICLE = re.compile(
    r"^(?:car|bus|truck|lorry|van|motorcycle|motorbike|bicycle|bike|train|tram|scooter|taxi)$",
    re.IGNORECASE,
)
_INTO_TRAFFIC = re.compile(
    r"\b(?:cross(?:ing)?(?: (?:now|here|over|the (?:road|street)))?|walk across|run across|"
    r"step (?:off|"
    r"onto|into)|(?:other|opposite) side of the (?:road|street)|over the (?:road|street))\b",
    re.IGNORECASE,
)
_NO_CROSSING = re.compile(
    r"\b(?:red cross|cross(?:word|-country|ed|ing out)|across from|cross with|a cross|the cross)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Caution:
    """A sentence that the reply must carry.

    Attributes:
        sources: The facts that it rests on; none for what is only in view.
    """

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What safety facts are held against.

    Attributes:
        words: What the wearer said.
        reminded: What the companion said lately, so that it reminds once.
    """

    context: CurrentContext
    words: str
    now_ns: int
    reminded: str = ""


def cautions(facts: Iterable[Fact], situation: Situation, reply: str = "") -> list[Caution]:
    """Return what the wearer must be told now, the gravest first.

    Args:
        facts: That hold now; only those about safety are read.
        situation: What is going on.
        reply: What the companion is about to say; empty where that is not known yet.
    """
    told = [fact for fact in facts if fact.category == Category.SAFETY]
    concerned = [(fact, whose) for fact in told if (whose := _whose(fact, situation))]
    own = [fact for fact, whose in concerned if whose == "you"]
    found = [
        *_allergies(concerned, situation, reply),
        *doses.cautions(own, situation.words, situation.context.writing, reply, situation.now_ns),
        *_traffic(situation, reply),
        *_appointments(own, situation),
    ]
    return [Caution(text, sources) for text, sources in dict(found).items()]


def _whose(fact: Fact, situation: Situation) -> str:
    """Return how to call whom a fact concerns now; nothing if neither there nor spoken of."""
    name, _, _ = fact.slot.rpartition(": ")
    if not name:
        if fact.subject == "wearer":
            return "you"
        name = fact.subject.casefold()
    is_kin = fact.subject == "wearer" and not _is_name(name, fact.text)
    if fact.said_by not in ("wearer", fact.subject) or fact.said_by == UNKNOWN:
        return ""
    present = {person.casefold() for person in situation.context.people}
    first_names = {person.split(" ")[0] for person in present}
    is_there = name in present or name.split(" ")[0] in first_names
    is_meant = re.search(rf"\b{re.escape(name)}\b", situation.words, re.IGNORECASE)
    if not (is_there or is_meant):
        return ""
    return f"your {name}" if is_kin else name.title()


def _is_name(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name.title())}\b", text) is not None


def _allergies(
    concerned: Sequence[tuple[Fact, str]], situation: Situation, reply: str
) -> Iterator[tuple[str, tuple[Source, ...]]]:
    for fact, whose in concerned:
        question = fact.slot.rpartition(": ")[2]
        if question == COELIAC:
            thing, trouble = "gluten", "coeliac"
        elif question.startswith("allergy:"):
            thing = question.partition(":")[2]
            trouble = f"allergic to {thing}"
        else:
            continue
        if fact.value != "no" and (where := _where(thing, situation, reply)):
            who = "you told me that you are" if whose == "you" else f"{whose} is"
            yield f"Careful: {who} {trouble}, and {where}.", (_source(fact),)


def _where(thing: str, situation: Situation, reply: str) -> str:
    """Say where something allergenic is in what is seen, said or planned; nothing if nowhere."""
    for text, saying in _texts(situation, reply):
        if found := found_in(text, thing):
            return saying.format(_article(found), found)
    return ""


def _texts(situation: Situation, reply: str) -> Iterator[tuple[str, str]]:
    """Yield what can tell of something to eat or to touch, with how to say where that was."""
    context, words = situation.context, situation.words
    # All lines as one text too, for words that are written over two of them.
    for line in (*context.writing, " ".join(context.writing)):
        yield line, 'the writing in view says "{1}"'
    for label in context.objects:
        yield label, "there is {0} {1} in view"
    for heard in context.heard:
        if heard.speaker != "you" and not _ABOUT_ALLERGY.search(heard.text):
            speaker = heard.speaker.replace("{", "").replace("}", "")
            yield heard.text, f'{speaker} just spoke of "{{1}}"'
    is_about_food = _FOOD.search(words)
    if is_about_food and not _ABOUT_ALLERGY.search(words):
        yield words, 'you speak of "{1}"'
    if (is_about_food or _FOOD.search(reply)) and not _ABOUT_ALLERGY.search(reply):
        yield reply, 'that may hold "{1}"'


def _traffic(situation: Situation, reply: str) -> Iterator[tuple[str, tuple[Source, ...]]]:
    """Warn of vehicles in view when the wearer, or the reply, is about to cross a road."""
    vehicle = next((label for label in situation.context.objects if _VEHICLE.match(label)), "")
    said = f"{situation.words} {reply}"
    is_crossing = _INTO_TRAFFIC.search(said) and not _NO_CROSSING.search(said)
    if vehicle and is_crossing:
        yield f"Careful: there is {_article(vehicle)} {vehicle} in view, look before you cross.", ()


def _appointments(
    facts: Sequence[Fact], situation: Situation
) -> Iterator[tuple[str, tuple[Source, ...]]]:
    now_ns, words = situation.now_ns, situation.words
    planned_ns = None if words.rstrip().endswith("?") else due_ns(words, now_ns)
    for fact in facts:
        _, is_appointment, name = fact.slot.partition("appointment:")
        if not is_appointment or fact.value == "cancelled":
            continue
        at_ns = due_ns(statement(fact), fact.t_ns)
        if at_ns is None or re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE):
            continue
        called = name if name == "appointment" else f"{name} appointment"
        if 0 <= at_ns - now_ns <= HOUR_NS:
            text = f"Your {called} is in {_minutes(at_ns - now_ns)}."
            if f"Your {called} is in" not in situation.reminded:
                yield text, (_source(fact),)
        elif planned_ns is not None and abs(at_ns - planned_ns) < HOUR_NS:
            yield f"Careful: that is when you have your {called}.", (_source(fact),)


def statement(fact: Fact) -> str:
    """Return what was said, without who said it."""
    return fact.text.removesuffix('"').split(': "', 1)[-1]


def _minutes(span_ns: int) -> str:
    minutes = span_ns // MINUTE_NS
    return "a minute" if minutes <= 1 else f"{minutes} minutes"


def _article(label: str) -> str:
    return "an" if label[:1].casefold() in "aeiou" else "a"


def _source(fact: Fact) -> Source:
    return Source(Kind.FACT, fact.id)
