"""What is in view right now, gathered from packets and events as they pass."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from app.companion.state import SeenBox, TranscriptLine, Who
from firmware_bridge.packets import DeviceStatus, GazeSample, SceneFrame, UInt8Image
from perception.events import Emotionship, FaceSeen, ObjectSeen, TextSeen, Utterance

FACE_FRESH_NS = 1_000_000_000
OBJECT_FRESH_NS = 1_500_000_000
TEXT_FRESH_NS = 20_000_000_000
TRANSCRIPT_LINES = 50


class InView:
    """The latest of everything; a sink of the loop, read by windows from other threads.

    Args:
        name_of: Person or voice id to the name to show, empty where nobody gave one.
    """

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self.t_ns = 0
        self.frame: UInt8Image | None = None
        self.gaze_in_scene_px: tuple[float, float] | None = None
        self.feeling: Emotionship | None = None
        self.status = ""
        self.name_of = name_of
        self._faces: dict[int, FaceSeen] = {}
        self._objects: list[ObjectSeen] = []
        self._texts: deque[TextSeen] = deque(maxlen=20)
        self._transcript: deque[TranscriptLine] = deque(maxlen=TRANSCRIPT_LINES)
        self._changing = threading.Lock()

    def __call__(self, item: Any) -> None:  # noqa: ANN401 - every packet and event passes here
        """Take in a packet or an event."""
        with self._changing:
            self._take(item)

    def say(self, line: TranscriptLine) -> None:
        """Add a line that did not come through the microphone."""
        with self._changing:
            self._transcript.append(line)

    def faces(self) -> list[FaceSeen]:
        """Faces in view, by track."""
        with self._changing:
            since_ns = self.t_ns - FACE_FRESH_NS
            return [face for face in self._faces.values() if face.t_ns >= since_ns]

    def objects(self) -> list[ObjectSeen]:
        """Objects of the last look."""
        with self._changing:
            since_ns = self.t_ns - OBJECT_FRESH_NS
            return [thing for thing in self._objects if thing.t_ns >= since_ns]

    def writing(self) -> list[TextSeen]:
        """Lines read lately, each once, oldest first."""
        with self._changing:
            since_ns = self.t_ns - TEXT_FRESH_NS
            fresh = {text.text: text for text in self._texts if text.t_ns >= since_ns}
            return list(fresh.values())

    def transcript(self) -> tuple[TranscriptLine, ...]:
        """The latest lines, oldest first."""
        with self._changing:
            return tuple(self._transcript)

    def boxes(self) -> tuple[SeenBox, ...]:
        """Faces and objects to outline, with names where there are any."""
        faces = [
            SeenBox(face.box, self.name_of(face.person_id) or "face", face.is_attended)
            for face in self.faces()
        ]
        things = [
            SeenBox(thing.box, thing.label, thing.is_attended)
            for thing in self.objects()
            if not (thing.label == "person" and faces)
        ]
        return (*faces, *things)

    def _take(self, item: Any) -> None:  # noqa: ANN401 - see __call__
        match item:
            case SceneFrame():
                self.t_ns, self.frame = item.t_ns, item.image
            case GazeSample():
                self.t_ns = item.t_ns
                self.gaze_in_scene_px = (item.x_px, item.y_px) if item.is_valid else None
            case FaceSeen():
                self._faces[item.track_id] = item
                self._faces = {
                    track: face
                    for track, face in self._faces.items()
                    if face.t_ns >= item.t_ns - FACE_FRESH_NS
                }
            case ObjectSeen():
                same_look = [thing for thing in self._objects if thing.t_ns == item.t_ns]
                self._objects = [*same_look, item]
            case TextSeen():
                self._texts.append(item)
            case Utterance():
                who = Who.WEARER if item.is_wearer else Who.OTHER
                name = self.name_of(item.voice_id) or item.voice_id.replace("-", " ")
                self._transcript.append(TranscriptLine(item.start_ns, who, name, item.text))
            case Emotionship():
                self.feeling = item
            case DeviceStatus():
                self.status = item.message
