"""Which single face the wearer looks at while somebody speaks."""

from __future__ import annotations

from collections import defaultdict, deque

from perception.events import FaceSeen

KEPT_NS = 120_000_000_000
MIN_VIEWS = 2
MIN_ATTENDED = 0.5


class Company:
    """The faces of the last two minutes, kept in this process only.

    A face gets its identity when its track ends, so whatever is learnt about the face in view is
    held under its track until then.
    """

    def __init__(self) -> None:
        self._faces: deque[FaceSeen] = deque()
        self._voices: dict[int, list[int]] = defaultdict(list)
        self._facts: dict[int, list[int]] = defaultdict(list)

    def saw(self, face: FaceSeen) -> None:
        """Take one face of one frame."""
        self._faces.append(face)
        while self._faces[0].t_ns < face.t_ns - KEPT_NS:
            self._faces.popleft()

    def only_track(self, start_ns: int, end_ns: int) -> int | None:
        """Return the track that alone was in view, and attended to, during an interval."""
        views = [face for face in self._faces if start_ns <= face.t_ns < end_ns]
        tracks = {face.track_id for face in views}
        if len(tracks) != 1 or len(views) < MIN_VIEWS:
            return None
        attended = sum(face.is_attended for face in views)
        return tracks.pop() if attended >= MIN_ATTENDED * len(views) else None

    def hold_voice(self, track_id: int, person_id: int) -> None:
        """Note that the person who was heard may be the face of this track."""
        self._voices[track_id].append(person_id)

    def hold_fact(self, track_id: int, fact_id: int) -> None:
        """Note that a fact is about the face of this track."""
        self._facts[track_id].append(fact_id)

    def settle(self, track_id: int) -> tuple[list[int], list[int]]:
        """Return, once, the people heard and the facts held under a track that has ended."""
        return self._voices.pop(track_id, []), self._facts.pop(track_id, [])

    def clear(self) -> None:
        """Forget everything: another recording begins."""
        self._faces.clear()
        self._voices.clear()
        self._facts.clear()
