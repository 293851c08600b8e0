"""The forms in which English tells a time, and the span of each on the calendar.

A form that could lie on either side of now is taken to lie in the past, because memories do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from memory.units import MINUTE_NS

JUST_NOW_NS = 2 * MINUTE_NS
ABOUT_NS = 30 * MINUTE_NS

# Half open, Unix nanoseconds.
Span = tuple[int, int]
Days = tuple[date, date]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
# From which hour, for how many; a night ends the next day.
_DAYTIMES = {
    "morning": (4, 8),
    "lunchtime": (11, 3),
    "afternoon": (12, 6),
    "evening": (18, 6),
    "night": (18, 10),
}
_NUMBERS = {
    **dict.fromkeys(("a", "an", "one"), 1),
    **dict.fromkeys(("two", "couple of", "a couple of", "a couple"), 2),
    **dict.fromkeys(("three", "few", "a few", "several"), 3),
    **{
        word: n
        for n, word in enumerate(["four", "five", "six", "seven", "eight", "nine", "ten"], 4)
    },
    **{"eleven": 11, "twelve": 12, "half an": 0.5},
}
_UNITS_NS = {"second": 1_000_000_000, "minute": MINUTE_NS, "hour": 60 * MINUTE_NS}
_UNITS_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

_WEEKDAY = "|".join(_WEEKDAYS)
_MONTH = "|".join(_MONTHS)
_SEASON = "|".join(_SEASONS)
_DAYTIME = "|".join(_DAYTIMES)
_HOURS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_PARTS_OF_HOUR = {"half past": 30, "quarter past": 15, "quarter to": -15}
_HOUR = rf"[01]?\d|2[0-3]|{'|'.join(_HOURS)}"
_NUMBER = rf"\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_YEAR = r"(?:19|20)\d\d"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Wall time in one zone at one moment; this machine's zone without one."""

    now_ns: int
    zone: tzinfo | None = None

    @property
    def today(self) -> date:
        """The day of the moment."""
        return datetime.fromtimestamp(self.now_ns // 1_000_000_000, self.zone).date()

    def at(self, day: date, hour: int = 0, minute: int = 0) -> int:
        """Return when a wall clock shows a time; from 24 hours on, of the next day."""
        wall = datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute)
        local = wall.replace(tzinfo=self.zone) if self.zone else wall.astimezone()
        return int(local.timestamp()) * 1_000_000_000


def span_of(words: str, calendar: Calendar) -> Span | None:
    """Return from when until when one expression reaches, or None for what is no time."""
    text = " ".join(words.lower().split())
    if match := _ELAPSED.search(text):
        return _elapsed(match, calendar)
    try:
        days = _days(text, calendar)
    except (ValueError, OverflowError):  # the 31st of a shorter month
        return None
    daytime = match[0] if (match := _DAYTIME_WORD.search(text)) else ""
    clock = _CLOCK_WORD.search(text)
    if days is not None:
        return _within(days, daytime, clock, calendar)
    today = calendar.today
    yesterday = today - timedelta(days=1)
    span = _within((today, today + timedelta(days=1)), daytime, clock, calendar)
    is_past = text.startswith("last") or (span[0] > calendar.now_ns and not _THIS.match(text))
    return _within((yesterday, today), daytime, clock, calendar) if is_past else span


def _within(days: Days, daytime: str, clock: re.Match[str] | None, calendar: Calendar) -> Span:
    """Return the part of some days that an hour or a time of the day tells, or all of them."""
    if clock is not None:
        return _around(clock, days[0], daytime, calendar)
    if daytime:
        hour, hours = _DAYTIMES[daytime]
        return calendar.at(days[0], hour), calendar.at(days[0], hour + hours)
    return calendar.at(days[0]), calendar.at(days[1])


def clock_time(span: Span) -> int | None:
    """Return the moment around which a span was laid; what lasts otherwise has none."""
    return (span[0] + span[1]) // 2 if span[1] - span[0] == 2 * ABOUT_NS else None


