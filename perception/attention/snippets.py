"""Attention episodes in, the stretches of video that are worth keeping out."""

from __future__ import annotations

from dataclasses import dataclass

from perception.events import AttentionEpisode, SnippetClosed, SnippetOpened

MS_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class SnippetSettings:
    """What is kept around attention."""

    pre_roll_ns: int = 1_000 * MS_NS
    """Kept before the first look, in nanoseconds."""
    post_roll_ns: int = 500 * MS_NS
    """Kept after the last look; attention that comes back within it goes on, in nanoseconds."""
    least_ns: int = 500 * MS_NS
    """Attention that is shorter than this opens no snippet, in nanoseconds."""
    settled_ns: int = 4_000 * MS_NS
    """A snippet this long ends when attention moves to another thing, in nanoseconds."""
    longest_ns: int = 20_000 * MS_NS
    """A snippet is closed and the next one opened after this, in nanoseconds."""


class Snippets:
    """Turns attention into snippets that neither overlap nor grow without bound.

    Args:
        settings: What is kept around attention.
        from_ns: Start of the stream; nothing before can be kept.
    """

    def __init__(self, settings: SnippetSettings, from_ns: int) -> None:
        self._settings = settings
        self._start_ns: int | None = None
        self._kept_until_ns = from_ns
        self._episodes: list[AttentionEpisode] = []

    @property
    def start_ns(self) -> int:
        """Start of the open snippet, else the end of the last one."""
        return self._kept_until_ns if self._start_ns is None else self._start_ns

    def attend(
        self, t_ns: int, look_ns: int, is_same_thing: bool
    ) -> list[SnippetOpened | SnippetClosed]:
        """Attention is certain at ``t_ns`` of a look that began at ``look_ns``.

        Args:
            t_ns: Now.
            look_ns: When gaze came to the thing.
            is_same_thing: The last episode, which must have been added, was on it too.
        """
        events: list[SnippetOpened | SnippetClosed] = []
        if self._start_ns is not None and self._episodes:
            is_young = look_ns - self._start_ns < self._settings.settled_ns
            if look_ns <= self._tail_ns and (is_young or is_same_thing):
                return events
            events += self._close(min(look_ns, self._tail_ns))
        if self._start_ns is None:
            start_ns = max(look_ns - self._settings.pre_roll_ns, self._kept_until_ns)
            self._start_ns = start_ns
            events.append(SnippetOpened(t_ns, start_ns))
        return events

    def add(self, episode: AttentionEpisode) -> None:
        """Take a finished episode."""
        self._episodes.append(episode)

    def is_full(self, t_ns: int) -> bool:
        """Tell whether the open snippet has reached its greatest length."""
        return self._start_ns is not None and t_ns - self._start_ns >= self._settings.longest_ns

    def cut(self, t_ns: int) -> list[SnippetClosed]:
        """Close at ``t_ns``, or earlier where attention ended earlier."""
        return self._close(min(t_ns, self._tail_ns)) if self._episodes else []

    def rest(self, t_ns: int) -> list[SnippetClosed]:
        """Nothing has been attended to until ``t_ns``: close once the post-roll has passed."""
        is_over = self._start_ns is not None and self._episodes and t_ns >= self._tail_ns
        return self._close(self._tail_ns) if is_over else []

    @property
    def _tail_ns(self) -> int:
        return self._episodes[-1].end_ns + self._settings.post_roll_ns

    def _close(self, end_ns: int) -> list[SnippetClosed]:
        if self._start_ns is None:
            return []
        closed = SnippetClosed(self._start_ns, end_ns, tuple(self._episodes))
        self._start_ns, self._kept_until_ns, self._episodes = None, end_ns, []
        return [closed]
