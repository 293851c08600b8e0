"""The times of day that English words name: "half past ten", "from six to half eight", "2 pm".

An hour from seven to eleven may be in the morning or in the evening; where nothing tells which,
both are meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from memory.facts.durations import durations
from memory.facts.numbers import WORDS

DAY_MIN = 24 * 60
HALF_DAY_MIN = 12 * 60
EARLIEST_HOUR = 7
LATEST_EVENING_HOUR = 9
LATEST_AMBIGUOUS_HOUR = 11
OPEN_END_MIN = 180

_MINUTES = {
    "five": 5, "ten": 10, "a quarter": 15, "quarter": 15, "fifteen": 15, "twenty": 20,
    "twenty-five": 25, "half": 30, "thirty": 30, "thirty-five": 35, "forty": 40,
    "forty-five": 45, "fifty": 50, "fifty-five": 55, "oh five": 5,
}  # fmt: skip
DAYTIMES_MIN = {
    "breakfast": (6 * 60, 10 * 60),
    "morning": (6 * 60, 12 * 60),
    "lunch": (12 * 60, 14 * 60),
    "afternoon": (12 * 60, 18 * 60),
    "evening": (17 * 60, DAY_MIN),
    "tonight": (17 * 60, DAY_MIN),
    "night": (18 * 60, DAY_MIN),
}

_HOUR_WORD = "|".join(WORDS)
_HOUR = rf"(?P<hour>[01]?\d|2[0-4]|{_HOUR_WORD})"
_PAST = "|".join(sorted(_MINUTES, key=len, reverse=True))
_HALF = r"\s*(?P<half>[ap])\.?m\b\.?"
_IN_THE = r"(?:in the|at)\s+(?P<part>morning|afternoon|evening|night)\b"
_PART = rf"(?:{_HALF})?(?:\s+o'?\s?clock)?(?:\s+{_IN_THE})?"
_NO_COUNT = (
    r"(?!\s*(?:minutes?|mins?|hours?|days?|weeks?|months?|years?|times?|people|persons?|of\b|"
    r"tablets?|pills?|drops?|mg|ml|km|miles?|pounds?|euros?|%|more|children|kids|and a|st\b|nd\b|"
    r"rd\b|th\b|/|-\w|[.,:]\d))"
)
# The surer a form is, the earlier it stands; what overlaps with a surer one is no time.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?P<past>{_PAST}|\d{{1,2}}) (?:minutes? )?(?P<side>past|to|after) {_HOUR}\b{_PART}",
        rf"\b(?P<past>half) (?P<hour>{_HOUR_WORD})\b{_PART}",
        r"\b(?P<word>noon|midday|midnight)\b",
        rf"\b(?P<hour>[01]?\d|2[0-4])[:.h](?P<minute>[0-5]\d)(?![.:]?\d){_PART}",
        rf"\b(?P<hour>{_HOUR_WORD})[ -](?P<minute>(?:thirty|twenty|forty|fifty)(?:-five)?|"
        rf"fifteen|ten|"
        rf"oh five)\b(?!\s+(?:minutes|people)){_PART}",
        rf"\b{_HOUR}{_HALF}",
        rf"\b{_HOUR}\s+o'?\s?clock\b(?:\s+{_IN_THE})?",
        rf"\b{_HOUR}\s+{_IN_THE}",
        rf"(?<=\bat )(?P<hour>\d|{_HOUR_WORD})\b{_NO_COUNT}",
        rf"\b(?:at|around|about|by|before|after|until|till|from|between|to|and|-|since)\s+{_HOUR}\b"
        rf"{_NO_COUNT}",
        rf"\b{_HOUR}(?=\s*(?:till|until|to|-|\u2013)\s*(?:about |around )?(?:half |"
        rf"quarter )?(?:\d{{1,2}}|noon|"
        rf"midnight|"
        rf"{_HOUR_WORD})\b)"
        rf"(?!.{{4,14}}(?:people|minutes|days|weeks|times|years|metres|pounds))",
        rf"(?<=day[s ]\s){_HOUR}(?=\s*(?:[,.!?]|$))",
        rf"(?<=day\s){_HOUR}(?=\s*(?:[,.!?]|$))",
        rf"(?<=day,\s){_HOUR}(?=\s*(?:[,.!?]|$))",
    )
)
_ABOUT = re.compile(r"-ish\b|(?<=\d)ish\b", re.IGNORECASE)
_EVENING = re.compile(
    r"\b(?:tonight|evenings?|night|dinner|supper|drinks?|pub|beer|wine|cinema|film|movie|theatre|"
    r"theater|opera|ballet|musical|recital|concert|choir|rehearsals?|band|club|party|gig|babysit\w*|telly|doors|"
    r"stand-?up|comedy|quiz|show|bingo|disco|sing|curry|ceilidh)\b",
    re.IGNORECASE,
)
_MORNING = re.compile(
    r"\b(?:mornings?|breakfast|school|work|office|dentist|dental|doctor|surgery|clinic|hospital|test|"
    r"scan|x-ray|check-?up|blood|operation|plumber|electrician|interview|market|exam|garage|church|"
    r"mass|brunch|physio|vet|meeting|appointment)\b",
    re.IGNORECASE,
)
_AFTERNOON = re.compile(r"\b(?:afternoons?|evenings?|tonight|dinner)\b", re.IGNORECASE)
_JOIN = re.compile(
    r"^\s*(?:to|till|until|and|-|\u2013|\u2014)\s*(?:about|around)?\s*$", re.IGNORECASE
)
_UNTIL = re.compile(r"\b(?:until|till|til|by)\s+$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|from|since)\s+$", re.IGNORECASE)
_BEFORE = re.compile(r"\bbefore\s+$", re.IGNORECASE)
_LASTING = re.compile(r"\bfor (?:about )?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of a day, in minutes after midnight.

    Attributes:
        begin_min: From when.
        end_min: Until when, or None where only the beginning is told.
        is_sure: It is told which half of the day is meant.
        is_clock: An hour is told, not only a part of the day.
    """

    begin_min: int
    end_min: int | None
    is_sure: bool = True
    is_clock: bool = True


