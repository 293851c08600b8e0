"""Times, spans, counts and confidences in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

_NS_PER_S = 1_000_000_000


class MachineZone(tzinfo):
    """The time zone that this machine is set to, summer time included."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """Return how far a local time is ahead of UTC."""
        return when.replace(tzinfo=None).astimezone().utcoffset() if when else None

    def dst(self, _: datetime | None) -> None:
        """Leave open how much of the offset is summer time."""

    def tzname(self, when: datetime | None) -> str | None:
        """Return the zone's short name at a local time."""
        return when.replace(tzinfo=None).astimezone().tzname() if when else None

    def fromutc(self, when: datetime) -> datetime:
        """Turn UTC into local time."""
        return when.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


MACHINE_ZONE = MachineZone()


def local_time(t_ns: int, zone: tzinfo) -> datetime:
    """Return a Unix time in ``zone``."""
    return datetime.fromtimestamp(t_ns / _NS_PER_S, zone)


def clock(t_ns: int, zone: tzinfo, has_seconds: bool = False) -> str:
    """Return the time of day, e.g. ``"14:03"``."""
    return local_time(t_ns, zone).strftime("%H:%M:%S" if has_seconds else "%H:%M")


def day_title(day: date) -> str:
    """Return e.g. ``"Saturday 21 November 2026"``."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def day_bounds_ns(day: date, days: int, zone: tzinfo) -> tuple[int, int]:
    """Return the half-open interval of ``days`` days that begins with ``day``."""
    start = datetime.combine(day, datetime.min.time(), zone)
    end = start + timedelta(days=days)
    return int(start.timestamp()) * _NS_PER_S, int(end.timestamp()) * _NS_PER_S


def span(duration_ns: int) -> str:
    """Return a duration, e.g. ``"8 s"``, ``"2 min"`` or ``"1 h 5 min"``."""
    seconds = max(1, round(duration_ns / _NS_PER_S))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun, e.g. ``"1 moment"`` or ``"3 people"``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Sequence[str], limit: int = 3) -> str:
    """Join words, e.g. ``"cup, table and 2 more"``."""
    shown = list(words[:limit])
    if len(words) > limit:
        shown = [", ".join(shown), f"{len(words) - limit} more"]
    return ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 else "".join(shown)


def sure(confidence: float) -> str:
    """Say a probability as a person would."""
    if confidence < 0.5:
        return "a guess"
    return "fairly sure" if confidence < 0.8 else "quite sure"


def sentence(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def because(cause: str) -> str:
    """Say a cause as a clause: a thing with its article, words as they were said."""
    if not cause:
        return "cause unknown"
    if not cause.islower() or cause.count(" ") > 1:
        return f"because of “{cause}”"
    return f"because of {'an' if cause[0] in 'aeiou' else 'a'} {cause}"