def _elapsed(match: re.Match[str], calendar: Calendar) -> Span:
    """Read what goes back from now by the second hand, whatever clocks were changed."""
    now_ns = calendar.now_ns
    if match["now"]:
        return now_ns - JUST_NOW_NS, now_ns
    unit_ns = _UNITS_NS[match["unit"] or match["last_unit"]]
    back_ns = round(_number(match["count"] or match["last_count"]) * unit_ns)
    if match["last_unit"]:
        return now_ns - back_ns, now_ns
    slack_ns = max(JUST_NOW_NS, back_ns // 4)
    return now_ns - back_ns - slack_ns, now_ns - back_ns + slack_ns


def _around(match: re.Match[str], day: date, daytime: str, calendar: Calendar) -> Span:
    if match["word"]:
        hour, minute = (12 if match["word"] == "noon" else 0), 0
    else:
        hour = _hour(match["hour"] or match["near_hour"])
        minute = int(match["minute"] or match["minutes"] or _PARTS_OF_HOUR.get(match["part"], 0))
        half = (match["half"] or "").replace(".", "")
        is_said = half == "o'clock" or bool(match["part"])
        is_late = daytime in ("afternoon", "evening", "night") or (is_said and hour < 7)
        if hour < 12 and (half == "pm" or (half != "am" and daytime != "morning" and is_late)):
            hour += 12
        elif hour == 12 and half == "am":
            hour = 0
    moment_ns = calendar.at(day, hour, minute)
    return moment_ns - ABOUT_NS, moment_ns + ABOUT_NS


def _hour(words: str) -> int:
    return int(words) if words.isdigit() else _HOURS.index(words) + 1


def _number(words: str | None) -> float:
    if not words:
        return 1
    return int(words) if words.isdigit() else _NUMBERS[words]


def _days(text: str, calendar: Calendar) -> Days | None:
    for pattern, read in _COMPILED_DAYS:
        if match := pattern.search(text):
            return read(match, calendar)
    return None


def _one(day: date) -> Days:
    return day, day + timedelta(days=1)


def _near(match: re.Match[str], calendar: Calendar) -> Days:
    offsets = {"the day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1}
    return _one(calendar.today + timedelta(days=offsets.get(match[0], 2)))


def _weekday(match: re.Match[str], calendar: Calendar) -> Days:
    today, wanted = calendar.today, _WEEKDAYS.index(match["weekday"])
    if match["which"] == "this":
        return _one(today + timedelta(days=wanted - today.weekday()))
    if match["which"] == "next":
        return _one(today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1))
    return _one(today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1))


