"""Appointments: those that something now planned would clash with, and those that are due."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from llm.safety.busy import busy_min
from llm.safety.diary import (
    AHEAD_DAYS,
    LATE_MIN,
    TO_THE_WEARER,
    Engagement,
    engagements,
    next_begin_ns,
    spans_of,
)
from llm.safety.situation import Caution, Situation, asks_for_facts, own_words
from llm.safety.told import Told, saying
from memory.facts.clock import DAY_MIN
from memory.facts.engagements import happening
from memory.facts.phrasing import written_out
from memory.facts.schedule import local_day, local_minute, read_schedule
from memory.units import MINUTE_NS

DUE_WITHIN_MIN = 40
DUE_UNASKED_MIN = 30

_ASKS = re.compile(
    r"^\W*(?:have i|has|is (?:my|the|our|there)|does|do you|read|how did|tell me)\b", re.IGNORECASE
)
_PROPOSES = re.compile(
    r"\b(?:can|could|may|might|shall|should|will|would|let(?:'s| us)|going to|want|like to|"
    r"love to|mind|"
    r"how about|what about|why not|okay|ok|book|tell|promise|say yes|accept|see you|meet|meeting|"
    r"invite|works|suits|plan|free|time|come|coming|go|start|agree|arrange|join|visit|pick|"
    r"sounds)\b",
    re.IGNORECASE,
)
_ALL_DAY = re.compile(
    r"\b(?:all day|day off|day trip|go away|travel|fly|flying|trip|free|weekend away|spend the day|"
    r"whole day|out of town)\b",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"\b(?:sounds (?:good|great)|let(?:'s| us) do that|okay|ok|deal|yes|sure|fine|agreed|good idea|"
    r"see you then|i will be there|gladly|why not)\b",
    re.IGNORECASE,
)


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
            if heard.speaker != "you" and TO_THE_WEARER.search(text) and _PROPOSES.search(text):
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
    spans = spans_of(schedule, words)
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
