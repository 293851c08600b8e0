"""What was seen, heard or remembered as words that can be put into a prompt or a reply."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from memory.units import MINUTE_NS

NOTE_CHARS = 200
_HOUR = 60
_DAY = 24 * _HOUR

_HARMLESS = str.maketrans("<>{}[]|`", "()()()/'")
_SINGLE_QUOTES = str.maketrans(dict.fromkeys('"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033', "'"))


def plain(text: str, limit: int = NOTE_CHARS) -> str:
    """Return text on one line without anything that a chat template could take for its own.

    Compatibility forms are folded first, so that full-width brackets and the like do not slip
    through; control, format and private characters go, and angle brackets, braces, bars and
    backticks become harmless.
    """
    folded = unicodedata.normalize("NFKC", text)
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in folded)
    harmless = visible.translate(_HARMLESS)
    words = " ".join(harmless.split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def quoted(text: str) -> str:
    """Return text in double quotes that it cannot leave."""
    return f'"{plain(text).translate(_SINGLE_QUOTES)}"'


def age(t_ns: int, now_ns: int) -> str:
    """Say how long ago something was, coarsely."""
    minutes = max(0, now_ns - t_ns) // MINUTE_NS
    if minutes < 2:
        return "just now"
    if minutes < _HOUR:
        return f"{minutes} minutes ago"
    if minutes < _DAY:
        return f"{_counted(minutes // _HOUR, 'hour')} ago"
    return f"{_counted(minutes // _DAY, 'day')} ago"


def day_of(t_ns: int) -> str:
    """Say on which day something was, as "Tuesday 3 March"."""
    day = datetime.fromtimestamp(t_ns / 1e9).astimezone()
    return f"{day:%A} {day.day} {day:%B}"


def on_day(t_ns: int, now_ns: int) -> str:
    """Say on which day something was, and how long ago."""
    return f"On {day_of(t_ns)}, {age(t_ns, now_ns)}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