def _days_ago(match: re.Match[str], calendar: Calendar) -> Days:
    length = _UNITS_DAYS[match["unit"]]
    day = calendar.today - timedelta(days=round(_number(match["count"]) * length))
    slack = timedelta(days=length // 2)
    return day - slack, day + slack + timedelta(days=1)


def _days_until_now(match: re.Match[str], calendar: Calendar) -> Days:
    back = timedelta(days=round(_number(match["count"]) * _UNITS_DAYS[match["unit"]]))
    return calendar.today - back, calendar.today + timedelta(days=1)


def _period(match: re.Match[str], calendar: Calendar) -> Days:
    today = calendar.today
    if match["unit"] == "day":
        return _one(today)
    step = {"this": 0, "my": 0, "next": 1}.get(match["which"], -1)
    if match["unit"] in ("week", "weekend"):
        monday = today + timedelta(days=7 * step - today.weekday())
        first = monday + timedelta(days=5 * (match["unit"] == "weekend"))
        return first, monday + timedelta(days=7)
    if match["unit"] == "year":
        return date(today.year + step, 1, 1), date(today.year + step + 1, 1, 1)
    return _months(today.year, today.month + step)


def _season(match: re.Match[str], calendar: Calendar) -> Days:
    today, month = calendar.today, _SEASONS[match["season"]]
    begun = today.year - (today < date(today.year, month, 1))
    is_on = today < _months(begun, month, 3)[1]
    year = begun - (match["which"] == "last" and is_on) + (match["which"] == "next")
    return _months(year, month, 3)


def _date(match: re.Match[str], calendar: Calendar) -> Days:
    day, today = int(match["day"]), calendar.today
    month = _MONTHS.index(match["month"]) + 1
    if match["year"]:
        return _one(date(int(match["year"]), month, day))
    this_year = date(today.year, month, day)
    return _one(this_year if this_year <= today else date(today.year - 1, month, day))


def _month(match: re.Match[str], calendar: Calendar) -> Days:
    today, month = calendar.today, _MONTHS.index(match["month"]) + 1
    if match["year"]:
        return _months(int(match["year"]), month)
    year = today.year - (month > today.month or (match["which"] == "last" and month == today.month))
    return _months(year + (match["which"] == "next"), month)


def _year(match: re.Match[str], calendar: Calendar) -> Days:
    return date(int(match["year"]), 1, 1), date(int(match["year"]) + 1, 1, 1)


def _iso(match: re.Match[str], calendar: Calendar) -> Days:
    return _one(date.fromisoformat(match[0]))


def _day_of_month(match: re.Match[str], calendar: Calendar) -> Days:
    today, day = calendar.today, int(match["day"])
    first = today.replace(day=1)
    if day > today.day:
        first = (first - timedelta(days=1)).replace(day=1)
    return _one(first.replace(day=day))


def _months(year: int, month: int, count: int = 1) -> Days:
    first = year * 12 + month - 1
    return date(first // 12, first % 12 + 1, 1), date(
        (first + count) // 12, (first + count) % 12 + 1, 1
    )


_ELAPSED_FORM = (
    r"(?:(?P<now>just now|a moment ago)|"
    rf"(?P<count>{_NUMBER})\s+(?P<unit>second|minute|hour)s?\s+ago|"
    rf"the\s+(?:last|past)\s+(?:(?P<last_count>{_NUMBER})\s+)?(?P<last_unit>minute|hour)s?)"
)
_CLOCK_FORM = (
    r"(?:(?:(?:at|around)\s+)?\b(?P<word>noon|midnight)\b|(?:(?:at|around|about)\s+)?\b(?:"
    rf"(?:a\s+)?(?P<part>{'|'.join(_PARTS_OF_HOUR)})\s+(?P<near_hour>{_HOUR})\b|"
    rf"(?P<hour>{_HOUR})(?:(?::(?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\b\.?|o'clock)|"
    r":(?P<minutes>[0-5]\d)|(?=\s+in\s+the\s+(?:morning|afternoon|evening)\b))))"
)
_DAYTIME_FORM = (
    rf"(?:(?:(?:in|during)\s+the|this|last|that)\s+(?:{_DAYTIME})\b|tonight\b|at\s+night\b|"
    rf"(?:on\s+)?the\s+(?:{_DAYTIME})(?=\s+of\b))"
)
_DAY_RULES: tuple[tuple[str, Callable[[re.Match[str], Calendar], Days]], ...] = (
    (r"the day before yesterday|the day after tomorrow|yesterday|today|tomorrow", _near),
    (r"\d{4}-\d\d-\d\d", _iso),
    (
        rf"(?:(?:on|the)\s+)*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b"
        rf"(?:,?\s+(?P<year>{_YEAR}))?",
        _date,
    ),
    (
        rf"(?:on\s+)?(?P<month>{_MONTH})\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)"
        rf"(?:,?\s+(?P<year>{_YEAR}))?",
        _date,
    ),
    (
        rf"(?:in|(?P<which>last|this|next|past))\s+(?P<month>{_MONTH})\b"
        rf"(?:,?\s+(?:of\s+)?(?P<year>{_YEAR}))?",
        _month,
    ),
    (rf"(?P<which>)(?P<month>{_MONTH}),?\s+(?:of\s+)?(?P<year>{_YEAR})", _month),
    (rf"(?:(?P<which>last|this|next|past|on)\s+)(?P<weekday>{_WEEKDAY})\b", _weekday),
    (
        rf"(?P<which>)(?P<weekday>{_WEEKDAY})(?=\s+(?:{_DAYTIME}|at|to|until|till|and)\b|\W*$)",
        _weekday,
    ),
    (rf"(?P<count>{_NUMBER})\s+(?P<unit>day|week|month|year)s?\s+ago", _days_ago),
    (
        rf"the\s+(?:last|past)\s+(?:(?P<count>{_NUMBER})\s+)?(?P<unit>day|week|month|year)s?",
        _days_until_now,
    ),
    (r"my\s+(?P<unit>day)\b(?!\s+yesterday)", _period),
    (r"(?P<which>last|this|next|past|my)\s+(?P<unit>week|weekend|month|year)\b", _period),
    (rf"(?P<which>last|this|next|past)\s+(?P<season>{_SEASON})\b", _season),
    (r"(?:on|of)\s+the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b", _day_of_month),
    (rf"in\s+(?P<year>{_YEAR})\b", _year),
)


def _unnamed(form: str) -> str:
    """Return a pattern that may stand several times within another."""
    return re.sub(r"\(\?P<\w+>", "(?:", form)


_THIS = re.compile("this|tonight")
_ELAPSED = re.compile(_ELAPSED_FORM)
_CLOCK_WORD = re.compile(_CLOCK_FORM)
_DAYTIME_WORD = re.compile(rf"\b(?:{_DAYTIME})\b|(?<=\bto)night\b")
_COMPILED_DAYS = tuple((re.compile(form), read) for form, read in _DAY_RULES)
_DAY_FORM = f"(?:{'|'.join(_unnamed(form) for form, _ in _DAY_RULES)})"
_HOURS_FORM = f"(?:{_DAYTIME_FORM}|{_unnamed(_CLOCK_FORM)}|(?:{_DAYTIME})\\b)"
EXPRESSION = (
    rf"(?:(?:(?:in|over|during|within)\s+)?{_unnamed(_ELAPSED_FORM)}|"
    rf"(?:(?:in|over|during|within)\s+)?{_DAY_FORM}(?:,?\s+{_HOURS_FORM}){{0,2}}|"
    rf"(?:{_DAYTIME_FORM}|{_unnamed(_CLOCK_FORM)})"
    rf"(?:\s+(?:{_DAYTIME_FORM}|(?:of\s+)?{_DAY_FORM}(?:\s+(?:{_DAYTIME})\b)?))?)"
)
"""Where a text may tell a time, in any case; :func:`span_of` reads it."""
