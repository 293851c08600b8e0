"""Who holds the floor: cuts a segment where the voice changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import AUDIO_RATE_HZ
from perception.speech.embedder import VoiceEmbedder
from perception.speech.segment import WINDOW_SAMPLES, SpeechSegment

_VIEW_SAMPLES = AUDIO_RATE_HZ * 3 // 2
_HOP_SAMPLES = AUDIO_RATE_HZ // 2
_LEAST_VIEWS = 3
_BATCH = 8
_SAME_VOICE_COSINE = 0.42
_SNAP_WINDOWS = AUDIO_RATE_HZ // 2 // WINDOW_SAMPLES


@dataclass(frozen=True, slots=True)
class Turn:
    """A part of a segment in which one voice speaks.

    Attributes:
        first: Index of its first sample in the segment.
        end: Index just after its last sample.
        speaker: Counts the voices of the segment from 0; turns of one voice share it.
    """

    first: int
    end: int
    speaker: int


class Turns:
    """Splits segments into turns by clustering views of 1.5 s, one every half second.

    Views are merged by average linkage until no two groups sound alike; where neighbours belong
    to different groups, the segment is cut at the quietest place nearby. A turn much shorter than
    a second is not told apart.

    Args:
        embedder: Makes a vector of each view.
        same_voice_cosine: Groups that are more alike than this are one voice.
    """

    def __init__(
        self, embedder: VoiceEmbedder, same_voice_cosine: float = _SAME_VOICE_COSINE
    ) -> None:
        self._embedder = embedder
        self._same_voice_cosine = same_voice_cosine

    def split(self, segment: SpeechSegment) -> list[Turn]:
        """Return the turns of a segment in order; together they cover it."""
        length = len(segment.samples)
        voiced = np.flatnonzero(segment.voiced) * WINDOW_SAMPLES
        if len(voiced) == 0:
            return [Turn(0, length, 0)]
        last = min(int(voiced[-1]) + WINDOW_SAMPLES, length) - _VIEW_SAMPLES
        starts = np.arange(int(voiced[0]), last + 1, _HOP_SAMPLES)
        if len(starts) < _LEAST_VIEWS:
            return [Turn(0, length, 0)]
        speakers = _cluster(self._embed(segment.samples, starts), self._same_voice_cosine)
        loudness = _loudness(segment)
        turns, first = [], 0
        for view in np.flatnonzero(np.diff(speakers)):
            middle = int(starts[view] + starts[view + 1] + _VIEW_SAMPLES) // 2
            cut = max(first, _quietest(loudness, middle))
            turns.append(Turn(first, cut, int(speakers[view])))
            first = cut
        return [*turns, Turn(first, length, int(speakers[-1]))]

    def _embed(
        self, samples: npt.NDArray[np.int16], starts: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float32]:
        views = [samples[start : start + _VIEW_SAMPLES] for start in starts]
        batches = [views[i : i + _BATCH] for i in range(0, len(views), _BATCH)]
        return np.concatenate([self._embedder.embed_all(batch) for batch in batches])


def _cluster(vectors: npt.NDArray[np.float32], least_cosine: float) -> npt.NDArray[np.int64]:
    """Return a group for each unit vector by average linkage, shape ``(n,)``."""
    groups = [[index] for index in range(len(vectors))]
    while len(groups) > 1:
        means = np.array([vectors[group].mean(axis=0) for group in groups])
        linkage = means @ means.T
        np.fill_diagonal(linkage, -np.inf)
        first, second = sorted(divmod(int(np.argmax(linkage)), len(groups)))
        if linkage[first, second] < least_cosine:
            break
        groups[first] += groups.pop(second)
    labels = np.zeros(len(vectors), np.int64)
    for label, group in enumerate(sorted(groups)):
        labels[group] = label
    return labels


def _loudness(segment: SpeechSegment) -> npt.NDArray[np.float32]:
    """Return how loud each window is, weighted by how likely it is speech."""
    padded = np.pad(segment.samples, (0, -len(segment.samples) % WINDOW_SAMPLES))
    level = np.abs(padded.reshape(-1, WINDOW_SAMPLES).astype(np.float32)).mean(axis=1)
    return np.asarray(level * segment.probabilities, np.float32)


def _quietest(loudness: npt.NDArray[np.float32], sample: int) -> int:
    """Return the middle of the quietest window within half a second of ``sample``."""
    center = sample // WINDOW_SAMPLES
    first = max(0, center - _SNAP_WINDOWS)
    near = loudness[first : center + _SNAP_WINDOWS + 1]
    return (first + int(np.argmin(near))) * WINDOW_SAMPLES + WINDOW_SAMPLES // 2
