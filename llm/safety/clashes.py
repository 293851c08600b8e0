"""Appointments: those that something now planned would clash with, and those that are due."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from llm.safety.agreed import DOSING
from llm.safety.busy import busy_min
from llm.safety.situation import Caution, Situation, asks_for_facts, own_words
from llm.safety.told import Told, saying
from memory.facts.clock import DAY_MIN, Hours, hours_in
from memory.facts.engagements import SEVERAL_DAYS, Standing, happening, standing
from memory.facts.numbers import count_of
from memory.facts.phrasing import written_out
from memory.facts.schedule import (
    MINUTE_NS,
    Schedule,
    at_ns,
    local_day,
    local_minute,
    read_schedule,
)

DUE_WITHIN_MIN = 40
DUE_UNASKED_MIN = 30
LATE_MIN = 15
ABOUT_MIN = 60
LONG_MIN = 120
AHEAD_DAYS = 15

_LONG = re.compile(
    r"\b(?:course|class|choir|rehearsals?|lessons?|practice|training|film|movie|cinema|concert|"
    r"theatre|theater|opera|match|game|party|dinner|wedding|exam|surgery|operation|flight|band|"
    r"workshop|seminar|rehearsal|lunch|talk)\b",
    re.IGNORECASE,
)
_TRAVEL = re.compile(
    r"\b(?P<count>an|a|half an|one|two|three|\d{1,3}|ten|fifteen|twenty|thirty|forty|forty-five|"
    r"fifty)[- ](?P<unit>hours?|minutes?)(?:'s?)? (?:to get there|away|by (?:bus|train|car|tram|"
    r"bike|ferry)|drive|walk|ride|to drive|on the (?:bus|train))\b",
    re.IGNORECASE,
)
_THERE_BY = re.compile(
    r"\b(?:there|here|arrive|in (?:your|our) (?:seats|places)|ready|warm-?up|meet|tuning)\b,? "
    r"(?:by|at|for|from) (?P<time>(?:half past |quarter (?:to|past) |\w+ (?:to|past) )?\w+)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:have i|has|is (?:my|the|our|there)|does|do you|read|how did|tell me)\b", re.IGNORECASE
)
_PROPOSES = re.compile(
    r"\b(?:can|could|may|might|shall|should|will|would|let(?:'s| us)|going to|want|like to|"
    r"love to|mind|"
    r"how about|what about|why not|okay|ok|book|tell|promise|say yes|accept|see you|meet|meeting|"
    r"invite|works|suits|plan|free|time|come|coming|go|start|agree|arrange|join|visit|pick|sounds)\b",
    re.IGNORECASE,
)
_ALL_DAY = re.compile(
    r"\b(?:all day|day off|day trip|go away|travel|fly|flying|trip|free|weekend away|spend the day|"
    r"whole day|out of town)\b",
    re.IGNORECASE,
)
_TO_THE_WEARER = re.compile(
    r"\b(?:you|your|yours|us|we|together|with me|let(?:'s| us)|come|join)\b", re.IGNORECASE
)
_ONESELF_ONLY = re.compile(r"^(?:i|my|he|she|they)\b", re.IGNORECASE)
_CARD = re.compile(
    r"\b(?:appointment|your (?:next )?(?:visit|booking|appointment|interview)|patient|reservation|"
    r"booking (?:ref|number|confirmation)|boarding|e-?ticket|seat \w+|clinic|surgery|"
    r"date\s*:.*time\s*:)",
    re.IGNORECASE,
)
_HOURS_OF_OPENING = re.compile(
    r"\b(?:open|opening|hours|closed|daily)\b|\w{3}\s?[-\u2013]\s?\w{3}\b", re.I
)
_ONCE = re.compile(r"\b(?:this week|this (?:\w+day|time)|today|tomorrow|tonight|next week)\b", re.I)
_TAG = re.compile(
    r",?\s*(?:all right|alright|okay|ok|right|yes|yeah|isn't it|won't you|then)\s*\?\s*$",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"\b(?:sounds (?:good|great)|let(?:'s| us) do that|okay|ok|deal|yes|sure|fine|agreed|good idea|"
    r"see you then|i will be there|gladly|why not)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:moved?s?|changed?|rescheduled|postponed|brought forward|instead|now)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Engagement:
    """Something that the wearer is to be at.

    Attributes:
        what: The stems of what it is.
        lead_min: How long it takes to get there, where that was told.
        off: Days on which it is not.
    """

    told: Told
    schedule: Schedule
    what: frozenset[str]
    lead_min: int = 0
    off: frozenset[date] = frozenset()

    def is_on(self, day: date) -> bool:
        """Tell whether it is on a day."""
        return day not in self.off and self.schedule.is_on(day)

    def spans(self) -> list[tuple[int, int]]:
        """Return from which minute to which of its day it may last."""
        length = _length_min(self.told.text)
        early = self.lead_min + _earlier_min(self.told.text, self.schedule)
        return [(hours.begin_min - early, _end(hours, length)) for hours in self.schedule.hours]


def cautions(
    told: Sequence[Told], situation: Situation, reply: str, agreed: Sequence[Told] = ()
) -> Iterator[Caution]:
    """Warn of what clashes with a plan in words, and remind of what is about to begin or end.

    Args:
        told: What the wearer and others said, and what was read.
        situation: What is going on.
        reply: What the companion is about to say.
        agreed: What others said and the wearer agreed to.
    """
    held = engagements(told, agreed)
    proposals = list(_proposals(situation, reply))
    reminded: set[int | None] = set()
    for engagement in held:
        begins_ns = next_begin_ns(engagement, situation.now_ns)
        if any(_clashes(engagement, proposal) for proposal in proposals):
            text = f"Careful: that is the time of something else, {_said(engagement, situation)}."
            yield Caution(text, engagement.told.sources)
        elif begins_ns not in reminded and (due := _due(engagement, begins_ns, situation)):
            reminded.add(begins_ns)
            yield Caution(due, engagement.told.sources)


def engagements(told: Sequence[Told], agreed: Sequence[Told] = ()) -> list[Engagement]:
    """Return what the wearer is to be at, without what was moved or called off since."""
    held: list[Engagement] = []
    answered = {statement.source: statement for statement in agreed}
    for heard in sorted(told, key=lambda t: t.t_ns):
        statement = answered.get(heard.source, heard)
        stands = _agreed_standing(statement) if statement.also else _standing(statement)
        if stands is None:
            continue
        what = happening(statement.text)
        schedule = _scheduled(statement)
        if stands is Standing.OFF:
            held = [left for one in held if (left := _without(one, what, schedule, statement))]
            continue
        if _CHANGED.search(statement.text) or statement.slot.startswith("appointment:"):
            held = [one for one in held if not _is_moved(one, statement, what)]
        held.append(Engagement(statement, schedule, what, _lead_min(statement.text)))
    return held


def next_begin_ns(engagement: Engagement, now_ns: int) -> int | None:
    """Return when an engagement begins next, or None where it is over or has no hour."""
    clocks = [hours for hours in engagement.schedule.hours if hours.is_clock]
    # Which half of the day is meant may not be told; nobody is reminded by a guess.
    if len({hours.begin_min for hours in clocks}) != 1:
        return None
    for ahead in range(AHEAD_DAYS):
        day = local_day(now_ns) + timedelta(days=ahead)
        begins_ns = at_ns(day, clocks[0].begin_min)
        if engagement.is_on(day) and begins_ns >= now_ns - LATE_MIN * MINUTE_NS:
            return begins_ns
    return None


@lru_cache(maxsize=16384)
def _standing(told: Told) -> Standing | None:
    """Tell whether something told makes an engagement of the wearer's, or ends one."""
    if DOSING.search(told.text):
        return None
    if told.is_own:
        is_others = ": " in told.slot
        return None if is_others else standing(told.text)
    if not told.teller:
        is_card = _CARD.search(told.text) and not _HOURS_OF_OPENING.search(told.text)
        return standing(_read_aloud(told.text)) if is_card else None
    said = _TAG.sub(".", told.text)
    text = written_out(said)
    is_meant = _TO_THE_WEARER.search(text) or re.match(r"^(?:[A-Z]\w+|see|sit|be) ", text)
    if not is_meant or _ONESELF_ONLY.match(text) or not _is_certain(text):
        return None
    return standing(said)


