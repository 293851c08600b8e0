"""Medicines: one taken twice, one that does not go with another, and one that is due."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from llm.safety.situation import Caution, Situation, asks_for_facts, own_words
from llm.safety.told import Told, saying
from memory.facts.clock import clock_time
from memory.facts.medicines import medicines_in
from memory.facts.numbers import WORDS, count_of
from memory.facts.phrasing import written_out

HOUR_NS = 3600 * 1_000_000_000
LEAST_BETWEEN_NS = 4 * HOUR_NS
LEAST_BETWEEN_REGULAR_NS = 8 * HOUR_NS
LEAST_BETWEEN_DAILY_NS = 18 * HOUR_NS
DUE_BEFORE_NS = HOUR_NS // 4
DUE_AFTER_NS = HOUR_NS

TAKING = re.compile(
    r"\b(?:take|taking|took|have|having|another|swallow|drink|need|use|mix|combine|pills?|tablets?|"
    r"dose|buy|painkiller|give|wash|time for|again|more)\b",
    re.IGNORECASE,
)
ASKING_WHETHER = re.compile(
    r"\b(?:did i|have i|when did i|what did i|when was|how many|where)\b", re.IGNORECASE
)
_AS_NEEDED = re.compile(
    r"paracetamol|acetaminophen|tylenol|ibuprofen|nurofen|advil|aspirin|codeine|tramadol|naproxen|"
    r"diclofenac|painkillers?|triptan|antacids?|inhaler|nasal spray|eye drops|cough",
    re.IGNORECASE,
)
_DAILY = re.compile(
    r"\b(?:once a day|daily|every (?:day|morning|evening|night)|before bed|at bedtime|in the "
    r"(?:morning|evening))\b",
    re.IGNORECASE,
)
_NUMBER = rf"(?P<count>\d{{1,2}}|{'|'.join(WORDS)})"
_EVERY_HOURS = re.compile(
    rf"\bevery {_NUMBER} hours\b|\b(?P<between>\d{{1,2}}|"
    rf"{'|'.join(WORDS)}) hours (?:between|apart)",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    rf"\b(?:(?:no|never|not) more than|at most|maximum(?: of)?|max\.?|up to) {_NUMBER}\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"\bnumber {_NUMBER}\b", re.IGNORECASE)
_GENERIC = re.compile(
    r"\b(?P<kind>blood pressure|water|sleeping|iron|thyroid|heart|vitamin|allergy|pain|cholesterol|"
    r"stomach|calcium|diabetes|travel)\s+(?:pills?|tablets?|drops)\b",
    re.IGNORECASE,
)
_STOPPED = re.compile(
    r"\b(?:finished|stopped|came off|took me off|taken me off|am off|off the|no longer (?:take|on)|"
    r"done with|quit|do not take|do not need)\b",
    re.IGNORECASE,
)
_IS_ON = re.compile(
    r"\b(?:(?:am|are|is|was put|put me|been put|started) (?:now |back )?on|take|takes|taking|"
    r"prescribed|inject|started|need)\b",
    re.IGNORECASE,
)


def cautions(own: Sequence[Told], situation: Situation, reply: str) -> Iterator[Caution]:
    """Yield what the wearer's own statements about medicines make it necessary to say."""
    yield from _twice(own, situation)
    yield from _together(own, situation, own_words(reply))
    yield from _due(own, situation)


@lru_cache(maxsize=16384)
def names(text: str) -> tuple[str, ...]:
    """Return the medicines that a text names; "blood pressure pill" rather than "pill"."""
    kinds = [match["kind"].casefold() for match in _GENERIC.finditer(text)]
    named = medicines_in(text)
    special = [
        name
        for name in named
        if not re.fullmatch(r"(?:pill|tablet|drop|painkiller)s?|meds|medic\w+", name)
    ]
    return (*kinds, *(special or ([] if kinds else named)))


def is_same(one: str, other: str) -> bool:
    """Tell whether two names mean the same medicine, in the singular or in the plural."""
    return one.rstrip("s") == other.rstrip("s")


def is_on(own: Sequence[Told], name: str) -> bool:
    """Tell whether the wearer takes a medicine, by what they said last about taking it."""
    state = True
    for told in own:
        if any(is_same(name, other) for other in names(told.text)) or name in told.text.casefold():
            text = written_out(told.text)
            if _STOPPED.search(text) or told.value == "stopped":
                state = False
            elif _IS_ON.search(text):
                state = True
    return state


