"""A medicine taken again too soon, on the wrong day, or more often than its box or a nurse says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from llm.safety.situation import Caution, Situation
from llm.safety.told import Told, saying
from llm.safety.use import is_for_others_only
from memory.facts.instructions import is_dose
from memory.facts.medicines import is_same, medicines_in
from memory.facts.numbers import WORDS, count_of
from memory.facts.phrasing import written_out
from memory.facts.schedule import local_day, read_schedule
from memory.units import DAY_NS, HOUR_NS

LEAST_BETWEEN_NS = 4 * HOUR_NS
LEAST_BETWEEN_REGULAR_NS = 8 * HOUR_NS
LEAST_BETWEEN_DAILY_NS = 18 * HOUR_NS
LEAST_BETWEEN_TWICE_NS = 6 * HOUR_NS
EARLY = 0.9
MOST_WEEKLY = 3
SAME_TALK_NS = 5 * 60 * 1_000_000_000
NICKNAME_LETTERS = 4
NICKNAME_MOST = 6
JUST_NOW_NS = 10 * 1_000_000_000

TAKING = re.compile(
    r"\b(?:take|taking|took|have|having|another|swallow|drink|need|use|mix|combine|pills?|tablets?|"
    r"dose|buy|painkiller|give|wash|time for|o'clock|again|more|two|one|pop|dissolve|stir|start|"
    r"put on)\b",
    re.IGNORECASE,
)
ASKING_WHETHER = re.compile(
    r"\b(?:did i|have i|when did i|what did i|when was|how many|where|how often|what time)\b", re.I
)
_POINTED_AT = re.compile(r"\b(?:this|these|those|that|it|them|one|ones|two|some)\b", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"\b(?:his|her|their|\w+'s) (?:\w+ )?(?:pills?|tablets?|capsules?|medicine|meds|drops|dose|"
    r"inhaler|"
    r"insulin)\b|\b(?:he|she) (?:takes|has|needs|gets)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:gave|(?:have|has) (?:just |already )?given) (?P<who>(?!it|them|me|you|up)\w+)\b|"
    r"\b(?P<who2>(?-i:[A-Z]\w+)) (?:has|had) (?:just |already )?(?:had|taken) (?:his|her|their)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\b(?:next|another|again|more|second)\b", re.IGNORECASE)
_AS_NEEDED = re.compile(
    r"paracetamol|acetaminophen|tylenol|ibuprofen|nurofen|advil|aspirin|codeine|tramadol|naproxen|"
    r"diclofenac|painkillers?|triptan|antacids?|inhaler|nasal spray|eye drops|cough|co-codamol|"
    r"panadol|calpol|lemsip",
    re.IGNORECASE,
)
_NUMBER = rf"(?P<{{}}>\d{{{{1,2}}}}|an?|{'|'.join(WORDS)})"
_EVERY_HOURS = re.compile(
    rf"\bevery {_NUMBER.format('every')} hours\b|\b{_NUMBER.format('between')} ?(?:hours|hrs|h) "
    rf"(?:in )?(?:between|apart)|\b(?:leave|wait)(?: at least)? {_NUMBER.format('wait')} "
    r"(?:hours|hrs)\b|\b(?:not|never|no) (?:\w+ ){0,3}within "
    rf"{_NUMBER.format('within')} hours\b|\b{_NUMBER.format('hourly')}[- ]hourly\b",
    re.IGNORECASE,
)
_PER_DAY = re.compile(
    rf"\b{_NUMBER.format('count')} (?:times )?(?:a|per|each|every) day\b|"
    rf"\b(?P<twice>twice)(?: a day| "
    r"daily)\b|\b(?P<thrice>three times daily)\b",
    re.IGNORECASE,
)
_DAILY = re.compile(
    r"\b(?:once a day|once daily|one a day|one daily|daily|every (?:day|morning|evening|night)|"
    r"each "
    r"(?:day|morning|evening|night)|before bed|at bedtime|in the (?:morning|evening)s?|"
    r"nightly|at night)\b",
    re.IGNORECASE,
)
_ALTERNATE = re.compile(
    r"\b(?:every (?:other|second) day|alternate days?|alternating days|every two days|every 48 "
    r"hours)\b",
    re.IGNORECASE,
)
_WEEKLY = re.compile(r"\b(?:once a week|weekly|one a week|once per week|every week)\b", re.I)
_ONLY_ON = re.compile(r"\b(?:only|once a week|weekly|never daily|not daily)\b", re.IGNORECASE)
_DOSE_DAYS = re.compile(
    r"\b(?:is|are|on|every|takes?|taken|one|tablets?|dose) (?:on |for |"
    r"every )?(?:a )?(?-i:[A-Z])\w+days?\b",
    re.IGNORECASE,
)
_NEVER_DAILY = re.compile(r"\b(?:never|not) (?:daily|every day)\b", re.IGNORECASE)
_AT_MOST = re.compile(
    rf"\b(?:(?:no|never|not) more than|at most|maximum(?: of)?|max\.?|up to) "
    rf"{_NUMBER.format('count')}\b(?! ?(?:hours|hrs|days|weeks|mg))|"
    rf"\b{_NUMBER.format('most')}\b[^.;]{{0,40}}\b(?:is|are) (?:\w+ )?(?:ceiling|limit|maximum|max|"
    rf"most|lot)\b",
    re.IGNORECASE,
)
_HOW_OFTEN = (
    _EVERY_HOURS, _PER_DAY, _DAILY, _ALTERNATE, _WEEKLY, _AT_MOST, _ONLY_ON, _DOSE_DAYS,
)  # fmt: skip
_NUMBERED = re.compile(rf"\bnumber {_NUMBER.format('count')}\b", re.IGNORECASE)
_DOSED = re.compile(rf"\b(?:took|had|taken|swallowed) {_NUMBER.format('count')}\b", re.IGNORECASE)
_OF_ONESELF = re.compile(r"\b(?:i|i'm|i've|me|my|mine)\b", re.IGNORECASE)


def cautions(
    own: Sequence[Told], heard: Sequence[Told], spoken: Sequence[Told], situation: Situation
) -> Iterator[Caution]:
    """Warn of a dose that comes too soon, or on a day that it is not for.

    Args:
        own: What the wearer told that was read as a fact.
        heard: What others said and what was read.
        spoken: All that the wearer said lately.
        situation: What is going on.
    """
    words = written_out(situation.words)
    if not TAKING.search(words) or ASKING_WHETHER.search(words):
        return
    if is_for_others_only(situation.words) or _OF_ANOTHER.search(words):
        yield from _others([*heard, *spoken], situation)
        return
    told = [*own, *heard, *spoken]
    for name in meant(situation):
        rules = _rules(told, name)
        last = _last_dose(own, spoken, name, situation)
        caution = (_again(own, last, rules, name, situation) if last else None) or _wrong_day(
            rules, name, situation
        )
        if caution is not None:
            yield caution
            return


def _others(heard: Sequence[Told], situation: Situation) -> Iterator[Caution]:
    """Warn of a medicine for somebody who has had it, as they or who gave it to them have said."""
    present = {person.casefold() for person in situation.context.people}
    for told in reversed(heard):
        if _is_given(told, situation):
            said = saying(told, situation.now_ns)
            yield Caution(f"Careful: that has been given already; {said}.", told.sources)
            return
        if told.is_own:
            continue
        is_here = told.teller and (
            told.teller.casefold() in present or told.teller in situation.words
        )
        is_young = 0 < situation.now_ns - told.t_ns < LEAST_BETWEEN_REGULAR_NS
        if is_here and is_young and is_dose(told.text):
            said = saying(told, situation.now_ns)
            yield Caution(f"Careful: that has been taken already; {said}.", told.sources)
            return


def _is_given(told: Told, situation: Situation) -> bool:
    """Tell whether somebody gave lately what is about to be given to the same person."""
    match = _GIVEN.search(written_out(told.text))
    if match is None or not re.search(
        rf"\b{match['who'] or match['who2']}\b", situation.words, re.IGNORECASE
    ):
        return False
    names = [name for name in meant(situation) if mentions(told, name)]
    least_ns = LEAST_BETWEEN_NS if any(map(_AS_NEEDED.search, names)) else LEAST_BETWEEN_REGULAR_NS
    return bool(names) and 0 < situation.now_ns - told.t_ns < EARLY * least_ns


def meant(situation: Situation) -> tuple[str, ...]:
    """Return the medicines that are about to be taken: named, else those that are pointed at."""
    words = written_out(situation.words)
    named = medicines_in(words)
    shown = tuple(dict.fromkeys(n for line in situation.written for n in medicines_in(line)))
    is_general = not named or all(re.fullmatch(r"(?:pill|tablet|capsule|dose)s?", n) for n in named)
    if is_general and shown and (_POINTED_AT.search(words) or named):
        return shown
    return named


def mentions(told: Told, name: str) -> bool:
    """Tell whether something told names a medicine, by any of its names or a short form."""
    if any(is_same(name, other) for other in medicines_in(told.text)):
        return True
    return bool(_short_forms(name).search(told.text))


@lru_cache(maxsize=1024)
def _short_forms(name: str) -> re.Pattern[str]:
    """Return what finds "doxy" or "Monty" for doxycycline and montelukast."""
    if len(name) <= NICKNAME_MOST or not name[:NICKNAME_LETTERS].isalpha():
        return re.compile(r"(?!)")
    rest = NICKNAME_MOST - NICKNAME_LETTERS
    return re.compile(rf"\b{name[:NICKNAME_LETTERS]}[a-z]{{0,{rest}}}\b", re.IGNORECASE)


def _last_dose(
    own: Sequence[Told], spoken: Sequence[Told], name: str, situation: Situation
) -> Told | None:
    """Return when a medicine was last said to have been taken."""
    taken = [told for told in own if told.slot.startswith("taken:") and mentions(told, name)]
    taken += [told for told in spoken if is_dose(told.text) and mentions(told, name)]
    if not taken and _NEXT.search(situation.words):
        # "That's my two o'clock one, I've just had it": of several it may be the one in hand.
        taken = [told for told in spoken if is_dose(told.text) and not medicines_in(told.text)]
    past = [told for told in taken if told.t_ns < situation.now_ns - JUST_NOW_NS]
    return max(past, key=lambda told: told.t_ns, default=None)


def _rules(told: Sequence[Told], name: str) -> list[Told]:
    """Return what was told of how a medicine is to be taken, the newest first.

    "Three a day, one every eight hours" counts for what the same talk named.
    """
    about = [one for one in told if mentions(one, name)]
    found = []
    for one in told:
        is_rule = any(form.search(one.text) for form in _HOW_OFTEN)
        if not is_rule or one.slot.startswith("taken:"):
            continue
        is_others = not one.is_own and one.teller and _OF_ONESELF.search(one.text)
        if is_others or (one.is_own and one.is_of_another):
            continue
        is_near = not medicines_in(one.text) and any(
            abs(one.t_ns - other.t_ns) < SAME_TALK_NS and one.teller == other.teller
            for other in about
        )
        if is_near or mentions(one, name):
            found.append(one)
    return sorted(found, key=lambda one: -one.t_ns)


def _again(
    own: Sequence[Told], last: Told, rules: Sequence[Told], name: str, situation: Situation
) -> Caution | None:
    now_ns = situation.now_ns
    said = saying(last, now_ns)
    if limit := _limit_reached(own, last, rules, name, now_ns):
        text = f"Careful: {said}, and {saying(limit, now_ns)}."
        return Caution(text, (last.source, limit.source))
    rule = next((rule for rule in rules if _between_ns(rule.text)), None)
    least_ns = _between_ns(rule.text) if rule else 0
    least_ns = least_ns or (
        LEAST_BETWEEN_NS if _AS_NEEDED.search(name) else LEAST_BETWEEN_REGULAR_NS
    )
    if now_ns - last.t_ns >= EARLY * least_ns:
        return None
    why = f"; {saying(rule, now_ns)}" if rule else ""
    sources = (last.source, rule.source) if rule else (last.source,)
    soon = "you have already taken that" if least_ns > LEAST_BETWEEN_REGULAR_NS else (
        f"that may be too early for more {name}")  # fmt: skip
    return Caution(f"Careful: {soon}; {said}{why}.", sources)


def _between_ns(text: str) -> int:
    """Return how long to wait for the next dose by a rule, or nothing."""
    plain = written_out(text)
    if _ALTERNATE.search(plain):
        return 2 * DAY_NS - 8 * HOUR_NS
    if _WEEKLY.search(plain):
        return 6 * DAY_NS
    if match := _EVERY_HOURS.search(plain):
        return count_of(next(filter(None, match.groups()))) * HOUR_NS
    if match := _PER_DAY.search(plain):
        times = count_of(match["count"]) if match["count"] else 2 if match["twice"] else 3
        return LEAST_BETWEEN_DAILY_NS if times <= 1 else LEAST_BETWEEN_TWICE_NS * 2 // times
    return LEAST_BETWEEN_DAILY_NS if _DAILY.search(plain) else 0


def _limit_reached(
    own: Sequence[Told], last: Told, rules: Sequence[Told], name: str, now_ns: int
) -> Told | None:
    """Return the rule that says how much a day is the most, where that much was taken."""
    today = local_day(now_ns)
    taken = [
        told
        for told in own
        if told.slot.startswith("taken:") and mentions(told, name) and local_day(told.t_ns) == today
    ]
    if local_day(last.t_ns) != today:
        return None
    numbered = _NUMBERED.search(last.text)
    dosed = [count_of(m["count"]) if (m := _DOSED.search(t.text)) else 1 for t in taken]
    count = max(sum(dosed), count_of(numbered["count"]) if numbered else 0)
    for rule in rules:
        if match := _AT_MOST.search(rule.text):
            return rule if count >= count_of(match["count"] or match["most"]) else None
    return None


def _is_weekly(text: str, weekdays: frozenset[int]) -> bool:
    """Tell whether a dose is for some days of the week: "it is Sundays, one tablet"."""
    return 0 < len(weekdays) <= MOST_WEEKLY and _DOSE_DAYS.search(written_out(text)) is not None


def _wrong_day(rules: Sequence[Told], name: str, situation: Situation) -> Caution | None:
    """Warn of a medicine that is for certain weekdays, on another."""
    today = local_day(situation.now_ns)
    for rule in rules:
        weekly = read_schedule(_NEVER_DAILY.sub("", rule.text), rule.t_ns).weekdays
        if not (_ONLY_ON.search(rule.text) or _is_weekly(rule.text, weekly)):
            continue
        if weekly and today.weekday() not in weekly:
            said = saying(rule, situation.now_ns)
            return Caution(f"Careful: today is no day for {name}; {said}.", (rule.source,))
    return None
