"""Faces in view, and the people they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perception.events import FaceSeen, PersonSeen, Work
from perception.people.detector import FaceDetector
from perception.people.embedding import FaceEmbedder
from perception.people.identities import Identities, KnownFace
from perception.people.tracker import Track, Tracker
from perception.scene.region import attended_box
from perception.stage import GazedFrame

MIN_DETECTIONS = 3
MIN_SAMPLES = 3
MIN_FOUNDING_QUALITY = 0.25
GAZE_MARGIN_SHARE = 0.02


class Faces:
    """Stage: a gazed frame with ``Work.FACES`` to faces, and each ended face track to a person.

    Frames without ``Work.FACES`` only let time pass. A person is told from others by the mean of
    the best views of a track, never by one frame; two faces in one frame are two people.

    Args:
        known: Faces of people whom the wearer has named.

    Raises:
        AssetError: The weights have not been fetched.
    """

    def __init__(self, known: Iterable[KnownFace] = ()) -> None:
        self._known = tuple(known)
        self._detector = FaceDetector()
        self._embedder = FaceEmbedder()
        self.reset()

    def reset(self) -> None:
        """Forget everything but the known people."""
        self._identities = Identities(self._known)
        self._tracker = Tracker(self._embedder)
        self._last_ns: int | None = None

    def update(self, item: GazedFrame) -> Iterable[FaceSeen | PersonSeen]:
        """Return the people whose tracks have ended and the faces in the frame."""
        t_ns = item.frame.t_ns
        if self._last_ns is not None and t_ns <= self._last_ns:
            return []
        self._last_ns = t_ns
        events: list[FaceSeen | PersonSeen] = list(self._people(self._tracker.end_lost(t_ns)))
        if Work.FACES in item.plan.work:
            events += self._look(item)
        return events

    def flush(self) -> Iterable[PersonSeen]:
        """End every track and return the people."""
        return list(self._people(self._tracker.end_all()))

    def _look(self, item: GazedFrame) -> Iterator[FaceSeen]:
        frame, plan = item.frame, item.plan
        faces = self._detector.detect(frame.image, plan.x_px, plan.y_px)
        tracks = self._tracker.update(frame.t_ns, frame.image, faces)
        _keep_apart(tracks)
        for track in tracks:
            is_clear = track.detections >= MIN_DETECTIONS and len(track.samples) >= MIN_SAMPLES
            if is_clear and not track.person_id:
                self._decide(track)
        margin_px = GAZE_MARGIN_SHARE * frame.width_px
        boxes = [face.box for face in faces]
        attended = attended_box(boxes, plan.x_px, plan.y_px, margin_px)
        for face, track in zip(faces, tracks, strict=True):
            track.follow_gaze(frame.t_ns, is_under_gaze=face.box is attended)
            yield FaceSeen(
                frame.t_ns,
                track.id,
                track.person_id,
                face.box,
                face.confidence,
                is_attended=face.box is attended,
            )

    def _decide(self, track: Track) -> None:
        """Say who a track is, unless its views are too poor to found a new person on."""
        verdict = self._identities.judge(track.embedding, track.excluded)
        if verdict.is_new and track.key_quality < MIN_FOUNDING_QUALITY:
            return
        track.person_id, track.confidence = verdict.person_id, verdict.confidence
        if verdict.is_new:
            self._identities.learn(verdict.person_id, track.embedding)
        for other in self._tracker.live:
            if other.id in track.companions:
                other.excluded.add(track.person_id)

    def _people(self, ended: Iterable[Track]) -> Iterator[PersonSeen]:
        for track in ended:
            if track.detections < MIN_DETECTIONS:
                continue
            if not track.person_id:
                self._decide(track)
            if not track.person_id:
                continue
            self._identities.learn(track.person_id, track.embedding)
            yield PersonSeen(
                start_ns=track.start_ns,
                end_ns=track.last_ns,
                key_ns=track.key_ns,
                track_id=track.id,
                person_id=track.person_id,
                box=track.key_box,
                confidence=track.confidence,
                attended_ns=track.attended_ns,
                embedding=track.embedding,
            )


def _keep_apart(tracks: Iterable[Track]) -> None:
    """Note that the tracks of one frame are different people, and undo what contradicts it.

    Of two tracks taken for the same person the less certain one is decided anew.
    """
    settled: dict[str, Track] = {}
    present = sorted(tracks, key=lambda track: (-track.confidence, track.id))
    for track in present:
        if track.person_id in settled:
            track.person_id, track.confidence = "", 0.0
        elif track.person_id:
            settled[track.person_id] = track
    for track in present:
        track.companions.update(other.id for other in present if other is not track)
        track.excluded.update(settled.keys() - {track.person_id})