def _twice(own: Sequence[Told], situation: Situation) -> Iterator[Caution]:
    words, now_ns = written_out(situation.words), situation.now_ns
    if not TAKING.search(words) or ASKING_WHETHER.search(words):
        return
    meant = names(words)
    for told in reversed(own):
        taken = [name for name in names(told.text) if any(is_same(name, m) for m in meant)]
        if not told.slot.startswith("taken:") or not taken:
            continue
        ago_ns = now_ns - told.t_ns
        said = saying(told, now_ns)
        limit = _limit_reached(own, told, taken[0], now_ns)
        if limit is not None:
            rule = saying(limit, now_ns)
            yield Caution(f"Careful: {said}, and {rule}.", (told.source, limit.source))
            return
        if 0 < ago_ns < _least_between_ns(own, taken[0]):
            yield Caution(
                f"Careful: that may be too early for more {taken[0]}; {said}.", (told.source,)
            )
            return


def _limit_reached(own: Sequence[Told], last: Told, name: str, now_ns: int) -> Told | None:
    """Return the rule that says how much a day is the most, where that much was taken."""
    today = datetime.fromtimestamp(now_ns / 1e9).date()
    taken = [
        told for told in own
        if told.slot.startswith("taken:") and any(is_same(name, n) for n in names(told.text))
        and datetime.fromtimestamp(told.t_ns / 1e9).date() == today
    ]  # fmt: skip
    numbered = _NUMBERED.search(last.text)
    count = max(len(taken), count_of(numbered["count"]) if numbered and taken else 0)
    for told in reversed(own):
        match = _AT_MOST.search(told.text)
        if match and any(is_same(name, n) for n in names(told.text)):
            return told if count >= count_of(match["count"]) else None
    return None


def _together(own: Sequence[Told], situation: Situation, reply: str) -> Iterator[Caution]:
    """Warn of well-known pairs of which the wearer takes one and the other is here."""
    words = written_out(situation.words)
    is_plan = not (asks_for_facts(words) or ASKING_WHETHER.search(words))
    here = (*situation.written, words if is_plan else "", reply)
    for one, other in _pairs():
        for mine, foreign in ((one, other), (other, one)):
            found = next((m[0] for text in here if (m := foreign.search(text))), None)
            if found is None:
                continue
            for told in reversed(own):
                # Who says both in one breath knows.
                named = None if foreign.search(told.text) else mine.search(told.text)
                taken = told.value in ("takes", "taken") or _IS_ON.search(written_out(told.text))
                if named and taken and is_on(own, named[0].casefold()):
                    yield Caution(
                        f"Careful: {found.casefold()} and {named[0].casefold()} should not be "
                        f"taken together unasked; {saying(told, situation.now_ns)}.",
                        (told.source,),
                    )
                    return


def _due(own: Sequence[Told], situation: Situation) -> Iterator[Caution]:
    now_ns = situation.now_ns
    for told in own:
        at_ns = _today_ns(told, now_ns) if told.value == "takes" else None
        if at_ns is None or not at_ns - DUE_BEFORE_NS <= now_ns <= at_ns + DUE_AFTER_NS:
            continue
        named = names(told.text)
        is_taken = any(
            other.slot.startswith("taken:") and other.t_ns >= at_ns - LEAST_BETWEEN_NS / 2
            and any(is_same(a, b) for a in named for b in names(other.text))
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


def _least_between_ns(own: Sequence[Told], name: str) -> int:
    """Return how long to wait for the next dose, as the wearer told, or some hours."""
    for told in reversed(own):
        if not any(is_same(name, other) for other in names(told.text)):
            continue
        if match := _EVERY_HOURS.search(told.text):
            return count_of(match["count"] or match["between"]) * HOUR_NS
        if told.value == "takes" and _DAILY.search(told.text):
            return LEAST_BETWEEN_DAILY_NS
    return LEAST_BETWEEN_NS if _AS_NEEDED.search(name) else LEAST_BETWEEN_REGULAR_NS


@cache
def _pairs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    path = Path(__file__).with_name("interactions.toml")
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["pair"]
    return tuple(
        (_whole(entry["one"]), _whole(entry["other"]))
        for entry in entries
    )  # fmt: skip


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
