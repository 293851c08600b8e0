"""Medicines that do not go with another or with what is eaten, and one that is due."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from llm.safety.doses import ASKING_WHETHER, LEAST_BETWEEN_NS
from llm.safety.situation import Caution, Situation, asks_for_facts, own_words
from llm.safety.told import Told, saying
from llm.safety.use import is_for_others_only, is_used
from memory.facts.allergens import found_in
from memory.facts.clock import clock_time
from memory.facts.medicines import is_same, kinds_of, medicines_in
from memory.facts.phrasing import written_out
from memory.units import HOUR_NS

DUE_BEFORE_NS = HOUR_NS // 4
DUE_AFTER_NS = HOUR_NS
TAKEN_LATELY_NS = 24 * HOUR_NS
COURSE_NS = 21 * 24 * HOUR_NS
DRIVING = re.compile(
    r"\b(?:(?:i will|let me|i am going to|i can|can i|shall i|should i|i had better|i must|may i) "
    r"(?:\w+ )?drive|i am driving|take the (?:car|van|bike|tractor)|drive (?:you|us|him|her|them|"
    r"home|to|over|back)|(?:run|give) (?:you|him|her|them) (?:home|a lift|over|back)|in the car|"
    r"behind the wheel|hop in the (?:car|van))\b",
    re.IGNORECASE,
)

_STOPPED = re.compile(
    r"\b(?:finished|stopped|came off|took me off|taken me off|am off|off the|no longer (?:take|on)|"
    r"done with|quit|do not take|do not need)\b",
    re.IGNORECASE,
)
_IS_ON = re.compile(
    r"\b(?:(?:am|are|is|was put|(?:put|had|have|has|got|keeps?|started) me|been put|"
    r"started) (?:now |back )?on|take|takes|taking|"
    r"prescribed|inject|started|need)\b",
    re.IGNORECASE,
)
_ALLOWS = re.compile(
    r"\b(?:can|may) (?:have|eat|drink|take|use|go back to)\b|\b(?:is|are) (?:fine|okay|"
    r"all right|safe)\b",
    re.IGNORECASE,
)
_PUT_ON = re.compile(
    r"\byou are (?:now |back )?on\b|\bhere(?:'s| is| are) (?:your|the|some)\b|\b(?:put|putting|"
    r"start|starting|started) you on\b|"
    r"\bprescrib\w+ you\b|\b(?:giving|given|gave) you\b|\bwith (?:the|those|these|your) |"
    r"\byour (?=\w+ (?:tablets?|pills?|prescription|is ready))|\byou (?:take|finish|"
    r"have finished)\b",
    re.IGNORECASE,
)


def cautions(
    own: Sequence[Told], heard: Sequence[Told], situation: Situation, reply: str
) -> Iterator[Caution]:
    """Yield what the medicines that the wearer takes make it necessary to say."""
    yield from _together(own, heard, situation, own_words(reply))
    yield from _due(own, situation)


def is_on(own: Sequence[Told], name: str) -> bool:
    """Tell whether the wearer takes a medicine, by what they said last about taking it."""
    state = True
    for told in own:
        if not told.is_of_another and (
            any(is_same(name, other) for other in medicines_in(told.text))
            or name in told.text.casefold()
        ):
            text = written_out(told.text)
            if _STOPPED.search(text) or told.value == "stopped":
                state = False
            elif _IS_ON.search(text):
                state = True
    return state


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two sides that should not meet, each a list of kinds, substances, foods and doings."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    excepted: frozenset[str]


@cache
def _pairs() -> tuple[_Pair, ...]:
    path = Path(__file__).with_name("interactions.toml")
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["pair"]
    return tuple(
        _Pair(tuple(e["one"]), tuple(e["other"]), frozenset(e.get("except", ()))) for e in entries
    )


def _together(
    own: Sequence[Told], heard: Sequence[Told], situation: Situation, reply: str
) -> Iterator[Caution]:
    """Warn of well-known pairs of which the wearer takes one and the other is here."""
    words = written_out(situation.words)
    is_plan = not (asks_for_facts(words) or ASKING_WHETHER.search(words))
    if not is_used(words) or is_for_others_only(situation.words):
        return
    here = (*situation.written, words if is_plan else "", reply)
    for told, taken in _taken(own, heard, situation.now_ns):
        for pair in _pairs():
            for mine, foreign in ((pair.one, pair.other), (pair.other, pair.one)):
                if not _is_among(taken, mine, pair.excepted):
                    continue
                found = next(
                    filter(None, (_found(text, foreign, pair, taken) for text in here)), ""
                )
                # Who says both in one breath knows.
                is_known = found and (
                    _found(told.text, foreign, pair, taken) or _is_allowed(found, told, heard)
                )
                if found and not is_known:
                    said = saying(told, situation.now_ns)
                    text = f"Careful: {found} and {taken} should not go together unasked; {said}."
                    yield Caution(text, (told.source,))
                    return


def _taken(own: Sequence[Told], heard: Sequence[Told], now_ns: int) -> Iterator[tuple[Told, str]]:
    """Yield what tells which medicines the wearer takes, the newest first."""
    for told in sorted([*own, *heard], key=lambda told: -told.t_ns):
        if told.is_of_another:
            continue
        if told.is_own:
            text = written_out(told.text)
            lately = told.value == "taken" and now_ns - told.t_ns < TAKEN_LATELY_NS
            is_told = told.value == "takes" or lately or (
                not told.slot.startswith("taken:") and _IS_ON.search(text))  # fmt: skip
        else:
            is_told = now_ns - told.t_ns < COURSE_NS and _PUT_ON.search(written_out(told.text))
        if is_told:
            for name in medicines_in(told.text):
                if is_on(own, name):
                    yield told, name


def _is_allowed(found: str, since: Told, heard: Sequence[Told]) -> bool:
    """Tell whether somebody has said since that a thing is fine: "you can have your salt back"."""
    words = set(found.casefold().split())
    return any(
        told.t_ns > since.t_ns and _ALLOWS.search(told.text)
        and words & set(re.findall(r"\w+", told.text.casefold()))
        for told in heard
    )  # fmt: skip


def _is_among(name: str, side: Sequence[str], excepted: frozenset[str]) -> bool:
    kinds = kinds_of(name)
    return not kinds & excepted and not kinds.isdisjoint(side)


def _found(text: str, side: Sequence[str], pair: _Pair, taken: str) -> str:
    """Return the words of a text that are on one side of a pair."""
    for name in medicines_in(text):
        if not is_same(name, taken) and _is_among(name, side, pair.excepted):
            return name
    for entry in side:
        kind, _, thing = entry.partition(":")
        if kind == "food" and (words := found_in(text, thing)):
            return words
        if entry == "doing:drive" and DRIVING.search(text):
            return "driving"
    return ""


def _due(own: Sequence[Told], situation: Situation) -> Iterator[Caution]:
    now_ns = situation.now_ns
    for told in own:
        at_ns = _today_ns(told, now_ns) if told.value == "takes" else None
        if at_ns is None or not at_ns - DUE_BEFORE_NS <= now_ns <= at_ns + DUE_AFTER_NS:
            continue
        named = medicines_in(told.text)
        is_taken = any(
            other.slot.startswith("taken:") and other.t_ns >= at_ns - LEAST_BETWEEN_NS / 2
            and any(is_same(a, b) for a in named for b in medicines_in(other.text))
            for other in own
        )  # fmt: skip
        is_meant = any(name.rstrip("s") in situation.words.casefold() for name in named)
        if named and not is_taken and not is_meant:
            yield Caution(
                f"It is time for your {named[0]}: {saying(told, now_ns)}.", (told.source,)
            )


def _today_ns(told: Told, now_ns: int) -> int | None:
    at = clock_time(told.text)
    if at is None:
        return None
    now = datetime.fromtimestamp(now_ns / 1e9).astimezone()
    return int(datetime.combine(now.date(), at).astimezone().timestamp()) * 1_000_000_000