@lru_cache(maxsize=16384)
def _agreed_standing(told: Told) -> Standing | None:
    """Tell whether what somebody said and the wearer agreed to is at some time."""
    schedule = read_schedule(told.text, told.t_ns)
    is_timed = any(hours.is_clock for hours in schedule.hours) or (
        schedule.has_day and schedule.hours and len(schedule.weekdays) <= SEVERAL_DAYS
    )
    return Standing.PLANNED if is_timed and happening(told.text) else _standing(told)


def _is_certain(text: str) -> bool:
    return bool(_TO_THE_WEARER.search(text)) or " with me" in text


def _read_aloud(text: str) -> str:
    """Return writing without what only looks like speech."""
    return text.replace('"', "").replace("?", "")


@lru_cache(maxsize=16384)
def _scheduled(told: Told) -> Schedule:
    schedule = read_schedule(told.text, told.t_ns)
    if schedule.has_day:
        return schedule
    # "The train leaves at half past twelve": the next time the clock shows it.
    now_min = local_minute(told.t_ns)
    begins = min((hours.begin_min for hours in schedule.hours), default=0)
    day = local_day(told.t_ns) + timedelta(days=1 if begins <= now_min else 0)
    return replace(schedule, days=(day,))


def _without(
    one: Engagement, what: frozenset[str], schedule: Schedule, told: Told
) -> Engagement | None:
    """Return what is left of an engagement once something was called off."""
    if not (one.what & what):
        return one
    if one.schedule.weekdays and _ONCE.search(told.text):
        first = local_day(told.t_ns)
        if re.search(r"\bthis week\b", told.text, re.IGNORECASE):
            monday = first - timedelta(days=first.weekday())
            days = frozenset(monday + timedelta(days=n) for n in range(7))
        else:
            days = frozenset(schedule.days)
        return replace(one, off=one.off | days)
    if one.schedule.days and schedule.days and not re.search(r"\d{4}", told.text):
        same_day = set(one.schedule.days) & set(schedule.days)
        return None if same_day or not read_schedule(told.text, told.t_ns).has_day else one
    return None