@dataclass(frozen=True, slots=True)
class _Time:
    """One hour in words: where it stands, and the minute after midnight, the earlier of two."""

    start: int
    end: int
    minute: int
    is_told: bool


def hours_in(words: str) -> tuple[Hours, ...]:
    """Return the stretch of a day that words name, in every way in which it may be meant.

    Args:
        words: Without dates, whose numbers could be taken for hours.
    """
    words = _ABOUT.sub("", words)
    found = _times(words)
    if not found:
        return _daytime(words)
    first = found[0]
    end = _end_of(words, found)
    choices = _choices(first, words)
    laid = (_laid(choice, end, first, words, len(choices) == 1) for choice in choices)
    return tuple(hours for hours in laid if hours is not None)


def first_hour_at(words: str) -> int | None:
    """Return where words name the first hour, or None where they name none."""
    found = _times(words)
    return found[0].start if found else None


def clock_time(words: str) -> time | None:
    """Return the time of day that words name, the likelier of two, or None."""
    told = [hours for hours in hours_in(words) if hours.is_clock]
    if not told:
        return None
    first = told[0]
    minute = first.begin_min if first.begin_min < DAY_MIN else 0
    return time(minute // 60, minute % 60)


def _daytime(words: str) -> tuple[Hours, ...]:
    for name, (begin, end) in DAYTIMES_MIN.items():
        if re.search(rf"\b{name}s?\b", words, re.IGNORECASE):
            return (Hours(begin, end, is_clock=False),)
    return ()


def _times(words: str) -> list[_Time]:
    """Return the hours that words name, in their order."""
    found: list[_Time] = []
    for form in _FORMS:
        for match in form.finditer(words):
            start = match.start("hour") if match.groupdict().get("hour") else match.start()
            start = min(start, match.start("past")) if match.groupdict().get("past") else start
            is_free = all(match.end() <= t.start or t.end <= start for t in found)
            minute = _minute_of(match.groupdict())
            if is_free and minute is not None:
                found.append(_Time(start, match.end(), minute, _is_told(match.groupdict(), minute)))
    return sorted(found, key=lambda t: t.start)


def _laid(begin: int, end: _Time | None, first: _Time, words: str, is_sure: bool) -> Hours | None:
    """Lay a stretch around one reading of the first time that is told."""
    if end is not None:
        until = end.minute or DAY_MIN
        if until <= begin and not end.is_told:
            until += HALF_DAY_MIN
        return Hours(begin, until, is_sure) if until > begin else None
    lasting = (length for length in durations(words) if _LASTING.search(words[: length.start]))
    if (length := next(lasting, None)) is not None:
        return Hours(begin, begin + length.minutes, is_sure)
    before = words[: first.start]
    if _UNTIL.search(before):
        return Hours(max(0, begin - OPEN_END_MIN), begin, is_sure)
    if _AFTER.search(before):
        return Hours(begin, begin + OPEN_END_MIN, is_sure)
    if _BEFORE.search(before):
        return Hours(max(0, begin - OPEN_END_MIN // 2), begin, is_sure)
    return Hours(begin, None, is_sure)


def _end_of(words: str, found: list[_Time]) -> _Time | None:
    """Return the time until which it lasts, where one is told."""
    if len(found) > 1 and _JOIN.match(words[found[0].end : found[1].start]):
        return found[1]
    return None


def _is_told(parts: dict[str, str | None], minute: int) -> bool:
    """Tell whether words leave no doubt in which half of the day a time lies."""
    is_24_hour = minute >= HALF_DAY_MIN + 60 or (parts.get("hour") or "").startswith("0")
    return is_24_hour or any(parts.get(name) for name in ("word", "half", "part"))


def _minute_of(parts: dict[str, str | None]) -> int | None:
    """Return the minute after midnight that a time names, the earlier of two."""
    if word := parts.get("word"):
        return 0 if word.casefold() == "midnight" else HALF_DAY_MIN
    hour, minute = _number(parts["hour"] or ""), _minutes(parts.get("minute"))
    if past := parts.get("past"):
        minute = _minutes(past)
        if (parts.get("side") or "").casefold() == "to":
            hour, minute = hour - 1, 60 - minute
    if not 0 <= hour <= 24:
        return None
    half, part = (parts.get("half") or "").casefold(), (parts.get("part") or "").casefold()
    if hour < 12 and (half == "p" or part in ("afternoon", "evening", "night")):
        hour += 12
    if hour == 12 and half == "a":
        hour = 0
    return hour % 24 * 60 + minute


def _minutes(word: str | None) -> int:
    if word is None:
        return 0
    told = word.casefold()
    return _MINUTES[told] if told in _MINUTES else int(told)


def _choices(first: _Time, words: str) -> tuple[int, ...]:
    """Return in which halves of the day a time may lie, the likelier first."""
    hour, late = first.minute // 60, first.minute + HALF_DAY_MIN
    if first.is_told or hour >= 12:
        return (first.minute,)
    if hour < EARLIEST_HOUR:
        is_morning = re.search(r"\b(?:mornings?|breakfast)\b", words, re.IGNORECASE)
        return (first.minute,) if is_morning else (late,)
    if _AFTERNOON.search(words) or (_EVENING.search(words) and hour < LATEST_AMBIGUOUS_HOUR):
        return (late,)
    if _MORNING.search(words) or hour > LATEST_EVENING_HOUR:
        return (first.minute,)
    return (first.minute, late)


def _number(word: str) -> int:
    word = word.casefold()
    return WORDS.index(word) + 1 if word in WORDS else int(word)
