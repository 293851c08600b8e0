"""When something is to be, as words tell it: once, every week, moved, or called off.

A form that could lie on either side of now is taken to lie ahead, because plans do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from memory.facts.clock import DAY_MIN, Hours, first_hour_at, hours_in
from memory.facts.numbers import count_of

WEEK_DAYS = 7
FAR_DAYS = 2

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_TENS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINALS = (
    *_TENS, "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
    "seventeenth", "eighteenth", "nineteenth", "twentieth", *(f"twenty-{n}" for n in _TENS),
    "thirtieth", "thirty-first",
)  # fmt: skip

_WEEKDAY = (
    r"(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|"
    r"mon|tues?|wed|thurs?|thu|fri|sat|sun)\b\.?"
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|" \
         r"december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"  # fmt: skip
_ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{'|'.join(reversed(_ORDINALS))})"
_YEAR = r"(?:,?\s+(?P<year>20\d\d))?"
_DATE_FORMS = (
    re.compile(r"\b(?P<iso>20\d\d-\d\d-\d\d)\b"),
    re.compile(r"\b(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>(?:20)?\d\d)\b"),
    re.compile(rf"\b(?P<day>{_ORDINAL})\s+(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", re.I),
    re.compile(rf"\b(?P<month>{_MONTH})\s+(?:the\s+)?(?P<day>{_ORDINAL})\b(?![:.]\d){_YEAR}", re.I),
    re.compile(
        r"\b(?:the|on the)\s+(?P<day>\d{1,2}(?:st|nd|rd|th)|"
        rf"{'|'.join(reversed(_ORDINALS))})\b(?!\s+(?:time|one|floor|of|half|day|person|"
        r"thing|week|house|door|\w+day)\b)", re.I,
    ),
)  # fmt: skip
_DATE_RANGE = re.compile(
    rf"\b(?P<from>\d{{1,2}})\s*(?:-|\u2013|to|until|till)\s*(?P<to>\d{{1,2}})\s+(?P<month>{_MONTH})",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:(?P<today>today|tonight|this (?:morning|afternoon|evening))|"
    r"(?P<overmorrow>(?:the )?day after tomorrow)|(?P<tomorrow>tomorrow)|"
    r"in (?P<count>\d{1,2}|a|one|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?P<unit>days?|weeks?)|(?P<fortnight>in a fortnight))\b",
    re.IGNORECASE,
)
_NAMED_DAY = re.compile(
    rf"(?:\b(?P<which>a week on|week on|next|this|coming|every other|every second|every|each|"
    rf"last|past)\s+)?"
    rf"\b(?P<weekday>{_WEEKDAY})(?P<later>\s+week\b)?",
    re.IGNORECASE,
)
_WEEKDAYS_ALL = re.compile(r"\b(?:weekdays|every (?:day|morning|evening|night)|daily)\b", re.I)
_MOVED_FROM = re.compile(
    r"\b(?P<verb>moved?s?|changed?s?|rescheduled|postponed|put back|brought forward|shifted|"
    r"pushed|delayed|bumped|"
    r"switched)\b(?P<old>.*?\bfrom\b.*?)\b(?:to|until|till|on to)\b",
    re.IGNORECASE,
)
_FROM_NEXT_WEEK = re.compile(r"\b(?:from|starting|as of) next week\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\s+instead\b", re.IGNORECASE)
_PLURAL_PART = re.compile(r"\s+(?:mornings|afternoons|evenings|nights)\b", re.IGNORECASE)
_ABBREVIATED = re.compile(r"(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is to be.

    Attributes:
        days: Single days; without any and without weekdays it is the next time the clock shows it.
        weekdays: It comes round on these, Monday being 0.
        every_weeks: How often.
        from_day: When it was told, or from when on it comes round.
        hours: Within the day, in every way they may be meant; empty where none is told.
        is_range: The days are the first and the last of a stretch.
    """

    days: tuple[date, ...] = ()
    weekdays: frozenset[int] = frozenset()
    every_weeks: int = 1
    from_day: date = date.min
    hours: tuple[Hours, ...] = ()
    is_range: bool = False

    @property
    def has_day(self) -> bool:
        """It is told on which days."""
        return bool(self.days or self.weekdays)

    def is_on(self, day: date) -> bool:
        """Tell whether it is on a day."""
        if self.is_range:
            return self.days[0] <= day <= self.days[-1]
        if day in self.days:
            return True
        if day.weekday() not in self.weekdays or day < self.from_day:
            return False
        return (
            self.every_weeks == 1
            or not self.days
            or ((day - self.days[0]).days % (WEEK_DAYS * self.every_weeks) == 0)
        )


