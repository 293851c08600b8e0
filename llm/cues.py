"""What a question asks for: about whom, of which time, and what its words stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from memory.recall.names import NAME_LIKE, is_spoken, sounds_like
from memory.recall.when import When, read_when
from memory.records import Level, Person
from memory.units import DAY_NS, HOUR_NS

_PERSON_PRONOUN = re.compile(
    r"\b(?:(his|hers|her(?=\s+\w))|he|him|she|her|(?:this|that) (?:man|woman|lady|gentleman|bloke|"
    r"chap|guy|fella|fellow|girl|boy|lad|person|kid))\b",
    re.IGNORECASE,
)
_THING_PRONOUN = re.compile(
    r"\b(?:it|this|that)\b(?=\W*$|\s+(?:is|was|says?|means?|costs?|belongs?|comes?)\b)",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\b(?:this|these)(?: (?:one|ones|thing|things|stuff))?\b"
    r"(?=\W*$|[,.;?!]|\s+(?:is|are|was|were|and|or|for|to|at|on|in|of|out|up|off|with|before|after|"
    r"again|now|then|today|myself|yet|too|either)\b)",
    re.IGNORECASE,
)
_HERE = re.compile(r"\bhere\b", re.IGNORECASE)
_VIEW = re.compile(
    r"\b(this|these|here|in front of me|am i looking|do i see|can you see|right now|"
    r"(time|day|date) is it|what is that|what's that|who is (he|she|that)|"
    r"who's (that|this|he|she))\b",
    re.IGNORECASE,
)
_WEARER = re.compile(r"\b(i|me|my|mine|myself)\b", re.IGNORECASE)
_TALK = re.compile(
    r"\b(did|have|had) (i|we) (\w+ )?(ask(ed)? you|talk(ed)?( about)?$|told you|tell you|discuss)|"
    r"\b(you|we) (just )?(told me|said to me|talked|discussed)\b|\bour (talk|conversation)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?\s*$|^\W*(who|whom|whose|what|what's|where|where's|when|why|how|which|did|do|does|is|are|"
    r"was|were|have|has|had|can|could|tell me|remind me)\b",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:is|are|am|do|does|will|can|shall|should|must|may)\b", re.IGNORECASE)
_THEN = re.compile(r"\b(?:did|was|were|had|has|have)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(first|earliest)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(last|latest|most recently)\b", re.IGNORECASE)
_SUMMARY = re.compile(
    r"\b(?:how (?:was|is|were|has|did)|what (?:happened|was going on|have (?:i|we) done|"
    r"did (?:i|we) (?:do|experience|get up to)|(?:was i|were we) (?:doing|up to))|"
    r"sum up|summary|tell me about)\b(?: (?:my|our|the) day\b)?",
    re.IGNORECASE,
)
# Which contexts tell of a span: the longest that fit into it.
_LENGTHS_NS = (
    (Level.YEAR, 300 * DAY_NS),
    (Level.MONTH, 25 * DAY_NS),
    (Level.WEEK, 5 * DAY_NS),
    (Level.DAY, DAY_NS - 2 * HOUR_NS),
    (Level.THREE_HOURS, 5 * HOUR_NS),
    (Level.HOUR, 2 * HOUR_NS),
    (Level.TEN_MINUTES, 0),
)
_FEELING = re.compile(r"\b(?:feel|feeling|felt|mood)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"^\W*and\b|\b(?:it|them|those|then)\b|\b(?:that|there)\W*$",
    re.IGNORECASE,
)


class Order(StrEnum):
    """Which of several memories is asked for."""

    BEST = "best"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as understood.

    Attributes:
        text: The words with pronouns replaced by whom they mean.
        people: Who is named or meant.
        start_ns: Only what happened from here on, or None.
        end_ns: Only what happened before, or None.
        is_question: It asks for something; otherwise it is a remark.
        is_about_view: It asks for what is in front of the wearer.
        is_about_wearer: It speaks of the wearer.
        is_about_talk: It asks for earlier exchanges with the companion.
        level: The length of time that it asks for as a whole, or None.
        goes_on: It takes up what was said before: "and what was next to it?"
    """

    text: str
    people: tuple[Person, ...] = ()
    start_ns: int | None = None
    end_ns: int | None = None
    order: Order = Order.BEST
    is_question: bool = True
    is_about_view: bool = False
    is_about_wearer: bool = False
    is_about_talk: bool = False
    level: Level | None = None
    goes_on: bool = False