def _is_moved(one: Engagement, told: Told, what: frozenset[str]) -> bool:
    """Tell whether a later statement is the same engagement at another time."""
    same_slot = bool(told.slot) and told.slot == one.told.slot
    return bool(one.what & what) and (same_slot or bool(_CHANGED.search(told.text)))


def _length_min(text: str) -> int:
    return LONG_MIN if _LONG.search(text) else ABOUT_MIN


def _earlier_min(text: str, schedule: Schedule) -> int:
    """Return how long before the beginning one is to be there, where that was told."""
    match = _THERE_BY.search(written_out(text))
    told = hours_in(f"at {match['time']}") if match else ()
    if not told or not schedule.hours:
        return 0
    begin = schedule.hours[0].begin_min
    earlier = [begin - hours.begin_min for hours in told if 0 < begin - hours.begin_min <= LONG_MIN]
    return min(earlier, default=0)


def _lead_min(text: str) -> int:
    match = _TRAVEL.search(text)
    if match is None:
        return 0
    word = match["count"].casefold()
    count = 0.5 if word == "half an" else count_of(word)
    return round(count * (60 if match["unit"].casefold().startswith("hour") else 1))


@dataclass(frozen=True, slots=True)
class _Proposal:
    """Something that words would have the wearer do at a time."""

    days: tuple[date, ...]
    spans: tuple[tuple[int, int], ...]
    what: frozenset[str]


