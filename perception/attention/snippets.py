"""Attention in hindsight in, the stretches of video that are worth keeping out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perception.attention.hindsight import Judged
from perception.attention.look import Look
from perception.events import SnippetClosed, SnippetOpened

MS_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class SnippetSettings:
    """What is kept around attention."""

    keep: float = 0.15
    """Probability in hindsight from which a picture is kept, in [0, 1]."""
    pre_roll_ns: int = 250 * MS_NS
    """Kept before attention, in nanoseconds."""
    post_roll_ns: int = 250 * MS_NS
    """Kept after it; attention that comes back within it goes on, in nanoseconds."""
    least_ns: int = 500 * MS_NS
    """A look or a stretch that is shorter than this opens no snippet, in nanoseconds."""
    settled_ns: int = 4_000 * MS_NS
    """A snippet this long ends when attention moves to another thing, in nanoseconds."""
    longest_ns: int = 20_000 * MS_NS
    """A snippet is closed and the next one opened after this, in nanoseconds."""
    reach_ns: int = 5_500 * MS_NS
    """How far back a snippet may begin when it opens; the pre-roll of the memory holds a little
    more, in nanoseconds."""
    full_ns: int = 3_000 * MS_NS
    """Gaze on one thing from which an episode's confidence is highest, in nanoseconds."""


class Snippets:
    """Turns attention into snippets that neither overlap nor grow without bound.

    A picture is kept where hindsight takes it for attended, from a look that was certain at the
    time: the cascade says *what*, hindsight *whether*.

    Args:
        settings: What is kept around attention.
        from_ns: Start of the stream; nothing before can be kept.
    """

    def __init__(self, settings: SnippetSettings, from_ns: int) -> None:
        self._settings = settings
        self._kept_until_ns = from_ns
        self._start_ns: int | None = None
        self._since_ns: int | None = None
        self._until_ns = from_ns
        self._opened_for: Look | None = None
        self._looks: list[Look] = []
        self._turns_ns: list[int] = []

    def attend(self, look: Look, is_same_thing: bool) -> None:
        """Take a look that has become certain; it may go on.

        Args:
            look: What gaze is on.
            is_same_thing: The look before was on it too.
        """
        self._looks.append(look)
        if not is_same_thing:
            self._turns_ns.append(look.start_ns)

    def judge(self, now_ns: int, tick: Judged) -> Iterator[SnippetOpened | SnippetClosed]:
        """Take the next tick in hindsight; yield what begins and ends with it.

        Args:
            now_ns: The latest time that anything is known of.
            tick: What attention was, some time ago.
        """
        over_ns = self._over_ns(tick.t_ns)
        if over_ns is not None:
            yield from self._close(over_ns)
        if tick.probability >= self._settings.keep:
            self._since_ns = tick.t_ns if self._since_ns is None else self._since_ns
            self._until_ns = tick.t_ns
        elif tick.t_ns - self._until_ns >= self._settings.post_roll_ns:
            yield from self._close(tick.t_ns)
            self._since_ns = None
        yield from self._open(now_ns, tick.t_ns)

    def close(self, t_ns: int) -> Iterator[SnippetClosed]:
        """Close what is open: there is nothing after ``t_ns``."""
        yield from self._close(t_ns)
        self._since_ns = None

    def _over_ns(self, t_ns: int) -> int | None:
        """When the open snippet became full, or attention turned elsewhere after it had settled."""
        passed = [turn_ns for turn_ns in self._turns_ns if turn_ns <= t_ns]
        self._turns_ns = self._turns_ns[len(passed) :]
        if self._start_ns is None:
            return None
        settled_ns = self._start_ns + self._settings.settled_ns
        full_ns = self._start_ns + self._settings.longest_ns
        ends = [turn_ns for turn_ns in passed if turn_ns >= settled_ns]
        return min([*ends, full_ns]) if ends or t_ns >= full_ns else None

    def _open(self, now_ns: int, t_ns: int) -> Iterator[SnippetOpened]:
        """Open where attention has lasted, and lies on a look that was certain."""
        if self._start_ns is not None:
            return
        since_ns = t_ns if self._since_ns is None else self._since_ns
        self._let_go(since_ns)
        looks = (look for look in self._looks if look.start_ns <= t_ns <= look.last_ns)
        self._opened_for = next(looks, None)
        is_long = self._until_ns - since_ns >= self._settings.least_ns
        if is_long and self._opened_for is not None:
            reach_ns = max(self._kept_until_ns, now_ns - self._settings.reach_ns)
            self._start_ns = max(since_ns - self._settings.pre_roll_ns, reach_ns)
            yield SnippetOpened(now_ns, self._start_ns)

    def _close(self, t_ns: int) -> Iterator[SnippetClosed]:
        if self._start_ns is None or self._opened_for is None:
            return
        span = self._start_ns, min(t_ns, self._until_ns + self._settings.post_roll_ns)
        seen = [look for look in self._looks if look.is_within(span)] or [self._opened_for]
        episodes = tuple(look.episode(self._settings.full_ns, span) for look in seen)
        self._let_go(span[1])
        self._start_ns, self._since_ns, self._kept_until_ns = None, None, span[1]
        yield SnippetClosed(*span, episodes)

    def _let_go(self, t_ns: int) -> None:
        """Forget looks of long before a time; one that is interrupted may go on."""
        least_ns = t_ns - self._settings.reach_ns
        self._looks = [look for look in self._looks if look.last_ns >= least_ns]
