"""Time as words tell it: "last Tuesday evening", "two hours ago", "before the meeting"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from memory.recall.time_forms import EXPRESSION, Calendar, clock_time, span_of

OpenSpan = tuple[int | None, int | None]

_BETWEEN = re.compile(
    rf"\b(?:between|from)\s+({EXPRESSION})\s+(?:and|to|until|till)\s+({EXPRESSION})", re.IGNORECASE
)
_BOUND = re.compile(
    rf"(?<!\bday )\b(since|after|before|until|till|by)\s+({EXPRESSION})", re.IGNORECASE
)
_PLAIN = re.compile(rf"\b{EXPRESSION}(?!\w)", re.IGNORECASE)
_ANCHOR = re.compile(
    r"\b(before|after|since|during)\s+((?:the|my|our|his|her|their|this|that|breakfast|lunch|"
    r"dinner|supper|work|school|\w+ing)\b[^?.!,;]*)",
    re.IGNORECASE,
)


class Relation(StrEnum):
    """How a time lies to the happening that words name it by."""

    BEFORE = "before"
    AFTER = "after"
    DURING = "during"


@dataclass(frozen=True, slots=True)
class When:
    """What words say about time.

    Attributes:
        rest: The words without the span that they tell.
        start_ns: From when on, or None.
        end_ns: Until when, or None.
        anchor: The happening that the time is named by, e.g. ``"the meeting"``, else empty.
        relation: How the time lies to the anchor, or None without one.
    """

    rest: str
    start_ns: int | None = None
    end_ns: int | None = None
    anchor: str = ""
    relation: Relation | None = None

    @property
    def is_told(self) -> bool:
        """Words tell a span; an anchor alone does not until its own time is known."""
        return self.start_ns is not None or self.end_ns is not None


def read_when(words: str, now_ns: int, zone: tzinfo | None = None) -> When:
    """Read the first time that words tell.

    Args:
        words: A question or a remark, in English.
        now_ns: What "today" is relative to.
        zone: Of the wearer; this machine's without one.
    """
    calendar = Calendar(now_ns, zone)
    for pattern, read in ((_BETWEEN, _between), (_BOUND, _bound), (_PLAIN, _plain)):
        for match in pattern.finditer(words):
            if (span := read(match, calendar)) is not None:
                return When(words[: match.start()] + words[match.end() :], *span)
    if (named := _ANCHOR.search(words)) is not None:
        word = named[1].lower()
        relation = Relation.AFTER if word == "since" else Relation(word)
        return When(words, anchor=named[2].strip(), relation=relation)
    return When(words)


def _between(match: re.Match[str], calendar: Calendar) -> OpenSpan | None:
    last = span_of(match[2], calendar)
    first = span_of(match[1], calendar)
    if first and clock_time(first):  # "between 2 pm and 4 pm yesterday": the day is said once
        first = span_of(f"{match[1]} {match[2]}", calendar)
    if first is None or last is None:
        return None
    start_ns, end_ns = clock_time(first) or first[0], clock_time(last) or last[1]
    return (start_ns, end_ns) if start_ns < end_ns else None


def _bound(match: re.Match[str], calendar: Calendar) -> OpenSpan | None:
    span = span_of(match[2], calendar)
    if span is None:
        return None
    word, at_ns = match[1].lower(), clock_time(span)
    if word in ("since", "after"):
        return at_ns or span[word == "after"], None
    return None, at_ns or span[word != "before"]


def _plain(match: re.Match[str], calendar: Calendar) -> OpenSpan | None:
    span = span_of(match[0], calendar)
    # What happens while the question is asked belongs to the last minutes too.
    return (span[0], None) if span and span[1] == calendar.now_ns else span
