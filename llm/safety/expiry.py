"""Food and medicines whose last day, as it is printed on them, is over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from llm.safety.situation import Caution, Situation, asks_for_facts
from llm.safety.things import things_in
from llm.safety.told import Told, saying
from llm.safety.use import is_planned, is_recalling
from memory.facts.schedule import local_day, read_schedule

# "Best before" tells how good it is, not whether it is safe.
_LAST_DAY = re.compile(
    r"\b(?:use[- ]by|exp(?:iry|ires?)?(?: date)?|discard (?:after|by)|do not use after|"
    r"consume by)\b"
    r"[\s:.]*(?P<when>\d{1,2}\s*[/.-]\s*20\d\d\b|[^/|]{4,24}(?:/\d{2,4}(?:/\d{2,4})?)?)",
    re.IGNORECASE,
)
_MONTH = re.compile(r"^\s*(?P<month>\d{1,2})\s*[/.-]\s*(?P<year>20\d\d)\s*$")


def cautions(told: Sequence[Told], situation: Situation) -> Iterator[Caution]:
    """Warn of what is about to be used after its last day.

    Args:
        told: What others said and what was read.
        situation: What is going on.
    """
    words = situation.words
    if asks_for_facts(words) or is_recalling(words) or not is_planned(words):
        return
    today = local_day(situation.now_ns)
    shown = " / ".join(situation.context.writing)
    if is_over(shown, situation.now_ns, today):
        yield Caution(f'Careful: that is past its date, the writing in view says "{shown}".', ())
        return
    for read in reversed(told):
        if not read.teller and is_over(read.text, read.t_ns, today) and _is_meant(read.text, words):
            said = saying(read, situation.now_ns)
            yield Caution(f"Careful: that is past its date; {said}.", read.sources)
            return


def is_over(text: str, read_ns: int, today: date) -> bool:
    """Tell whether a label names a last day, and it is over.

    Args:
        text: What is printed.
        read_ns: When it was read; a day without a year is the one nearest to it.
        today: The day to tell it for.
    """
    match = _LAST_DAY.search(text)
    if match is None:
        return False
    if month := _MONTH.match(match["when"]):
        return today >= _first_after(int(month["year"]), int(month["month"]))
    days = read_schedule(match["when"], read_ns).days
    return bool(days) and days[-1] < today


def _first_after(year: int, month: int) -> date:
    """Return the day after the last of a month; what is no month never ends."""
    if not 1 <= month <= 12:
        return date.max
    return (date(year, month, 1) + timedelta(days=31)).replace(day=1)


def _is_meant(label: str, words: str) -> bool:
    printed = things_in(_LAST_DAY.sub(" / ", label))
    return any(one.is_same(other) for one in printed for other in things_in(words))