def read_question(
    words: str, people: Sequence[Person], referents: Sequence[str], thing: str, now_ns: int
) -> Asked:
    """Understand a question without a model.

    Args:
        words: As transcribed or typed.
        people: Everybody who is remembered.
        referents: Texts that may name whom a pronoun means, the likeliest first.
        thing: What "this" and "it" mean: a label or writing in view, or an empty string.
        now_ns: Decides what "today" is, in this machine's time zone.
    """
    when = _past(words, now_ns)
    named = named_in(words, people)
    text = _respelled(when.rest, named)
    if not named and _PERSON_PRONOUN.search(words):
        candidates = (named_in(referent, people) for referent in referents)
        named = next(filter(None, candidates), ())[:1]
        text = _resolve_person(text, named)
    elif len(named) > 1:
        named = _likeliest(words, named, referents)
    if thing:
        text = _resolve_thing(text, thing, is_only_this=bool(named))
    return Asked(
        text=text,
        people=named,
        start_ns=when.start_ns,
        end_ns=when.end_ns,
        order=_order(when.rest),
        is_question=asks(words),
        is_about_view=bool(_VIEW.search(words)),
        is_about_wearer=bool(_WEARER.search(words)),
        is_about_talk=bool(_TALK.search(words)),
        level=_level(words, when, now_ns),
        goes_on=bool(_GOES_ON.search(text)),
    )


def asks(words: str) -> bool:
    """Tell whether words ask for something, with or without a question mark."""
    return bool(_QUESTION.search(words))


def named_in(words: str, people: Sequence[Person]) -> tuple[Person, ...]:
    """Return who is named, in the order of ``people``.

    A label such as "someone 3" counts as a name. Who is named in full is meant alone, whoever else
    bears a part of that name. A capitalised word may differ a little from the
    name, because speech recognition spells names as it likes ("John" for "Jon").
    """
    lower = words.casefold()
    others = [person for person in people if not person.is_wearer]
    in_full = tuple(p for p in others if re.search(rf"\b{re.escape(p.label.casefold())}\b", lower))
    spoken = NAME_LIKE.findall(words)
    told = {part.casefold() for person in in_full for part in person.name.split()}
    left = [word for word in spoken if word.casefold() not in told]
    return tuple(p for p in others if p in in_full or is_spoken(p.name, left))


def _likeliest(
    words: str, named: tuple[Person, ...], referents: Sequence[str]
) -> tuple[Person, ...]:
    """Leave out whom a first name does not mean, because a namesake is there or was spoken of."""
    firsts = [person.name.casefold().partition(" ")[0] for person in named]
    likely = {p.id for text in referents for p in named if p.name and p.name in text}

    def is_meant(person: Person) -> bool:
        first = person.name.casefold().partition(" ")[0]
        namesakes = [p for p, name in zip(named, firsts, strict=True) if name == first]
        return person.name in words or person.id in likely or not likely & {p.id for p in namesakes}

    return tuple(filter(is_meant, named))


def _past(words: str, now_ns: int) -> When:
    """Return the time that words tell, unless it is still to come, or the question is of now.

    What is or will be was spoken of before: then the words for it find more than its span.
    """
    if _NOW.search(words) and not _THEN.search(words):
        return When(words)
    when = read_when(words, now_ns)
    is_past = when.is_told and (when.start_ns is None or when.start_ns <= now_ns)
    return when if is_past else When(words)


def _level(words: str, when: When, now_ns: int) -> Level | None:
    """Return the length of time of which a question wants to know how it was."""
    is_of_all = _SUMMARY.search(words) and not _SUMMARY.sub("", when.rest).strip(" ,.?!")
    if when.start_ns is None or not is_of_all or _FEELING.search(words):
        return None
    length_ns = (when.end_ns or now_ns) - when.start_ns
    return next(level for level, least_ns in _LENGTHS_NS if length_ns >= least_ns)


def _respelled(words: str, named: Sequence[Person]) -> str:
    """Return the words with the names of these people spelt as they are remembered."""
    parts = [part for person in named for part in person.name.split()]

    def respell(match: re.Match[str]) -> str:
        word = match[0]
        return next((p for p in parts if word[0].isupper() and sounds_like(word, p)), word)

    return NAME_LIKE.sub(respell, words)


def _resolve_person(words: str, meant: tuple[Person, ...]) -> str:
    if not meant or not meant[0].name:
        return words
    label = meant[0].label
    return _PERSON_PRONOUN.sub(lambda match: f"{label}'s" if match[1] else label, words)


def _resolve_thing(words: str, thing: str, is_only_this: bool) -> str:
    """Name what is in view where the words only point at it."""
    pattern = _THIS if is_only_this or _THIS.search(words) else _THING_PRONOUN
    named = pattern.sub(lambda _: f"the {thing}", words)
    return _HERE.sub(lambda _: f"here at {thing}", named)


def _order(words: str) -> Order:
    if _FIRST.search(words):
        return Order.FIRST
    return Order.LAST if _LAST.search(words) else Order.BEST
