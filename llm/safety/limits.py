"""What a doctor, a physio or a label ruled out for a while: lifting, swimming, running, driving."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from llm.safety.situation import Caution, Situation, asks_for_facts
from llm.safety.told import Told, saying
from memory.facts.instructions import FORBIDDING
from memory.facts.medicines import medicines_in
from memory.facts.numbers import NUMBER, count_of
from memory.facts.phrasing import is_stated, written_out
from memory.facts.schedule import local_day, read_schedule
from memory.sentences import sentences
from memory.units import DAY_NS

UNSAID_NS = 14 * DAY_NS

_UNITS_NS = {
    "hour": DAY_NS // 24,
    "day": DAY_NS,
    "night": DAY_NS,
    "week": 7 * DAY_NS,
    "fortnight": 14 * DAY_NS,
    "month": 30 * DAY_NS,
}
_SPAN = re.compile(
    rf"\b(?:(?:for|next|at least|first|another) )+(?:a )?(?P<count>couple of|few|"
    rf"{NUMBER}|the|this)? ?"
    rf"(?P<unit>{'|'.join(_UNITS_NS)})s?\b|\b(?P<count2>{NUMBER}) "
    rf"(?P<unit2>{'|'.join(_UNITS_NS)})s?\b(?! ago)|"
    r"\bfor (?:the next )?(?P<unit3>fortnight)\b",
    re.IGNORECASE,
)
_COUNTS = {"couple of": 2, "few": 4, "the": 1, "this": 1}
_UNTIL = re.compile(r"\b(?:until|till|til|before)\b", re.IGNORECASE)
_RULED_OUT = re.compile(
    rf"\b(?:{FORBIDDING}|not to|no|without|stay off|keep off|lay off|rest it|leave the|"
    rf"take (?:a|the) (?:taxi|cab|bus)|nothing heavier|rest (?:that|your)|"
    r"signed off (?:work|sick|for|from)|sit out|somebody else|someone else|not a|on hold|forget|"
    r"out of|"
    r"keep (?:it|that|the|this|your))\b",
    re.IGNORECASE,
)
_RESTED = re.compile(
    r"\b(?:off|rest(?:ed|ing|s)?|(?:feet|leg|foot|arm) up|in (?:the|a) (?:sling|splint|cast|boot|"
    r"brace|plaster|collar)|not to \w+|easy|idle|out of (?:action|use)|nothing|not a|no \w+|"
    r"immobil\w+|sit (?:it |this |that )?out|take it|do not|must not|should not)\b",
    re.IGNORECASE,
)
_MINE = re.compile(r"my\b", re.IGNORECASE)
_WHOSE = r"(?:your|the|that|this|those|these|my|both)(?: \w+)? "
_CLAUSE = re.compile(r",? and (?=nothing|no |do not|you |not )|;\s|\s[-\u2013]\s")
_LIFTED = re.compile(
    r"\b(?:(?:can|may|allowed to|cleared to|fine to|safe to|okay to|"
    r"ok to) (?:\w+ ){0,3}?(?:again|now)|"
    r"all clear|(?:stitches|plaster|cast|dressing|bandage|sling|splint) (?:is|are|has|have|came) "
    r"(?:come )?(?:off|out)|back to normal|as much as you like|healed)\b",
    re.IGNORECASE,
)
_RETOLD = re.compile(
    r"\b(?:doctor|physio|nurse|surgeon|consultant|gp|told|not (?:allowed|supposed|to)|must not|"
    r"weeks?|days|until|till)\b",
    re.IGNORECASE,
)
_TO_A_PATIENT = re.compile(
    r"\b(?:you|your|no|stitches|wound|dressing|tablets?|drowsy)\b", re.IGNORECASE
)
_ORDERS = re.compile(
    r"^\W*(?:\w+,? ){0,2}?(?:keep|leave|rest|avoid|stay|do not|no|nothing|not a)\b", re.IGNORECASE
)
_ADDRESSED = re.compile(r"\byour?\b", re.IGNORECASE)
_OF_YOU_OR_ME = re.compile(r"\b(?:you|your|me|i)\b", re.IGNORECASE)
_OF_ONESELF = re.compile(r"\b(?:i|i'm|me|my|mine|we|our)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b(?:he|she|his|her|him|they|their|the dog|the cat|the horse)\b", re.I)
_GOING_TO = re.compile(
    r"\b(?:i will|i am|i might|i may|i would|i have|let me|let us|we will|shall|should|can|"
    r"could|may|"
    r"going|off to|fancy|think|time for|ready|up for|want|just|quick|say yes|come|join|am i)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Activity:
    """An entry of ``activities.toml``, which says how to read it."""

    name: str
    told: re.Pattern[str]
    body: re.Pattern[str]
    done: re.Pattern[str]


@cache
def _activities() -> tuple[_Activity, ...]:
    path = Path(__file__).with_name("activities.toml")
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["activity"]
    return tuple(
        _Activity(e["name"], _whole(e["told"]), _whole(e["body"], _WHOSE), _whole(e["done"]))
        for e in entries
    )


def _whole(forms: Sequence[str], before: str = "") -> re.Pattern[str]:
    return re.compile(rf"\b{before}(?:{'|'.join(forms) or '(?!)'})\b", re.IGNORECASE)


def cautions(told: Sequence[Told], situation: Situation) -> Iterator[Caution]:
    """Warn of what the wearer is about to do although it is ruled out for now."""
    words = written_out(situation.words)
    if asks_for_facts(words) or not _GOING_TO.search(words):
        return
    for activity in _activities():
        if not activity.done.search(words):
            continue
        rule = next(
            (one for one in reversed(told) if _holds(one, activity, told, situation.now_ns)), None
        )
        if rule is not None:
            said = saying(rule, situation.now_ns)
            yield Caution(f"Careful with {activity.name}: {said}.", rule.sources)
            return


def _holds(rule: Told, activity: _Activity, told: Sequence[Told], now_ns: int) -> bool:
    words = _ruling(rule, activity)
    if not words or now_ns >= _until_ns(words, rule.t_ns):
        return False
    return not any(
        other.t_ns > rule.t_ns and _LIFTED.search(written_out(other.text)) for other in told
    )


@lru_cache(maxsize=65536)
def _ruling(rule: Told, activity: _Activity) -> str:
    """Return the words by which something told forbids the wearer an activity, or nothing."""
    if rule.is_of_another or rule.slot.startswith("appointment:"):
        return ""
    if not rule.teller and not medicines_in(rule.text):
        return ""  # a sign speaks of a place, a box of what to do with what is in it
    parts = sentences(rule.text) if rule.teller else [rule.text]
    stated = (written_out(part) for part in parts if not rule.teller or is_stated(part))
    clauses = [clause for part in stated for clause in _CLAUSE.split(part)]
    return next((c for c in clauses if _rules_out(c, rule, activity)), "")


def _rules_out(text: str, rule: Told, activity: _Activity) -> bool:
    is_ruled_out = activity.told.search(text) and _RULED_OUT.search(text)
    whole = written_out(rule.text)
    # "My knee" is the wearer's only where the wearer says so.
    bodies = (match.group() for match in activity.body.finditer(whole))
    is_wearers = any(rule.is_own or not _MINE.match(body) for body in bodies)
    if not (is_ruled_out or (is_wearers and _RESTED.search(text))):
        return False
    is_of_teller = not rule.is_own and bool(rule.teller and _OF_ONESELF.search(text))
    is_to_you = bool(_ADDRESSED.search(text) or (_ORDERS.match(text) and not is_of_teller))
    if is_of_teller and not is_to_you:
        return False
    if _OF_OTHERS.search(text) and not (is_to_you or _OF_YOU_OR_ME.search(whole)):
        return False
    return _is_order(rule, whole) or bool(medicines_in(whole))


def _is_order(rule: Told, text: str) -> bool:
    """Tell whether it is ruled out for a while, or by somebody who may: no mere remark."""
    if rule.is_own:
        return bool(_RETOLD.search(text))
    return bool(_SPAN.search(text) or _UNTIL.search(text) or _TO_A_PATIENT.search(text))


@lru_cache(maxsize=16384)
def _until_ns(text: str, said_ns: int) -> int:
    """Return until when a rule holds, as it says, or some days."""
    schedule = read_schedule(text, said_ns)
    if _UNTIL.search(text) and schedule.days:
        ahead = (schedule.days[-1] - local_day(said_ns)).days
        return said_ns + max(ahead, 1) * DAY_NS
    if match := _SPAN.search(text):
        word = (match["count"] or match["count2"] or "a").casefold()
        count = _COUNTS.get(word) or count_of(word)
        unit = (match["unit"] or match["unit2"] or match["unit3"]).casefold()
        return said_ns + count * _UNITS_NS[unit]
    return said_ns + UNSAID_NS
