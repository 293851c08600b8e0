"""The time that words name: "tomorrow at half past ten", "on the fourth of June at 10:30"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_HOURS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
]

_DAY = re.compile(
    rf"\b(?:(?P<today>today|tonight|this (?:morning|afternoon|evening))|(?P<tomorrow>tomorrow)|"
    rf"(?:on |this |next )?(?P<weekday>{'|'.join(_WEEKDAYS)}))\b",
    re.IGNORECASE,
)
_ORDINAL = rf"(?P<ordinal>\d{{1,2}}(?:st|nd|rd|th)?|{'|'.join(reversed(_ORDINALS))})"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_DATES = (
    re.compile(rf"\b{_ORDINAL} (?:of )?{_MONTH}\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} (?:the )?{_ORDINAL}\b(?!:)", re.IGNORECASE),
)
_HOUR = rf"(?P<hour>\d{{1,2}}|{'|'.join(_HOURS)})"
_PART = (
    r"(?:[ ,]*(?P<half>[ap])\.?m\b\.?|(?: o'?clock)?"
    r"(?: (?:in the |at )?(?P<part>morning|afternoon|evening|night))?)"
)
_CLOCKS = (
    re.compile(rf"\b(?P<minutes>half|quarter) (?P<side>past|to) {_HOUR}{_PART}", re.IGNORECASE),
    re.compile(r"\b(?P<noon>noon|midday|midnight)\b", re.IGNORECASE),
    re.compile(rf"\b(?:at |around |"
               rf"by )?(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d){_PART}", re.IGNORECASE),
    re.compile(rf"\b(?:at|around|by|before) {_HOUR}\b(?! (?:minutes?|hours?|days?|weeks?))"
               rf"(?: (?P<minute>thirty|fifteen|forty-five))?{_PART}", re.IGNORECASE),
    re.compile(r"\b(?P<hour>\d{1,2}) ?(?P<half>[ap])\.?m\b", re.IGNORECASE),
)  # fmt: skip
_MINUTES = {"thirty": 30, "fifteen": 15, "forty-five": 45}
_EARLIEST_HOUR = 7
_HALF_DAY = 12


def due_ns(words: str, said_ns: int) -> int | None:
    """Return the time that words name, in this machine's time zone; None unless they name an hour.

    "At three" is the next three o'clock that people are up for; without a day it is the next time
    that the clock shows it.

    Args:
        words: Such as "I have to be at the dentist tomorrow at half past ten".
        said_ns: When they were said.
    """
    at = clock_time(words)
    if at is None:
        return None
    said = datetime.fromtimestamp(said_ns / 1e9).astimezone()
    day = _day(words, said)
    moment = datetime.combine(day or said.date(), at).astimezone()
    if day is None and moment <= said:
        moment += timedelta(days=1)
    return int(moment.timestamp()) * 1_000_000_000


def clock_time(words: str) -> time | None:
    """Return the time of day that words name, or None."""
    for pattern in _CLOCKS:
        if match := pattern.search(words):
            return _time(match.groupdict(), words)
    return None


def _time(parts: dict[str, str | None], words: str) -> time | None:
    if noon := parts.get("noon"):
        return time(0 if noon.casefold() == "midnight" else _HALF_DAY)
    hour, minute = _number(parts["hour"] or ""), _minute(parts.get("minute"))
    if parts.get("side"):
        minute = 30 if (parts["minutes"] or "").casefold() == "half" else 15
        if (parts["side"] or "").casefold() == "to":
            hour, minute = hour - 1, 60 - minute
    if not (0 <= hour <= 23 and minute <= 59):
        return None
    if hour < _HALF_DAY and _is_late(hour, parts, words):
        hour += _HALF_DAY
    return time(hour, minute)


def _is_late(hour: int, parts: dict[str, str | None], words: str) -> bool:
    """Tell whether an hour up to twelve is one of the afternoon or evening."""
    half, part = (parts.get("half") or "").casefold(), (parts.get("part") or "").casefold()
    if half or part:
        return half == "p" or part in ("afternoon", "evening", "night")
    if re.search(r"\b(?:tonight|evening|afternoon|dinner)\b", words, re.IGNORECASE):
        return True
    return hour < _EARLIEST_HOUR and not re.search(r"\bmorning\b", words, re.IGNORECASE)


def _day(words: str, said: datetime) -> date | None:
    for pattern in _DATES:
        if match := pattern.search(words):
            return _date(
                _MONTHS.index(match["month"].casefold()) + 1, _ordinal(match["ordinal"]), said
            )
    match = _DAY.search(words)
    if match is None:
        return None
    if match["weekday"]:
        ahead = (_WEEKDAYS.index(match["weekday"].casefold()) - said.weekday() - 1) % 7 + 1
    else:
        ahead = 1 if match["tomorrow"] else 0
    return (said + timedelta(days=ahead)).date()


def _date(month: int, day: int, said: datetime) -> date | None:
    try:
        this_year = date(said.year, month, day)
        return this_year if this_year >= said.date() else date(said.year + 1, month, day)
    except ValueError:
        return None


def _ordinal(word: str) -> int:
    word = word.casefold()
    return _ORDINALS.index(word) + 1 if word in _ORDINALS else int(re.sub(r"\D", "", word))


def _number(word: str) -> int:
    word = word.casefold()
    return _HOURS.index(word) + 1 if word in _HOURS else int(word)


def _minute(word: str | None) -> int:
    return 0 if word is None else _MINUTES.get(word.casefold(), 0) or int(word)
