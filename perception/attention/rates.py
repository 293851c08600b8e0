"""Eye movements and eyelids in; dwells, saccade and blink rates of every minute out."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from firmware_bridge.packets import EyeState
from perception.attention.eyelids import Eyelids
from perception.events import Dwell, EyeMovement, EyeMovementKind, EyeMovementRates

FIXATION, PURSUIT = EyeMovementKind.FIXATION, EyeMovementKind.PURSUIT
SACCADE, BLINK, NOISE = EyeMovementKind.SACCADE, EyeMovementKind.BLINK, EyeMovementKind.NOISE

MS_NS = 1_000_000
SECOND_NS = 1_000 * MS_NS
MINUTE_NS = 60 * SECOND_NS

# More than anybody blinks in a minute; holds them until their minute is complete.
_MAX_BLINKS = 1_024


@dataclass(frozen=True, slots=True)
class RateSettings:
    """What makes one dwell, and how much of a minute makes a rate."""

    reach_deg: float = 2.0
    """Largest saccade within one dwell: what it lands on was seen by the fovea, in degrees."""
    break_ns: int = SECOND_NS // 2
    """Longest time between two fixations of one dwell, in nanoseconds."""
    gap_ns: int = 150 * MS_NS
    """Shorter time without an eye movement was seen too: it held one too short to be told, in
    nanoseconds."""
    least_seen_ns: int = 15 * SECOND_NS
    """Time seen below which a minute has no rates, in nanoseconds."""


@dataclass(slots=True)
class _Visit:
    start_ns: int
    end_ns: int
    x_px_ns: float = 0.0
    y_px_ns: float = 0.0
    rested_ns: int = 0
    fixations: int = 0

    def add(self, movement: EyeMovement) -> None:
        lasted_ns = max(1, movement.end_ns - movement.start_ns)
        self.end_ns = movement.end_ns
        self.x_px_ns += movement.x_px * lasted_ns
        self.y_px_ns += movement.y_px * lasted_ns
        self.rested_ns += lasted_ns
        self.fixations += 1

    def dwell(self) -> Dwell:
        x_px, y_px = self.x_px_ns / self.rested_ns, self.y_px_ns / self.rested_ns
        return Dwell(self.start_ns, self.end_ns, x_px, y_px, self.fixations)


@dataclass(slots=True)
class _Minute:
    start_ns: int
    seen_ns: int = 0
    saccades: int = 0

    @property
    def end_ns(self) -> int:
        return self.start_ns + MINUTE_NS

    def rates(self, blinks: int) -> EyeMovementRates:
        seconds = self.seen_ns / SECOND_NS
        return EyeMovementRates(
            self.start_ns, self.end_ns, self.seen_ns, self.saccades / seconds, 60 * blinks / seconds
        )


class Rates:
    """Sums eye movements up as the field reports them.

    A dwell is one visit of gaze to a place, from entry to exit (Holmqvist et al., Eye Tracking,
    2011, ch. 12). Blinks are given per minute, since people blink about 4 times a minute while they
    read and 26 while they talk (Bentivoglio et al., Movement Disorders 12, 1997), which shorter
    windows cannot tell apart; saccades per second. Both are counted over the time in which the eyes
    were seen: gaps and noise make neither more nor fewer of them. An event counts in the minute
    in which it begins.

    Where eyelids are measured, they tell the blinks: some trackers give gaze through closed eyes.
    """

    def __init__(self, settings: RateSettings | None = None) -> None:
        self._settings = settings or RateSettings()
        self.reset()

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        self._visit: _Visit | None = None
        self._minute: _Minute | None = None
        self._last_ns: int | None = None
        self._eyelids = Eyelids()
        self._blinks_ns: deque[int] = deque(maxlen=_MAX_BLINKS)

    def update(self, item: EyeMovement | EyeState) -> Iterator[Dwell | EyeMovementRates]:
        """Take a finished eye movement or the eyelids.

        An eye movement that begins before the last one ended is ignored.
        """
        if isinstance(item, EyeState):
            blink_ns = self._eyelids.update(item)
            if blink_ns is not None:
                self._blinks_ns.append(blink_ns)
            return
        since_ns = item.start_ns if self._last_ns is None else self._last_ns
        if item.start_ns < since_ns:
            return
        if item.start_ns - since_ns > self._settings.gap_ns:
            since_ns = item.start_ns
        self._last_ns = item.end_ns
        yield from self._place(item)
        yield from self._count(item, since_ns)

    def flush(self) -> Iterator[Dwell | EyeMovementRates]:
        """Yield what is still open."""
        yield from self._leave()
        yield from self._close()

    def _place(self, item: EyeMovement) -> Iterator[Dwell]:
        settings = self._settings
        is_far = item.kind is SACCADE and not item.amplitude_deg <= settings.reach_deg
        was_away = self._visit and item.start_ns - self._visit.end_ns > settings.break_ns
        if is_far or was_away:
            yield from self._leave()
        if item.kind in (FIXATION, PURSUIT):
            self._visit = self._visit or _Visit(item.start_ns, item.end_ns)
            self._visit.add(item)

    def _leave(self) -> Iterator[Dwell]:
        if self._visit is not None:
            yield self._visit.dwell()
        self._visit = None

    def _count(self, item: EyeMovement, since_ns: int) -> Iterator[EyeMovementRates]:
        """Count an eye movement where it begins, and its time where it passes."""
        if item.kind is NOISE:
            return
        yield from self._see(since_ns, item.start_ns)
        minute = yield from self._minute_at(item.start_ns)
        minute.saccades += item.kind is SACCADE
        if item.kind is BLINK and not self._eyelids.are_known(item.start_ns):
            self._blinks_ns.append(item.start_ns)
        yield from self._see(item.start_ns, item.end_ns)

    def _see(self, start_ns: int, end_ns: int) -> Iterator[EyeMovementRates]:
        while start_ns < end_ns:
            minute = yield from self._minute_at(start_ns)
            until_ns = min(end_ns, minute.end_ns)
            minute.seen_ns += until_ns - start_ns
            start_ns = until_ns

    def _minute_at(self, t_ns: int) -> Generator[EyeMovementRates, None, _Minute]:
        if self._minute is None or t_ns >= self._minute.end_ns:
            yield from self._close()
            self._minute = _Minute(t_ns // MINUTE_NS * MINUTE_NS)
        return self._minute

    def _close(self) -> Iterator[EyeMovementRates]:
        minute, self._minute = self._minute, None
        if minute is None:
            return
        blinks = 0
        while self._blinks_ns and self._blinks_ns[0] < minute.end_ns:
            blinks += self._blinks_ns.popleft() >= minute.start_ns
        if minute.seen_ns >= self._settings.least_seen_ns:
            yield minute.rates(blinks)
