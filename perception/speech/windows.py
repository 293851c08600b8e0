"""Audio chunks of any length, as the network wants them: equal windows on one timeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import AudioChunk
from perception.speech.segment import WINDOW_SAMPLES, duration_ns, samples_in

_JITTER_NS = 50_000_000
_FILLED_GAP_NS = 400_000_000


@dataclass(frozen=True, slots=True, eq=False)
class WindowRun:
    """Windows that follow one another.

    Attributes:
        start_ns: Time of the first sample.
        samples: int16, shape ``(n,)``; a multiple of 512 unless the stream breaks off after it.
        is_after_gap: Time is missing before the run.
    """

    start_ns: int
    samples: npt.NDArray[np.int16]
    is_after_gap: bool


class Windows:
    """Cuts a stream of chunks into windows and notices missing and repeated time.

    Clocks of sound cards and packets drift apart. Differences below 50 ms are jitter: the
    timeline follows them slowly. Shorter gaps than 400 ms are filled with silence, longer ones
    break the stream. Time that was already heard is not heard again.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the timeline and the samples that wait for a full window."""
        self._pending = np.empty(0, np.int16)
        self._end_ns: int | None = None
        self._is_after_gap = False

    def push(self, chunk: AudioChunk) -> Iterator[WindowRun]:
        """Yield the runs that a chunk completes: two when it comes after a long gap."""
        samples = chunk.samples
        if self._end_ns is None:
            self._end_ns = chunk.t_ns
        late_ns = chunk.t_ns - self._end_ns
        if late_ns > _FILLED_GAP_NS:
            yield from self.flush()
            self._end_ns, self._is_after_gap = chunk.t_ns, True
        elif late_ns > _JITTER_NS:
            samples = np.concatenate([np.zeros(samples_in(late_ns), np.int16), samples])
        elif late_ns < -_JITTER_NS:
            samples = samples[samples_in(-late_ns) :]
        else:
            # At most an eighth of the chunk, so that time never runs backwards.
            slack_ns = duration_ns(len(samples)) // 8
            self._end_ns += max(-slack_ns, min(late_ns, slack_ns))
        self._end_ns += duration_ns(len(samples))
        self._pending = np.concatenate([self._pending, samples])
        yield from self._take(len(self._pending) // WINDOW_SAMPLES * WINDOW_SAMPLES)

    def flush(self) -> Iterator[WindowRun]:
        """Yield what is left, shorter than a window."""
        yield from self._take(len(self._pending))

    def _take(self, count: int) -> Iterator[WindowRun]:
        if count == 0 or self._end_ns is None:
            return
        start_ns = self._end_ns - duration_ns(len(self._pending))
        run = WindowRun(start_ns, self._pending[:count], self._is_after_gap)
        self._pending, self._is_after_gap = self._pending[count:], False
        yield run
