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
_SAME_VOICE_COSINE = 0.36
_REACH_SAMPLES = AUDIO_RATE_HZ * 3 // 4
_CHOICES = 6
_SIDE_SAMPLES = AUDIO_RATE_HZ * 3 // 4


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

    Views are merged by average linkage until no two groups sound alike. Where neighbours belong
    to different groups, the cut is put at that quiet place nearby which best parts the two
    voices. A turn much shorter than a second is not told apart.

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
        views = self._embed(segment.samples, starts, _VIEW_SAMPLES)
        speakers = _cluster(views, self._same_voice_cosine)
        voices = [views[speakers == speaker].mean(axis=0) for speaker in range(speakers.max() + 1)]
        places = _quiet_places(segment)
        turns, first = [], 0
        for view in np.flatnonzero(np.diff(speakers)):
            middle = int(starts[view] + starts[view + 1] + _VIEW_SAMPLES) // 2
            near = places[(abs(places - middle) <= _REACH_SAMPLES) & (places > first)][:_CHOICES]
            contrast = voices[speakers[view]] - voices[speakers[view + 1]]
            cut = self._best_cut(segment.samples, near, contrast) if len(near) else middle
            turns.append(Turn(first, cut, int(speakers[view])))
            first = cut
        return [*turns, Turn(first, length, int(speakers[-1]))]

    def _best_cut(
        self,
        samples: npt.NDArray[np.int16],
        places: npt.NDArray[np.int64],
        contrast: npt.NDArray[np.float32],
    ) -> int:
        """Return the place before which it sounds most like one voice, after it like the other."""
        before = self._embed(samples, np.maximum(places - _SIDE_SAMPLES, 0), _SIDE_SAMPLES)
        last = len(samples) - _SIDE_SAMPLES
        after = self._embed(samples, np.minimum(places, last), _SIDE_SAMPLES)
        return int(places[np.argmax((before - after) @ contrast)])

    def _embed(
        self, samples: npt.NDArray[np.int16], starts: npt.NDArray[np.int64], length: int
    ) -> npt.NDArray[np.float32]:
        views = [samples[start : start + length] for start in starts]
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
    labels = np.empty(len(vectors), np.int64)
    for label, group in enumerate(groups):
        labels[group] = label
    return _without_single_views(vectors, labels)


def _without_single_views(
    vectors: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Give each view that stands alone, mostly one of two voices at once, to its best neighbour."""
    labels = labels.copy()
    for view in np.flatnonzero(np.bincount(labels)[labels] == 1):
        near = [i for i in (view - 1, view + 1) if 0 <= i < len(labels)]
        labels[view] = labels[max(near, key=lambda i: float(vectors[i] @ vectors[view]))]
    return np.unique(labels, return_inverse=True)[1]


def _quiet_places(segment: SpeechSegment) -> npt.NDArray[np.int64]:
    """Return the middles of windows quieter than both neighbours, the quietest first."""
    padded = np.pad(segment.samples, (0, -len(segment.samples) % WINDOW_SAMPLES))
    level = np.abs(padded.reshape(-1, WINDOW_SAMPLES).astype(np.float32)).mean(axis=1)
    inner = level[1:-1]
    quiet = np.flatnonzero((inner <= level[:-2]) & (inner < level[2:])) + 1
    quiet = quiet[np.argsort(level[quiet], kind="stable")]
    return quiet * WINDOW_SAMPLES + WINDOW_SAMPLES // 2