@lru_cache(maxsize=16384)
def read_schedule(words: str, said_ns: int) -> Schedule:
    """Read when something is to be.

    Args:
        words: Such as "choir is Thursdays at seven".
        said_ns: When they were said; days are of this machine's time zone.
    """
    said = local_day(said_ns)
    text = _MOVED_FROM.sub(lambda match: f"{match['verb']} to", words.replace("\u2019", "'"))
    if match := _DATE_RANGE.search(text):
        month = _month(match["month"])
        days = tuple(_dated(said, month, int(match[end]), nearest=True) for end in ("from", "to"))
        first, last = days
        if first is not None and last is not None and first <= last:
            return Schedule((first, last), from_day=said, is_range=True)
    dated, rest = _dates(text, said)
    hours = hours_in(rest)
    if dated:
        weekly = _weekly(rest, said)
        return (
            replace(weekly, days=dated, hours=hours)
            if weekly.weekdays and re.search(r"\bevery|each\b|\w+days\b", rest, re.I)
            else Schedule(dated, from_day=said, hours=hours)
        )
    weekly = _weekly(rest, said)
    # "My class moves to Tuesdays, they told us tonight."
    is_named = bool(weekly.days) and _stands_nearer(_NAMED_DAY, _RELATIVE, rest)
    if not weekly.weekdays and not is_named and (near := _near(rest, said)):
        return Schedule(near, from_day=said, hours=hours)
    return replace(weekly, hours=hours)


def _stands_nearer(one: re.Pattern[str], other: re.Pattern[str], text: str) -> bool:
    """Tell whether the first match of one form is closer to the hour than that of another."""
    at = first_hour_at(text)
    places = [match.start() if (match := form.search(text)) else None for form in (one, other)]
    if at is None or places[0] is None or places[1] is None:
        return False
    return abs(places[0] - at) < abs(places[1] - at)


def names_time(words: str, said_ns: int) -> bool:
    """Tell whether words name a day or an hour."""
    schedule = read_schedule(words, said_ns)
    return schedule.has_day or any(hours.is_clock for hours in schedule.hours)


def due_ns(words: str, said_ns: int) -> int | None:
    """Return the time that words name, in this machine's time zone; None unless they name an hour.

    "At three" is the next three o'clock that people are up for; without a day it is the next time
    that the clock shows it.

    Args:
        words: Such as "I have to be at the dentist tomorrow at half past ten".
        said_ns: When they were said.
    """
    schedule = read_schedule(words, said_ns)
    told = [hours for hours in schedule.hours if hours.is_clock]
    if not told:
        return None
    minute, said = told[0].begin_min, local_day(said_ns)
    if schedule.days:
        return at_ns(schedule.days[0], minute)
    for ahead in range(2 * WEEK_DAYS + 1):
        day = said + timedelta(days=ahead)
        is_on = schedule.is_on(day) if schedule.weekdays else True
        if is_on and at_ns(day, minute) > said_ns:
            return at_ns(day, minute)
    return None


def local_day(t_ns: int) -> date:
    """Return the day of a time in this machine's time zone."""
    return datetime.fromtimestamp(t_ns / 1e9).date()


def local_minute(t_ns: int) -> int:
    """Return the minutes after midnight of a time in this machine's time zone."""
    at = datetime.fromtimestamp(t_ns / 1e9)
    return at.hour * 60 + at.minute


