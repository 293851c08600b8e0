"""How long something takes, as people say it: "half an hour", "an hour and a half"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from memory.facts.numbers import NUMBER, count_of

HOUR_MIN = 60

_DURATION = re.compile(
    r"\b(?:(?P<half>half an[ -]hour|half[- ]hour)|(?P<quarters>(?:a |three )?quarters?) of an hour|"
    rf"(?P<count>{NUMBER}|(?:a )?couple of)(?P<more> and a half)?[- ]"
    r"(?P<unit>hours?|minutes?|hrs?|mins?)\b(?P<rest> and a half)?)(?:'s?)?(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time, and where its words stand in the text.

    Attributes:
        start: Of its first character.
        end: After its last character.
    """

    minutes: int
    start: int
    end: int


def durations(text: str) -> Iterator[Duration]:
    """Yield the lengths of time that a text names in hours and minutes, in their order."""
    for match in _DURATION.finditer(text):
        yield Duration(_minutes(match), match.start(), match.end())


def _minutes(match: re.Match[str]) -> int:
    if match["half"]:
        return HOUR_MIN // 2
    if match["quarters"]:
        return HOUR_MIN * (3 if match["quarters"].casefold().startswith("three") else 1) // 4
    count = 2 if match["count"].casefold().endswith("couple of") else count_of(match["count"])
    half = 0.5 if match["more"] or match["rest"] else 0
    return round((count + half) * (HOUR_MIN if match["unit"][0] in "hH" else 1))
