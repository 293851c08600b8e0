"""What ends before the wearer is done with what they begin now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llm.safety.situation import Caution, Situation
from llm.safety.told import Told, saying
from memory.facts.clock import hours_in
from memory.facts.durations import durations
from memory.facts.engagements import happening
from memory.facts.phrasing import written_out
from memory.facts.schedule import local_day, local_minute, read_schedule

_ACTIVITY = re.compile(
    r"\b(?:i will|i am going to|i am off|let me|make a start|start(?:ing)? on|lie down|nap|i might|"
    r"i may as well|i fancy|time to|get stuck in|put my feet up|another (?:hour|coat)|i have time|"
    r"settle down|shall i)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:till|until|til) (?P<time>(?:half |quarter |\w+ (?:to|past) )?[\w:.]+)", re.I
)
_REST = re.compile(r"\b(?:all|rest of the|whole) (?P<part>morning|afternoon|evening|day)\b", re.I)
_REST_UNTIL_MIN = {"morning": 12 * 60, "afternoon": 18 * 60, "evening": 22 * 60, "day": 18 * 60}
_ENDS = re.compile(
    r"\b(?:pick-?up|collect\w*|hand[- ]in|return\w*|drop[- ]?off|deadline|last (?:day|orders?|"
    r"entry)|"
    r"only|register|registration|enrol\w*|deliver\w*|vot(?:e|ing)|due|closes|issue|sale ends|by|"
    r"held|until|till|latest|before|expires?)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:got (?!to\b)|have (?:the|my|our|it|them)\b|picked up|collected|fetched|handed in|"
    r"returned|delivered|"
    r"dropped (?:\w+ )?off|"
    r"posted|paid|signed|voted|registered)",
    re.IGNORECASE,
)


def busy_min(situation: Situation) -> int:
    """Return how many minutes what is begun now will last, where the wearer says so."""
    words = written_out(situation.words)
    now_min = local_minute(situation.now_ns)
    schedule = read_schedule(words, situation.now_ns)
    is_today = not schedule.has_day or schedule.is_on(local_day(situation.now_ns))
    if not _ACTIVITY.search(words) or not is_today:
        return 0
    if match := _UNTIL.search(words):
        ends = [h.begin_min for h in hours_in(f"at {match['time']}") if h.begin_min > now_min]
        return min(ends, default=now_min) - now_min
    if length := next(durations(words), None):
        return length.minutes
    match = _REST.search(words)
    return max(_REST_UNTIL_MIN[match["part"].casefold()] - now_min, 0) if match else 0


def cautions(
    heard: Sequence[Told], spoken: Sequence[Told], situation: Situation
) -> Iterator[Caution]:
    """Warn of what can be done until an hour of today only, and is not if one is busy until then.

    Args:
        heard: What others said and what was read.
        spoken: What the wearer said lately: that it is done.
        situation: What is going on.
    """
    busy = busy_min(situation)
    if not busy:
        return
    now_min, today = local_minute(situation.now_ns), local_day(situation.now_ns)
    for statement in heard:
        if not _ENDS.search(statement.text):
            continue
        schedule = read_schedule(statement.text, statement.t_ns)
        if not schedule.days or not schedule.is_on(today):
            continue
        ends = [h.end_min for h in schedule.hours if h.end_min and h.is_clock]
        if any(now_min < end <= now_min + busy for end in ends) and not _is_done(statement, spoken):
            said = saying(statement, situation.now_ns)
            yield Caution(
                f"Careful: that ends today before you are done; {said}.", statement.sources
            )


def _is_done(statement: Told, spoken: Sequence[Told]) -> bool:
    """Tell whether the wearer has said since that it is done, by what they say it was done with."""
    # "Picked up the parcel" has no more in common with a pick-up of numbers than those words.
    what = happening(_ENDS.sub(" ", statement.text))
    later = (written_out(other.text) for other in spoken if other.t_ns > statement.t_ns)
    return any(
        what & happening(text[match.end() :]) for text in later for match in _DONE.finditer(text)
    )
