"""What the wearer is to be at, by what they, others and writing told of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from llm.safety.agreed import DOSING
from llm.safety.told import Told
from memory.facts.clock import hours_in
from memory.facts.durations import durations
from memory.facts.engagements import SEVERAL_DAYS, Standing, happening, standing
from memory.facts.phrasing import written_out
from memory.facts.schedule import Schedule, at_ns, local_day, local_minute, read_schedule
from memory.units import MINUTE_NS

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
_ON_THE_WAY = re.compile(
    r"\s*(?:to get (?:there|here|over)|away|off|up the (?:road|line|coast)|each way|there\b|"
    r"door to door|"
    r"(?:by|on|in) (?:the |my |a )?(?:bus|train|car|tram|bike|ferry|foot|coach|tube|metro|boat|"
    r"van)|"
    r"(?:bus |train |car |boat )?(?:drive|walk|ride|trip|journey|crossing)|to (?:drive|walk|"
    r"cycle))\b",
    re.IGNORECASE,
)
_TAKES = re.compile(r"\b(?:takes (?:me |us |you )?|i need (?:to allow )?|allow )$", re.IGNORECASE)
_BEFOREHAND = re.compile(r"\s*(?:before(?:hand)?|early|earlier|ahead|in advance)\b", re.IGNORECASE)
_THERE_BY = re.compile(
    r"\b(?:there|here|arrive|in (?:your|our) (?:seats|places)|ready|warm-?up|meet|tuning)\b,? "
    r"(?:by|at|for|from) (?P<time>(?:half past |quarter (?:to|past) |\w+ (?:to|past) )?\w+)",
    re.IGNORECASE,
)
TO_THE_WEARER = re.compile(
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

    def spans(self) -> tuple[tuple[int, int], ...]:
        """Return from which minute to which of its day it may keep the wearer."""
        early = self.lead_min + _earlier_min(self.told.text, self.schedule)
        return spans_of(self.schedule, self.told.text, early)


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
        return None if told.is_of_another else standing(told.text)
    if not told.teller:
        is_card = _CARD.search(told.text) and not _HOURS_OF_OPENING.search(told.text)
        return standing(_read_aloud(told.text)) if is_card else None
    said = _TAG.sub(".", told.text)
    text = written_out(said)
    is_meant = TO_THE_WEARER.search(text) or re.match(r"^(?:[A-Z]\w+|see|sit|be) ", text)
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
    return bool(TO_THE_WEARER.search(text)) or " with me" in text


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


def spans_of(schedule: Schedule, text: str, early_min: int = 0) -> tuple[tuple[int, int], ...]:
    """Return from which minute to which of its day something may last, by how it is spoken of.

    Args:
        schedule: When it is.
        text: What it is.
        early_min: How long before one has to be on the way.
    """
    length = LONG_MIN if _LONG.search(text) else ABOUT_MIN
    return tuple(
        (hours.begin_min - early_min, hours.end_min or hours.begin_min + length)
        for hours in schedule.hours
    )


def _earlier_min(text: str, schedule: Schedule) -> int:
    """Return how long before the beginning one is to be there, where that was told."""
    plain = written_out(text)
    before = [one.minutes for one in durations(plain) if _BEFOREHAND.match(plain, one.end)]
    match = _THERE_BY.search(plain)
    told = hours_in(f"at {match['time']}") if match else ()
    if told and schedule.hours:
        begin = schedule.hours[0].begin_min
        before += [m for hours in told if 0 < (m := begin - hours.begin_min) <= LONG_MIN]
    return min(before, default=0)


def _lead_min(text: str) -> int:
    """Return how long the way takes, where that was told."""
    plain = written_out(text)
    ways = (
        one.minutes
        for one in durations(plain)
        if _ON_THE_WAY.match(plain, one.end) or _TAKES.search(plain[: one.start])
    )
    return next(ways, 0)
