"""Feelings as they are judged in, feelings worth telling out: merged, and not too many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from perception.events import Emotionship

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SpacingSettings:
    """How far feelings must lie apart."""

    merge_ns: int = 3 * SECOND_NS
    """Equal feelings closer than this are one, in nanoseconds."""
    apart_ns: int = 8 * SECOND_NS
    """Of other feelings closer than this only the surer one is kept, in nanoseconds."""
    longest_ns: int = 60 * SECOND_NS
    """Feelings are not merged beyond this, in nanoseconds."""


@dataclass(slots=True)
class Spacing:
    """Holds one feeling back until nothing can change it any more."""

    settings: SpacingSettings
    _open: Emotionship | None = None
    _told_ns: int | None = None

    def add(self, feeling: Emotionship) -> Iterator[Emotionship]:
        """Merge a feeling with the one held back, let one of the two go, or yield the older."""
        if self._told_ns is not None and feeling.start_ns < self._told_ns + self.settings.apart_ns:
            return
        other = self._open
        if other is None:
            self._open = feeling
        elif feeling.start_ns - other.end_ns >= self.settings.apart_ns:
            yield from self.tell()
            self._open = feeling
        elif self._are_one(other, feeling):
            self._open = _merged(other, feeling)
        elif feeling.confidence > other.confidence:
            self._open = feeling

    def pass_time(self, now_ns: int) -> Iterator[Emotionship]:
        """Yield the feeling held back once no other can come close enough."""
        if self._open is not None and now_ns - self._open.end_ns >= self.settings.apart_ns:
            yield from self.tell()

    def tell(self) -> Iterator[Emotionship]:
        """Yield the feeling held back."""
        feeling, self._open = self._open, None
        if feeling is not None:
            self._told_ns = feeling.end_ns
            yield feeling

    def _are_one(self, a: Emotionship, b: Emotionship) -> bool:
        gap_ns = max(a.start_ns, b.start_ns) - min(a.end_ns, b.end_ns)
        length_ns = max(a.end_ns, b.end_ns) - min(a.start_ns, b.start_ns)
        is_close = gap_ns < self.settings.merge_ns and length_ns <= self.settings.longest_ns
        return a.emotion is b.emotion and is_close


def _merged(a: Emotionship, b: Emotionship) -> Emotionship:
    """One feeling over both, told as the surer one is."""
    surer = b if b.confidence > a.confidence else a
    return replace(
        surer,
        start_ns=min(a.start_ns, b.start_ns),
        end_ns=max(a.end_ns, b.end_ns),
        arousal=max(a.arousal, b.arousal),
    )
