"""Voice activity: when somebody speaks, and where a stretch of speech begins and ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import AudioChunk
from perception.events import SpeechOnset
from perception.speech.segment import (
    VOICED_PROBABILITY,
    WINDOW_SAMPLES,
    SpeechSegment,
    duration_ns,
)
from perception.speech.silero import Silero
from perception.speech.windows import WindowRun, Windows

_WINDOW_NS = duration_ns(WINDOW_SAMPLES)
_ONSET_PROBABILITY = 0.5


@dataclass(frozen=True, slots=True)
class VoiceActivitySettings:
    """How speech is cut out of the stream.

    Attributes:
        pad_ns: Sound kept before and after the voice.
        end_silence_ns: Silence that ends a segment. Longer waits for slow speakers, shorter
            answers sooner.
        min_voice_ns: Less voice than this is a click or a cough, not speech.
        max_segment_ns: Longer speech is cut where it is quietest.
    """

    pad_ns: int = 200_000_000
    end_silence_ns: int = 500_000_000
    min_voice_ns: int = 250_000_000
    max_segment_ns: int = 20_000_000_000

    def __post_init__(self) -> None:
        if not 0 <= self.pad_ns <= self.end_silence_ns:
            raise ValueError(
                f"the pad must lie between 0 and the silence that ends a segment "
                f"({self.end_silence_ns} ns), but got {self.pad_ns} ns"
            )
        if not self.min_voice_ns < self.max_segment_ns <= 28_000_000_000:
            raise ValueError(
                "the longest segment must be longer than the least voice and at most 28 s, "
                f"but got {self.max_segment_ns} ns"
            )


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    t_ns: int
    samples: npt.NDArray[np.int16]
    probability: float

    @property
    def is_voiced(self) -> bool:
        return self.probability >= VOICED_PROBABILITY

    @property
    def end_ns(self) -> int:
        return self.t_ns + duration_ns(len(self.samples))


class VoiceActivity:
    """Stage: sound in, onsets and segments of speech out.

    Segments never overlap, and every voiced window of at least ``min_voice_ns`` of voice lies
    in exactly one of them.

    Args:
        settings: How speech is cut out.
        silero: The network; built from the asset ``silero-vad`` when None.
    """

    def __init__(
        self,
        settings: VoiceActivitySettings | None = None,
        silero: Silero | None = None,
    ) -> None:
        self.settings = settings or VoiceActivitySettings()
        self._silero = silero or Silero()
        self._windows = Windows()
        self._before: deque[_Window] = deque(maxlen=_windows_in(self.settings.pad_ns))
        self._open: list[_Window] = []
        self._is_announced = False
        self._voiced_windows = 0
        self._voice_start_ns = self._voice_end_ns = 0

    def reset(self) -> None:
        """Forget everything heard."""
        self._windows.reset()
        self._forget_context()
        self._open, self._is_announced = [], False

    def update(self, item: AudioChunk) -> Iterator[SpeechOnset | SpeechSegment]:
        """Take a chunk; yield an onset once speech is certain, a segment once it has ended."""
        for run in self._windows.push(item):
            yield from self._hear(run)

    def flush(self) -> Iterator[SpeechOnset | SpeechSegment]:
        """Yield the segment that is still open."""
        for run in self._windows.flush():
            yield from self._hear(run)
        yield from self._close()

    def _hear(self, run: WindowRun) -> Iterator[SpeechOnset | SpeechSegment]:
        if run.is_after_gap:
            yield from self._close()
            self._forget_context()
        for index, probability in enumerate(self._silero.probabilities(run.samples)):
            first = index * WINDOW_SAMPLES
            samples = run.samples[first : first + WINDOW_SAMPLES]
            window = _Window(run.start_ns + duration_ns(first), samples, float(probability))
            yield from self._step(window)

    def _step(self, window: _Window) -> Iterator[SpeechOnset | SpeechSegment]:
        if not self._open and window.probability < _ONSET_PROBABILITY:
            self._before.append(window)
            return
        if not self._open:
            self._open = list(self._before)
            self._before.clear()
            self._voice_start_ns, self._voiced_windows = window.t_ns, 0
        self._open.append(window)
        if window.is_voiced:
            self._voiced_windows += 1
            self._voice_end_ns = window.end_ns
        if not self._is_announced and self._is_certain:
            self._is_announced = True
            yield SpeechOnset(self._voice_start_ns)
        if window.end_ns - self._voice_end_ns >= self.settings.end_silence_ns:
            yield from self._close()
        elif len(self._open) * _WINDOW_NS >= self.settings.max_segment_ns:
            yield self._cut()

    @property
    def _is_certain(self) -> bool:
        return self._voiced_windows * _WINDOW_NS >= self.settings.min_voice_ns

    def _close(self) -> Iterator[SpeechSegment]:
        """End the open segment; what follows its pad may become the next one's pad."""
        voiced = [index for index, window in enumerate(self._open) if window.is_voiced]
        end = 0
        if self._is_announced and voiced:
            end = voiced[-1] + 1 + _windows_in(self.settings.pad_ns)
            yield _segment(self._open[:end])
        self._before.extend(self._open[end:])
        self._open, self._is_announced = [], False

    def _cut(self) -> SpeechSegment:
        """Cut the open segment at the quietest place of its second half and keep the rest open."""
        level = np.array([np.abs(w.samples.astype(np.float32)).mean() for w in self._open])
        smooth = np.convolve(level, np.ones(5) / 5, mode="same")
        half = len(smooth) // 2
        end = half + int(np.argmin(smooth[half:-5])) + 1
        segment, self._open = _segment(self._open[:end]), self._open[end:]
        return segment

    def _forget_context(self) -> None:
        self._silero.reset()
        self._before.clear()


def _windows_in(interval_ns: int) -> int:
    return -(-interval_ns // _WINDOW_NS)


def _segment(windows: list[_Window]) -> SpeechSegment:
    return SpeechSegment(
        start_ns=windows[0].t_ns,
        end_ns=windows[-1].end_ns,
        samples=np.concatenate([w.samples for w in windows]),
        probabilities=np.array([w.probability for w in windows], np.float32),
    )
