from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from firmware_bridge.packets import UInt8Image
from perception.events import FaceSeen, PersonSeen, Work
from perception.people.embedding import embed_face
from perception.people.faces import Faces
from perception.people.identities import KnownFace
from tests.perception.footage import SECOND_NS, gazed, pictures
from tests.perception.people.portraits import portraits

pytestmark = pytest.mark.weights
STEP_NS = SECOND_NS // 5


@pytest.fixture(scope="module")
def stage() -> Faces:
    return Faces()


@pytest.fixture(autouse=True)
def _fresh(stage: Faces) -> None:
    stage.reset()


def watch(
    stage: Faces,
    shots: Iterable[Sequence[UInt8Image]],
    gaze: tuple[float, float] = (400, 280),
    pause_ns: int = 0,
) -> list[FaceSeen | PersonSeen]:
    """Show shots one after the other, five frames a second, and end the stream."""
    events: list[FaceSeen | PersonSeen] = []
    t_ns = 0
    for shot in shots:
        for picture in shot:
            item = gazed(picture, t_ns, Work.FACES, x_px=gaze[0], y_px=gaze[1])
            events += stage.update(item)
            t_ns += STEP_NS
        t_ns += pause_ns
    return [*events, *stage.flush()]


def people_in(events: Iterable[FaceSeen | PersonSeen]) -> Iterator[PersonSeen]:
    return (event for event in events if isinstance(event, PersonSeen))


def test_two_people_return_across_hard_cuts(stage: Faces) -> None:
    names = ["footage-jon-1", "footage-neighbour-1", "footage-jon-2", "footage-neighbour-2"]
    events = watch(stage, [pictures(name, every_s=0.2, start_s=1, count=8) for name in names])
    seen = list(people_in(events))
    assert [person.person_id for person in seen] == ["person-1", "person-2"] * 2
    assert [person.start_ns // STEP_NS for person in seen] == [0, 8, 16, 24]
    faces = [event for event in events if isinstance(event, FaceSeen)]
    assert len(faces) == 32
    assert {face.person_id for face in faces} == {"", "person-1", "person-2"}


def test_a_person_tells_when_where_and_for_how_long(stage: Faces) -> None:
    shot = pictures("footage-jon-1", every_s=0.2, start_s=1, count=5)
    (person,) = people_in(watch(stage, [shot]))
    assert (person.start_ns, person.end_ns, person.attended_ns) == (0, 4 * STEP_NS, 4 * STEP_NS)
    assert person.start_ns <= person.key_ns <= person.end_ns
    assert person.box.contains(400, 280, margin_px=40)
    assert np.linalg.norm(person.embedding) == pytest.approx(1.0, abs=1e-5)
    assert person.confidence > 0.9
    stage.reset()
    (aside,) = people_in(watch(stage, [shot], gaze=(30, 570)))
    assert aside.attended_ns == 0


def test_walkers_far_away_are_nobody(stage: Faces) -> None:
    assert watch(stage, [pictures("footage-street", every_s=0.5, count=12)]) == []


def test_a_glimpse_founds_nobody(stage: Faces) -> None:
    events = watch(stage, [pictures("footage-jon-1", every_s=0.2, start_s=1, count=2)])
    assert [type(event) for event in events] == [FaceSeen, FaceSeen]


def test_two_faces_in_one_frame_are_two_people(stage: Faces) -> None:
    shot = [
        np.hstack([half := cv2.resize(picture, (400, 300)), half])
        for picture in pictures("footage-jon-1", every_s=0.2, start_s=1, count=5)
    ]
    events = watch(stage, [shot], pause_ns=2 * SECOND_NS)
    assert sorted(person.person_id for person in people_in(events)) == ["person-1", "person-2"]
    by_frame: dict[int, list[str]] = {}
    for event in events:
        if isinstance(event, FaceSeen) and event.person_id:
            by_frame.setdefault(event.t_ns, []).append(event.person_id)
    assert all(len(set(ids)) == len(ids) for ids in by_frame.values())


def test_a_named_face_is_known_from_the_start() -> None:
    first, *later = pictures("footage-jon-1", every_s=0.2, start_s=1, count=5)
    embedding = embed_face(first)
    assert embedding is not None
    stage = Faces([KnownFace("jon", embedding)])
    neighbour = pictures("footage-neighbour-1", every_s=0.2, start_s=1, count=4)
    seen = list(people_in(watch(stage, [later, neighbour])))
    assert [person.person_id for person in seen] == ["jon", "person-1"]
    stage.reset()
    assert [person.person_id for person in people_in(watch(stage, [later]))] == ["jon"]


def test_frames_without_faces_to_find_let_time_pass(stage: Faces) -> None:
    shot = pictures("footage-jon-1", every_s=0.2, start_s=1, count=4)
    events = [event for n, p in enumerate(shot) for event in stage.update(gazed(p, n, Work.FACES))]
    assert len(events) == 4
    assert list(stage.update(gazed(shot[0], SECOND_NS, Work.OBJECTS))) == []
    (person,) = stage.update(gazed(shot[0], 2 * SECOND_NS, Work.OBJECTS))
    assert isinstance(person, PersonSeen)
    assert person.attended_ns == 0


def test_strangers_side_by_side_stay_apart(stage: Faces, shared_data: Path) -> None:
    (a, *_), (b, *_), (c, *_) = portraits(shared_data, people=3, each=5).values()
    still = np.zeros((250, 750, 3), np.uint8)
    still[:] = np.hstack([a, b, c])
    moving = [np.roll(still, shift, axis=1) for shift in (0, 3, 6, 9)]
    swapped = [np.hstack([c, a, b])] * 4
    seen = list(people_in(watch(stage, [moving, swapped], pause_ns=2 * SECOND_NS)))
    early = [person.person_id for person in seen if person.start_ns == 0]
    late = [person.person_id for person in seen if person.start_ns > 0]
    assert len(early) >= 3
    assert len(set(early)) == len(early)
    assert sorted(late) == sorted(early), "whoever came back is known again"
