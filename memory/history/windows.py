"""The spans of time that contexts tell of: minutes up to years of local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from memory.records import Level
from memory.units import MINUTE_NS

NS_PER_S = 1_000_000_000
DAY_BEGINS = time(4)
CLOSES_AFTER_NS = 5 * MINUTE_NS

# Weeks do not fit into months, so both are told from days.
PART_OF: dict[Level, Level] = {
    Level.TEN_MINUTES: Level.MINUTE,
    Level.HOUR: Level.TEN_MINUTES,
    Level.THREE_HOURS: Level.HOUR,
    Level.DAY: Level.THREE_HOURS,
    Level.WEEK: Level.DAY,
    Level.MONTH: Level.DAY,
    Level.YEAR: Level.MONTH,
}
_STEP_NS = {
    Level.TEN_MINUTES: 10 * MINUTE_NS,
    Level.HOUR: 60 * MINUTE_NS,
    Level.THREE_HOURS: 180 * MINUTE_NS,
}


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span that one or more contexts of a level tell of."""

    level: Level
    start_ns: int
    end_ns: int

    def is_closed(self, until_ns: int) -> bool:
        """Tell whether it ended long enough before ``until_ns`` for late words to be in."""
        return self.end_ns + CLOSES_AFTER_NS <= until_ns


def told_from(level: Level) -> tuple[Level, ...]:
    """Return the levels that are told from a level."""
    return tuple(above for above, below in PART_OF.items() if below == level)


def window_at(level: Level, t_ns: int, zone: tzinfo) -> Window:
    """Return the window of a level that holds a time.

    Days begin at four in the morning, as in OS-1 (arXiv 2311.18251): what happens after midnight
    belongs to the evening before. Shorter windows count from there, so that none crosses a day;
    when clocks change, a day's last window is shorter or longer.
    """
    if level == Level.MINUTE:
        start_ns = t_ns - t_ns % MINUTE_NS
        return Window(level, start_ns, start_ns + MINUTE_NS)
    first = _first_day(level, day_of(t_ns, zone))
    start_ns, end_ns = _begin_ns(first, zone), _begin_ns(_next_first(level, first), zone)
    if level in _STEP_NS:
        step_ns = _STEP_NS[level]
        start_ns += (t_ns - start_ns) // step_ns * step_ns
        end_ns = min(start_ns + step_ns, end_ns)
    return Window(level, start_ns, end_ns)


def day_of(t_ns: int, zone: tzinfo) -> date:
    """Return the local day, which begins at four, that holds a time."""
    local = datetime.fromtimestamp(t_ns // NS_PER_S, zone)
    day = local.date()
    return day if local.time() >= DAY_BEGINS else day - timedelta(days=1)


def day_window(day: date, zone: tzinfo) -> Window:
    """Return the window of a local day."""
    return Window(Level.DAY, _begin_ns(day, zone), _begin_ns(day + timedelta(days=1), zone))


def _first_day(level: Level, day: date) -> date:
    match level:
        case Level.WEEK:
            return day - timedelta(days=day.weekday())
        case Level.MONTH:
            return day.replace(day=1)
        case Level.YEAR:
            return day.replace(month=1, day=1)
        case _:
            return day


def _next_first(level: Level, first: date) -> date:
    match level:
        case Level.WEEK:
            return first + timedelta(days=7)
        case Level.MONTH:
            return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        case Level.YEAR:
            return first.replace(year=first.year + 1)
        case _:
            return first + timedelta(days=1)


def _begin_ns(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, DAY_BEGINS, zone).timestamp()) * NS_PER_S