def _proposals(situation: Situation, reply: str) -> Iterator[_Proposal]:
    words = written_out(situation.words)
    is_asking = asks_for_facts(words) or _ASKS.match(words)
    if not is_asking and _PROPOSES.search(words):
        yield from _proposed(words, situation.now_ns)
    planned = written_out(own_words(reply))
    if planned and (_PROPOSES.search(planned) or re.match(r"\w+ (?:at|on)\b", planned)):
        yield from _proposed(planned, situation.now_ns)
    if _AGREES.search(words) or not words:
        for heard in situation.context.heard[-2:]:
            text = written_out(heard.text)
            if heard.speaker != "you" and _TO_THE_WEARER.search(text) and _PROPOSES.search(text):
                yield from _proposed(text, situation.now_ns)


def _proposed(words: str, now_ns: int) -> Iterator[_Proposal]:
    schedule = read_schedule(words, now_ns)
    today = local_day(now_ns)
    if not schedule.has_day and not any(hours.is_clock for hours in schedule.hours):
        return
    days = schedule.days
    if not schedule.has_day:
        ends = min((hours.end_min or hours.begin_min for hours in schedule.hours), default=0)
        days = (today + timedelta(days=1 if ends <= local_minute(now_ns) else 0),)
    elif not days:
        ahead = (today + timedelta(days=n) for n in range(AHEAD_DAYS))
        days = tuple(day for day in ahead if schedule.is_on(day))
    length = _length_min(words)
    spans = tuple((hours.begin_min, _end(hours, length)) for hours in schedule.hours)
    if not spans and _ALL_DAY.search(words):
        spans = ((0, DAY_MIN),)
    # Of what is over nobody makes a plan.
    ahead_days = tuple(day for day in days if day >= today)
    if spans and ahead_days:
        yield _Proposal(ahead_days, spans, happening(words))


def _clashes(engagement: Engagement, proposal: _Proposal) -> bool:
    if engagement.what & proposal.what:
        return False  # it speaks of the engagement itself
    is_same_day = any(engagement.is_on(day) for day in proposal.days)
    return is_same_day and any(
        begin < until and start < end
        for begin, end in engagement.spans()
        for start, until in proposal.spans
    )


def _due(engagement: Engagement, begins_ns: int | None, situation: Situation) -> str:
    """Say that something is about to begin, or has just begun, unless it is spoken of."""
    if begins_ns is None or engagement.what & happening(situation.words):
        return ""
    if engagement.told.text.strip(" .!") in situation.reminded:
        return ""
    minutes = (begins_ns - situation.now_ns) // MINUTE_NS - engagement.lead_min
    within = max(DUE_WITHIN_MIN if situation.words else DUE_UNASKED_MIN, busy_min(situation))
    if minutes > within or begins_ns < situation.now_ns - LATE_MIN * MINUTE_NS:
        return ""
    said = _said(engagement, situation)
    if minutes > DUE_WITHIN_MIN:
        return f"Careful: before you are done this is due, {_in_minutes(minutes)}: {said}."
    if minutes <= 0 and begins_ns < situation.now_ns:
        return f"This has just begun: {said}."
    return f"This is due {_in_minutes(minutes)}: {said}."


def _said(engagement: Engagement, situation: Situation) -> str:
    return saying(engagement.told, situation.now_ns)


def _in_minutes(minutes: int) -> str:
    return "now" if minutes < 1 else "in a minute" if minutes == 1 else f"in {minutes} minutes"


def _end(hours: Hours, length_min: int) -> int:
    return hours.begin_min + length_min if hours.end_min is None else hours.end_min