def at_ns(day: date, minute: int) -> int:
    """Return when a clock on the wall shows some minutes after midnight of a day."""
    day += timedelta(days=minute // DAY_MIN)
    wall = datetime(day.year, day.month, day.day, minute % DAY_MIN // 60, minute % 60)
    return int(wall.astimezone().timestamp()) * 1_000_000_000


def _dates(text: str, said: date) -> tuple[tuple[date, ...], str]:
    """Return the days that dates name, and the words without them."""
    found: list[date] = []
    for form in _DATE_FORMS:
        for match in form.finditer(text):
            if (day := _date_of(match, said)) is not None:
                found.append(day)
                text = text.replace(match[0], " , ", 1)
        if found:
            break
    return tuple(dict.fromkeys(found)), text


def _date_of(match: re.Match[str], said: date) -> date | None:
    g = match.groupdict()
    try:
        if g.get("iso"):
            return date.fromisoformat(g["iso"])
        if g.get("y"):
            year = int(g["y"]) % 100 + 2000
            return date(year, int(g["m"]), int(g["d"]))
        day = _ordinal(g["day"])
        if not g.get("month"):
            return _day_of_month(said, day)
        if g.get("year"):
            return date(int(g["year"]), _month(g["month"]), day)
    except ValueError:
        return None
    return _dated(said, _month(g["month"]), day, nearest=False)


def _dated(said: date, month: int, day: int, *, nearest: bool) -> date | None:
    """Return a day without a year: ahead, or the one nearest to when it was told."""
    try:
        this_year = date(said.year, month, day)
        if nearest:
            return this_year
        is_past = (said - this_year).days > 0
        # "On the sixth of April", said in May, is past; in December it is ahead.
        if is_past and (said - this_year).days < 180:
            return this_year
        return date(said.year + 1, month, day) if is_past else this_year
    except ValueError:
        return None


def _day_of_month(said: date, day: int) -> date | None:
    year, month = said.year, said.month
    for _ in range(3):
        try:
            found = date(year, month, day)
        except ValueError:
            found = date.min
        if found >= said:
            return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def _near(text: str, said: date) -> tuple[date, ...]:
    match = _RELATIVE.search(text)
    if match is None:
        return ()
    if match["today"]:
        ahead = 0
    elif match["tomorrow"]:
        ahead = 1
    elif match["overmorrow"]:
        ahead = 2
    elif match["fortnight"]:
        ahead = 2 * WEEK_DAYS
    else:
        ahead = count_of(match["count"]) * (
            WEEK_DAYS if match["unit"].casefold().startswith("week") else 1
        )
    return (said + timedelta(days=ahead),)


def _weekly(text: str, said: date) -> Schedule:
    """Read weekdays: those that come round, else the next one, or two that may be meant."""
    recurring: set[int] = set()
    single: list[date] = []
    every = 1
    if _WEEKDAYS_ALL.search(text):
        recurring |= set(range(5 if "weekdays" in text.casefold() else 7))
    for match in _NAMED_DAY.finditer(text):
        word, which = match["weekday"].rstrip("."), (match["which"] or "").casefold()
        if which in ("last", "past") or (_ABBREVIATED.fullmatch(word) and not word[0].isupper()):
            continue
        weekday = next(n for n, name in enumerate(_WEEKDAYS) if name[:3] == word[:3].casefold())
        is_every = _PLURAL_PART.match(text, match.end())
        if word.casefold().endswith("days") or is_every or which.startswith(("every", "each")):
            recurring.add(weekday)
            every = 2 if which in ("every other", "every second") else every
        else:
            days = _ahead(said, weekday, which, bool(match["later"]))
            # "My Thursday is full, can you come in Friday instead": the day next to that word.
            is_instead = _INSTEAD.match(text, match.end())
            single = [*days] if is_instead else [*single, *days]
    if recurring:
        monday = said - timedelta(days=said.weekday())
        starts_later = _FROM_NEXT_WEEK.search(text)
        since = monday + timedelta(days=WEEK_DAYS) if starts_later else said
        return Schedule((), frozenset(recurring), every, since)
    return Schedule(tuple(dict.fromkeys(single)), from_day=said)


def _ahead(said: date, weekday: int, which: str, is_later: bool) -> list[date]:
    """Return the days that "Friday", "next Friday" and "Friday week" may mean."""
    nearest = said + timedelta(days=(weekday - said.weekday() - 1) % WEEK_DAYS + 1)
    following = nearest + timedelta(days=WEEK_DAYS)
    if is_later or which.endswith("week on"):
        return [following]
    if which != "next":
        return [nearest]
    return [following] if (nearest - said).days <= FAR_DAYS else [nearest, following]


def _ordinal(word: str) -> int:
    word = word.casefold()
    return _ORDINALS.index(word) + 1 if word in _ORDINALS else int(re.sub(r"\D", "", word))


def _month(word: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name[:3] == word[:3].casefold())
