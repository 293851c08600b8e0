from __future__ import annotations

import numpy as np

from app.companion.state import TranscriptLine, Who
from app.in_view import InView
from app.present import current_context
from firmware_bridge.packets import GazeSample, SceneFrame
from perception.events import Box, FaceSeen, ObjectSeen, TextSeen, Utterance

S = 1_000_000_000
BOX = Box(10, 10, 20, 20)
NAMES = {"person-1": "Ada"}


def view(*items: object) -> InView:
    seen = InView(lambda key: NAMES.get(key, ""))
    for item in items:
        seen(item)
    return seen


def frame(t_s: float) -> SceneFrame:
    return SceneFrame(int(t_s * S), 0, np.zeros((48, 64, 3), np.uint8))


def face(t_s: float, person: str = "person-1", is_attended: bool = True) -> FaceSeen:
    return FaceSeen(int(t_s * S), 1, person, BOX, 0.9, is_attended)


def thing(t_s: float, label: str, is_attended: bool = False) -> ObjectSeen:
    return ObjectSeen(int(t_s * S), label, BOX, 0.8, is_attended)


def said(t_s: float, text: str, by: str = "person-1") -> Utterance:
    start_ns = int(t_s * S)
    embedding = np.zeros(256, np.float32)
    return Utterance(start_ns, start_ns + S, text, 0.9, by, by == "wearer", 0.9, embedding)


def test_faces_and_objects_fade() -> None:
    seen = view(face(1.0), thing(1.0, "cup"), frame(1.5))
    assert [box.label for box in seen.boxes()] == ["Ada", "cup"]
    seen(frame(4.0))
    assert seen.boxes() == ()


def test_only_the_last_look_at_objects_counts() -> None:
    seen = view(thing(1.0, "cup"), thing(1.0, "pen"), thing(1.4, "book"), frame(1.4))
    assert [box.label for box in seen.boxes()] == ["book"]


def test_a_person_is_not_outlined_twice() -> None:
    seen = view(thing(1.0, "person"), face(1.0, "person-2"), frame(1.0))
    assert [box.label for box in seen.boxes()] == ["face"]


def test_gaze_is_unknown_while_the_eyes_are_closed() -> None:
    seen = view(GazeSample(S, 3.0, 4.0))
    assert seen.gaze_in_scene_px == (3.0, 4.0)
    seen(GazeSample(2 * S, float("nan"), float("nan")))
    assert seen.gaze_in_scene_px is None


def test_the_context_of_a_question_names_who_and_what_is_there() -> None:
    seen = view(
        said(0.0, "I am Ada."),
        said(3.0, "Who is that?", by="wearer"),
        face(4.0),
        thing(4.0, "cup"),
        TextSeen(4 * S, "EXIT", BOX, 0.9, is_attended=True),
        TextSeen(4 * S, "aside", BOX, 0.9, is_attended=False),
        frame(4.2),
    )
    seen.say(TranscriptLine(4 * S, Who.COMPANION, "", "That is Ada."))
    context = current_context(seen, "Who is that?", int(4.2 * S))
    assert (context.people, context.objects, context.attended) == (("Ada",), ("cup",), "Ada")
    assert context.writing == ("EXIT",)
    assert [(line.speaker, line.text) for line in context.heard] == [("Ada", "I am Ada.")]


def test_without_a_view_only_the_time_is_known() -> None:
    context = current_context(None, "Who was there?", 7)
    assert (context.t_ns, context.people, context.heard) == (7, (), ())
