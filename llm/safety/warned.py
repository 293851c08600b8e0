"""Things and places of which somebody warned, when they are to be used.

A warning is a danger that is told of a thing, or something forbidden to be done with it; what is
dangerous in what is data, ``warned.toml``. It is told when that thing is spoken of in a plan, or
looked at while something here is to be used, until somebody says that it is mended.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from llm.safety.situation import Caution, Situation, asks_for_facts
from llm.safety.things import Thing, things_in
from llm.safety.told import Told, saying
from llm.safety.use import is_planned, is_recalling, is_used
from memory.facts.phrasing import is_stated, written_out
from memory.sentences import sentences
from memory.stems import stems
from memory.units import DAY_NS

NEWS_NS = 30 * DAY_NS
FOR_NOW_NS = DAY_NS
PART_OF = ("", "of", "on")

_REFERS_BACK = re.compile(
    r"^(?:\W*(?:so|and|but|please|just)\b)*\W*(?:(?:it|they|that|he|she)\b|.{0,40}\b(?:it|them|"
    r"that|her|him)\b)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:used to|years ago|last (?:year|winter|summer)|as a child|was going to)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[,;]\s|\s[-\u2013]\s|\b(?:so|but|when|because) ", re.IGNORECASE)
_ANYTHING = re.compile(r"^\s*(?:a |any|it\b|them\b|near it|thing)", re.IGNORECASE)
_ADVICE = re.compile(r"\bif i were you,?\s+|,? if i were you\b", re.IGNORECASE)
_CALLED = re.compile(r",\s+[A-Z]\w+(?=[.!?]|$)")
_INSTEAD = re.compile(
    r"[,;]?\s*\b(?:you will have to|you have to|you can|you may|best|better|have|take|use|go|"
    r"try)\b(?! not)[^,;.]*\b(?:instead|go round|round by|the other|rather)\b[^.;]*",
    re.IGNORECASE,
)


@cache
def _forms(name: str) -> re.Pattern[str]:
    """Return what finds the forms of one list of ``warned.toml``."""
    path = Path(__file__).with_suffix(".toml")
    forms = tomllib.loads(path.read_text(encoding="utf-8"))[name]
    return re.compile(rf"\b(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


@cache
def _prohibited() -> re.Pattern[str]:
    verbs = _forms("forbidden").pattern.removesuffix(r"(?!\w)")
    # Who says "I can't touch it" forbids nobody else to.
    order = (
        r"(?:(?:^|[.,;:!/-]\s*|\b(?:so|and|please|just|but|or|then)\s+)(?:do|must) not (?:you |"
        r"ever )?|"
        r"\byou (?:do|must|should|had better|may|can|are) not (?:to )?|\bi would not )"
    )
    return re.compile(
        rf"(?:{order}(?P<verb>{verbs})|\b(?:(?:nobody|no one) (?:is to |must |should |ever )?|"
        rf"never )(?P<verb2>{verbs})e?s?|"
        r"\bnot to be (?P<verb3>\w+?)e?d|\bhands off|"
        r"\bkeep (?:your hands |your fingers |well |right )?(?:off|away from|clear of|out of)|"
        r"\bleave (?:it|that|them|every last one|the \w+) (?:alone|be)|"
        r"\bstay (?:well |right )?(?:away from|off|clear of|out of))\b(?P<what>[^.;!?]{0,50})",
        re.IGNORECASE,
    )


def cautions(told: Sequence[Told], situation: Situation) -> Iterator[Caution]:
    """Warn of a thing or a place in words or in view that somebody warned of.

    Args:
        told: What others said, what was read and what the wearer said.
        situation: What is going on.
    """
    words = written_out(situation.words)
    if not words or asks_for_facts(words) or is_recalling(words):
        return
    for warning in sorted(told, key=lambda one: -one.t_ns):
        if not _is_news(warning, situation.now_ns):
            continue
        is_met = _is_met(_dangers(warning.text, warning.is_own), situation, words) or (
            not warning.is_own and _is_done(warning.text, words)
        )
        if is_met and not _is_mended(warning, told):
            said = saying(warning, situation.now_ns)
            yield Caution(f"Careful there: {said}.", warning.sources)
            return


def _is_news(warning: Told, now_ns: int) -> bool:
    age_ns = now_ns - warning.t_ns
    if not 0 <= age_ns < NEWS_NS or not _dangers(warning.text, warning.is_own):
        return False
    return age_ns < FOR_NOW_NS or not _forms("for_now").search(written_out(warning.text))


def _is_met(dangers: Sequence[Thing], situation: Situation, words: str) -> bool:
    """Tell whether one of these things is spoken of in a plan, or looked at to be used."""
    is_asking = "?" in words
    if is_planned(words):
        spoken = things_in(words)
        if any(_is_there(danger, thing) for danger in dangers for thing in spoken):
            return True
    if is_asking or not is_used(words):
        return False
    seen = (situation.context.attended, *situation.written)
    shown = [thing for text in seen for thing in things_in(text)]
    return any(
        danger.is_same(thing) for danger in dangers if danger.placed in PART_OF for thing in shown
    )


def _is_there(danger: Thing, thing: Thing) -> bool:
    """Tell whether a danger is met by doing something with a thing, or at the same place."""
    if not danger.is_same(thing):
        return False
    is_exact = len(danger.common(thing)) > 1
    return danger.placed in PART_OF or is_exact or danger.placed == thing.placed


@lru_cache(maxsize=16384)
def _dangers(text: str, is_own: bool) -> tuple[Thing, ...]:
    """Return the things that a text tells to be dangerous; none where it does not warn.

    Args:
        text: What was said or read.
        is_own: The wearer said it, whose orders are for others.
    """
    if _PAST.search(written_out(text)):
        return ()
    parts = sentences(text)
    found: list[Thing] = []
    for number, part in enumerate(parts):
        meant = _CALLED.sub("", _ADVICE.sub("", part))
        if not is_stated(meant) or not _warns(meant, text, is_own):
            continue
        # "The bandsaw has lost its guard. Nobody goes near it."
        is_of_before = number and _REFERS_BACK.match(written_out(part))
        found += _named(f"{parts[number - 1]} {meant}" if is_of_before else meant)
    return tuple(dict.fromkeys(found))


def _warns(part: str, text: str, is_own: bool) -> bool:
    plain, whole = written_out(part), written_out(text)
    if _forms("mended").search(plain):
        return False
    if _forms("grave").search(plain) or (not is_own and _prohibited().search(plain)):
        return True
    is_faulty = _forms("fault").search(plain)
    return bool(is_faulty) and bool(
        _forms("critical").search(plain) or _forms("deterrent").search(whole)
    )


def _named(text: str) -> Iterator[Thing]:
    """Yield the things in a warning: what is dangerous, and what the danger is called itself."""
    for clause in _CLAUSE.split(_INSTEAD.sub("", written_out(text))):
        hazards = [m.group() for name in ("grave", "fault") for m in _forms(name).finditer(clause)]
        yield from (thing for hazard in hazards for thing in things_in(hazard))
        bare = _forms("deterrent").sub(" , ", _forms("grave").sub(" , ", clause))
        named = things_in(bare)
        # "I could smell gas by the boiler" is of the place, "the prawns in the fridge" is not.
        is_of_place = bool(hazards) and all(thing.placed for thing in named)
        for thing in named:
            yield replace(thing, placed="") if is_of_place else thing


def _is_done(text: str, words: str) -> bool:
    """Tell whether just what was forbidden is about to be done: "do not light a thing in it"."""
    plain = written_out(text)
    match = _prohibited().search(plain)
    if match is None or not _ANYTHING.match(match["what"]):
        return False
    verb = (match["verb"] or match["verb2"] or match["verb3"] or "").split(" ")[0]
    forbidden = set(stems(verb)) - {"touch", "use", "go", "goe"}
    return bool(forbidden & set(stems(words))) and bool(_forms("grave").search(plain))


def _is_mended(warning: Told, told: Sequence[Told]) -> bool:
    dangers = _dangers(warning.text, warning.is_own)
    return any(
        other.t_ns > warning.t_ns
        and _forms("mended").search(written_out(other.text))
        and any(danger.common(thing) for danger in dangers for thing in things_in(other.text))
        for other in told
    )
