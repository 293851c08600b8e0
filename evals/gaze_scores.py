"""How well labels of gaze agree: by samples, by events and beyond chance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from evals.data.gaze_events import FIXATION, LOST, PURSUIT, SACCADE, UNLABELLED, Codes

KINDS = (FIXATION, SACCADE, PURSUIT, LOST)
SCORED = (FIXATION, SACCADE, PURSUIT)
LEAST_IOU = 0.5
Counts = npt.NDArray[np.int64]


@dataclass(slots=True)
class Agreement:
    """Counts over recordings; figures are taken from the sums.

    Samples without a label are left out, and end the event that they interrupt. Two events match
    when they are of one kind and share at least half of what they cover together, each with one
    other at most (Startsev et al. 2019, after Hooge et al. 2018).

    Attributes:
        confusion: Samples by true (row) and found (column) kind.
        matched: Pairs of events, by kind.
        true: Events of the rater, by kind.
        found: Events of the classifier, by kind.
    """

    confusion: Counts = field(default_factory=lambda: np.zeros((len(KINDS),) * 2, np.int64))
    matched: Counts = field(default_factory=lambda: np.zeros(len(KINDS), np.int64))
    true: Counts = field(default_factory=lambda: np.zeros(len(KINDS), np.int64))
    found: Counts = field(default_factory=lambda: np.zeros(len(KINDS), np.int64))

    def add(self, true: Codes, found: Codes) -> None:
        """Compare two labellings of one recording, shape ``(n,)``."""
        is_scored = (true != UNLABELLED) & (found != UNLABELLED)
        np.add.at(self.confusion, (true[is_scored], found[is_scored]), 1)
        for kind in KINDS:
            theirs, ours = (
                events_of(np.where(is_scored, c, UNLABELLED), kind) for c in (true, found)
            )
            self.true[kind] += len(theirs)
            self.found[kind] += len(ours)
            self.matched[kind] += _matches(theirs, ours)

    def sample_f1(self, kind: int) -> float:
        """F1 of one kind over samples."""
        hits = int(self.confusion[kind, kind])
        return _ratio(2 * hits, int(self.confusion[kind].sum() + self.confusion[:, kind].sum()))

    def event_f1(self, kind: int) -> float:
        """F1 of one kind over events."""
        return _ratio(2 * int(self.matched[kind]), int(self.true[kind] + self.found[kind]))

    @property
    def macro_sample_f1(self) -> float:
        """Mean over fixation, saccade and pursuit."""
        return float(np.mean([self.sample_f1(kind) for kind in SCORED]))

    @property
    def macro_event_f1(self) -> float:
        """Mean over fixation, saccade and pursuit."""
        return float(np.mean([self.event_f1(kind) for kind in SCORED]))

    @property
    def kappa(self) -> float:
        """Cohen's kappa over all four kinds of samples."""
        total = float(self.confusion.sum())
        agreed = float(np.trace(self.confusion)) / max(total, 1.0)
        rows, columns = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        by_chance = float((rows * columns).sum()) / max(total**2, 1.0)
        return (agreed - by_chance) / max(1.0 - by_chance, 1e-9)


def events_of(labels: Codes, kind: int) -> Counts:
    """Return where one kind starts and ends, half open, shape ``(events, 2)``."""
    edges = np.diff(np.concatenate([[0], labels == kind, [0]]).astype(np.int8))
    return np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], axis=1)


def _matches(theirs: Counts, ours: Counts) -> int:
    """Pairs of at least half shared; such a pair is unique but for exact halves."""
    taken = np.zeros(len(ours), bool)
    for start, end in theirs:
        first = int(np.searchsorted(ours[:, 1], start, side="right"))
        last = int(np.searchsorted(ours[:, 0], end, side="left"))
        near = ours[first:last]
        shared = np.minimum(near[:, 1], end) - np.maximum(near[:, 0], start)
        union = np.maximum(near[:, 1], end) - np.minimum(near[:, 0], start)
        fits = (shared / np.maximum(union, 1) >= LEAST_IOU) & ~taken[first:last]
        if fits.any():
            taken[first + int(np.argmax(fits))] = True
    return int(taken.sum())


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
