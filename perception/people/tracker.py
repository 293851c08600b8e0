"""Faces followed from frame to frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import UInt8Image
from perception.events import Box, Embedding
from perception.people.detector import Face
from perception.people.embedding import FaceEmbedder, quality, unit

PATIENCE_NS = 1_500_000_000
SAME_PLACE_IOU = 0.3
SAME_LOOK = 0.75
LINK_COSINE = 0.45
LINK_COSINE_IN_PLACE = 0.3
LOOK_SIDE_PX = 16
MAX_SAMPLES = 5
SAMPLE_GAP_NS = 150_000_000
BETTER = 1.2


@dataclass(slots=True, eq=False)
class View:
    """A face in one frame, embedded when somebody first asks for it.

    Attributes:
        aligned: Upright face, BGR ``(112, 112, 3)``.
        look: Aligned face as a small gray vector of mean 0 and norm 1; its dot product with the
            look of the frame before tells at next to no cost whether it can be the same face.
        quality: From 0 to 1.
    """

    face: Face
    aligned: UInt8Image
    look: npt.NDArray[np.float32]
    quality: float
    embedding: Embedding | None = None

    @classmethod
    def of(cls, image: UInt8Image, face: Face, embedder: FaceEmbedder) -> View:
        """Cut a face out of its picture."""
        aligned = embedder.align(image, face)
        gray = cv2.cvtColor(aligned, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(gray, (LOOK_SIDE_PX,) * 2, interpolation=cv2.INTER_AREA)
        look = small.astype(np.float32).ravel()
        return cls(face, aligned, unit(look - look.mean()), quality(face, aligned))


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One embedded view of a track."""

    t_ns: int
    quality: float
    embedding: Embedding


@dataclass(slots=True, eq=False)
class Track:
    """One face followed without a break.

    Attributes:
        samples: The best embedded views, at most five.
        key_ns: When the view was best, with ``key_box`` and ``key_quality``.
        person_id: Who it is, or an empty string while undecided.
        gazed_ns: The last frame of the track, where the gaze lay on the face in it.
        companions: Tracks that shared a frame with it.
        excluded: People whom it cannot be, since they shared a frame with it.
    """

    id: int
    start_ns: int
    last_ns: int
    box: Box
    key_box: Box
    look: npt.NDArray[np.float32]
    detections: int = 0
    samples: list[Sample] = field(default_factory=list)
    key_ns: int = 0
    key_quality: float = -1.0
    person_id: str = ""
    confidence: float = 0.0
    attended_ns: int = 0
    gazed_ns: int | None = None
    companions: set[int] = field(default_factory=set)
    excluded: set[str] = field(default_factory=set)

    @property
    def embedding(self) -> Embedding:
        """Unit vector: the mean of the samples, each as heavy as it is good; shape ``(128,)``."""
        weighted = [max(sample.quality, 1e-3) * sample.embedding for sample in self.samples]
        return unit(np.sum(weighted, axis=0))

    def add(self, t_ns: int, view: View) -> None:
        """Continue the track with a view."""
        self.last_ns, self.box, self.look = t_ns, view.face.box, view.look
        self.detections += 1
        if view.quality > self.key_quality:
            self.key_ns, self.key_box, self.key_quality = t_ns, view.face.box, view.quality

    def follow_gaze(self, t_ns: int, *, is_under_gaze: bool) -> None:
        """Count the time between two frames in a row that both found the gaze on the face."""
        if is_under_gaze and self.gazed_ns is not None:
            self.attended_ns += t_ns - self.gazed_ns
        self.gazed_ns = t_ns if is_under_gaze else None

    def wants(self, t_ns: int, view: View) -> bool:
        """Tell whether the view is worth embedding: an early one or a clearly better one."""
        if not self.samples:
            return True
        if t_ns - max(sample.t_ns for sample in self.samples) < SAMPLE_GAP_NS:
            return False
        worst = min(sample.quality for sample in self.samples)
        return len(self.samples) < MAX_SAMPLES or view.quality > BETTER * worst

    def keep(self, sample: Sample) -> None:
        """Add an embedded view, in the place of the worst one where there are enough."""
        best_first = sorted([*self.samples, sample], key=lambda s: (-s.quality, s.t_ns))
        self.samples = best_first[:MAX_SAMPLES]


class Tracker:
    """Links faces by place and look, and by embedding where these leave a doubt.

    A face in the same place that looks the same continues its track. Any other face is embedded
    and compared with the tracks that are left, so that a cut or a quick turn of the head neither
    joins two people nor breaks one track without need.
    """

    def __init__(self, embedder: FaceEmbedder) -> None:
        self._embedder = embedder
        self._last_id = 0
        self.live: list[Track] = []

    def update(self, t_ns: int, image: UInt8Image, faces: Sequence[Face]) -> list[Track]:
        """Link the faces of one frame and return the track of each, in the same order."""
        views = [View.of(image, face, self._embedder) for face in faces]
        links = self._link_by_place(views)
        self._link_by_embedding(views, links)
        tracks = []
        for index, view in enumerate(views):
            track = links.get(index) or self._begin(t_ns, view)
            track.add(t_ns, view)
            if track.wants(t_ns, view):
                track.keep(Sample(t_ns, view.quality, self._embedding(view)))
            tracks.append(track)
        return tracks

    def end_lost(self, t_ns: int) -> list[Track]:
        """Take out and return the tracks that have been unseen for more than 1.5 s."""
        lost = [track for track in self.live if t_ns - track.last_ns > PATIENCE_NS]
        self.live = [track for track in self.live if t_ns - track.last_ns <= PATIENCE_NS]
        return lost

    def end_all(self) -> list[Track]:
        """Take out and return every track."""
        ended, self.live = self.live, []
        return ended

    def _link_by_place(self, views: Sequence[View]) -> dict[int, Track]:
        pairs = [
            (track.box.iou(view.face.box), index, track)
            for index, view in enumerate(views)
            for track in self.live
            if float(track.look @ view.look) >= SAME_LOOK
        ]
        near = [pair for pair in pairs if pair[0] >= SAME_PLACE_IOU]
        return _best_pairs(near, {})

    def _link_by_embedding(self, views: Sequence[View], links: dict[int, Track]) -> None:
        """Add links for the views and tracks that have none yet."""
        taken = {track.id for track in links.values()}
        free = [track for track in self.live if track.id not in taken]
        pairs = []
        for index, view in enumerate(views):
            for track in free if index not in links else ():
                cosine = float(track.embedding @ self._embedding(view))
                in_place = track.box.iou(view.face.box) >= SAME_PLACE_IOU
                if cosine >= (LINK_COSINE_IN_PLACE if in_place else LINK_COSINE):
                    pairs.append((cosine, index, track))
        _best_pairs(pairs, links)

    def _begin(self, t_ns: int, view: View) -> Track:
        self._last_id += 1
        track = Track(self._last_id, t_ns, t_ns, view.face.box, view.face.box, view.look)
        self.live.append(track)
        return track

    def _embedding(self, view: View) -> Embedding:
        if view.embedding is None:
            view.embedding = self._embedder.embed(view.aligned)
        return view.embedding


def _best_pairs(
    pairs: Sequence[tuple[float, int, Track]], links: dict[int, Track]
) -> dict[int, Track]:
    """Link pairs of view and track, the most alike first, each once."""
    taken = {track.id for track in links.values()}
    for _, index, track in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2].id)):
        if index not in links and track.id not in taken:
            links[index] = track
            taken.add(track.id)
    return links
