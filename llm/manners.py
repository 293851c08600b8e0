"""When the companion may speak unasked: quiet hours, a budget of annoyance, and being told off.

Everything that counts is read from memory, so that it survives a restart, is the same in a replay,
and goes when it is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from memory.store import Memory
from memory.units import HOUR_NS

GAP_NS = 180 * 1_000_000_000
HEEDED_WITHIN_NS = 60 * 1_000_000_000
DAY_BEGINS = time(4)
MAX_DOUBLINGS = 6
MAX_COMMAND_WORDS = 6

_QUIET = re.compile(
    r"\b(?:be quiet|keep quiet|stay quiet|shut up|stop talking(?: to me)?|leave me alone|"
    r"do(?:n't| not) talk(?: to me)?|quiet now)\W*(?:please|attune)?\W*$",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(r"^\W*(?:no,? )?(?:please,? )?not now\b", re.IGNORECASE)
_TALK = re.compile(
    r"\byou (?:can|may) (?:talk|speak)(?: to me)?(?: again| now)?\W*(?:please|attune)?\W*$",
    re.IGNORECASE,
)


class Command(StrEnum):
    """What the wearer may say about speaking unasked."""

    QUIET = "quiet"
    NOT_NOW = "not now"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Manners:
    """What the wearer allows.

    Attributes:
        quiet_from: Quiet hours begin, local time.
        quiet_until: Quiet hours end.
        per_hour: How often the companion may speak unasked within an hour.
    """

    quiet_from: time = time(22)
    quiet_until: time = time(7)
    per_hour: int = 4

    def is_quiet_hour(self, now_ns: int) -> bool:
        """Tell whether a time lies in the quiet hours; equal ends are none."""
        now = datetime.fromtimestamp(now_ns / 1e9).astimezone().time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= now < self.quiet_until
        return now >= self.quiet_from or now < self.quiet_until

    def allow(self, today: Today, now_ns: int, is_urgent: bool = False) -> bool:
        """Tell whether the companion may speak unasked now.

        What is urgent need not wait for its turn, but keeps the quiet hours and the wearer's word.
        """
        if self.is_quiet_hour(now_ns) or today.is_hushed:
            return False
        if is_urgent:
            return True
        lately = [t_ns for t_ns in today.unasked_ns if t_ns > now_ns - HOUR_NS]
        gap_ns = GAP_NS << min(today.ignored(now_ns), MAX_DOUBLINGS)
        is_early = bool(today.unasked_ns) and now_ns - today.unasked_ns[-1] < gap_ns
        return len(lately) < self.per_hour and not is_early


@dataclass(frozen=True, slots=True)
class Today:
    """What has happened since four in the morning that bears on speaking unasked.

    Attributes:
        unasked_ns: When the companion spoke unasked.
        words_ns: When the wearer spoke or wrote.
        is_hushed: The wearer has asked for quiet and not taken it back.
        told: The memories that were told today, asked or not.
        replied: Everything that the companion said.
    """

    unasked_ns: tuple[int, ...] = ()
    words_ns: tuple[int, ...] = ()
    is_hushed: bool = False
    told: frozenset[str] = frozenset()
    replied: str = ""

    def ignored(self, now_ns: int) -> int:
        """Return how often in a row the wearer has not reacted within a minute."""
        count = 0
        for t_ns in reversed(self.unasked_ns):
            until_ns = t_ns + HEEDED_WITHIN_NS
            if until_ns > now_ns:
                continue
            if any(t_ns < words_ns <= until_ns for words_ns in self.words_ns):
                break
            count += 1
        return count


def today(memory: Memory, now_ns: int) -> Today:
    """Read from memory what bears on speaking unasked.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    start_ns = _day_start_ns(now_ns)
    turns = memory.turns(start_ns, now_ns)
    unasked = tuple(turn.t_ns for turn in turns if not turn.asked)
    said = [(turn.t_ns, turn.asked) for turn in turns if turn.asked]
    said += [(s.end_ns, s.text) for s in memory.spoken(start_ns, now_ns) if s.is_wearer]
    said.sort()
    sources = {source for turn in turns for source in turn.sources}
    return Today(
        unasked_ns=unasked,
        words_ns=tuple(t_ns for t_ns, _ in said),
        is_hushed=_is_hushed(said, unasked),
        told=frozenset(memory.text_of(source) for source in sources),
        replied=" ".join(turn.replied for turn in turns),
    )


def command_of(words: str) -> Command | None:
    """Return what short words of the wearer say about speaking unasked, None for all others."""
    if len(words.split()) > MAX_COMMAND_WORDS:
        return None
    patterns = {Command.QUIET: _QUIET, Command.NOT_NOW: _NOT_NOW, Command.TALK: _TALK}
    return next((command for command, said in patterns.items() if said.search(words)), None)


def _is_hushed(said: Iterable[tuple[int, str]], unasked_ns: tuple[int, ...]) -> bool:
    """Tell whether the last command asks for quiet; "not now" counts as an answer only."""
    is_hushed = False
    for t_ns, words in said:
        command = command_of(words)
        is_answer = any(0 < t_ns - told_ns <= HEEDED_WITHIN_NS for told_ns in unasked_ns)
        if command is Command.QUIET or (command is Command.NOT_NOW and is_answer):
            is_hushed = True
        elif command is Command.TALK:
            is_hushed = False
    return is_hushed


def _day_start_ns(now_ns: int) -> int:
    now = datetime.fromtimestamp(now_ns / 1e9).astimezone()
    start = datetime.combine(now.date(), DAY_BEGINS).astimezone()
    if start > now:
        start = datetime.combine(now.date() - timedelta(days=1), DAY_BEGINS).astimezone()
    return int(start.timestamp()) * 1_000_000_000
