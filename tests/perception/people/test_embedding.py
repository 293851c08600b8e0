from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from perception.events import Box
from perception.people.detector import Face, FaceDetector
from perception.people.embedding import FaceEmbedder, embed_face, frontality, quality, unit
from perception.people.identities import Identities
from tests.perception.footage import pictures
from tests.perception.people.portraits import portraits


@pytest.mark.weights
def test_faces_of_real_people_gather_into_people(shared_data: Path) -> None:
    detector, embedder = FaceDetector(), FaceEmbedder()
    people = Identities()
    given: dict[str, set[str]] = {}
    pictures_by_name = portraits(shared_data, people=12, each=4)
    for number in range(0, 4, 2):
        for name, faces in pictures_by_name.items():
            views = [
                embedder.embed(embedder.align(portrait, detector.detect(portrait)[0]))
                for portrait in faces[number : number + 2]
            ]
            track = unit(np.sum(views, axis=0))
            verdict = people.judge(track)
            people.learn(verdict.person_id, track)
            given.setdefault(verdict.person_id, set()).add(name)
    assert all(len(names) == 1 for names in given.values()), "nobody is taken for somebody else"
    assert 12 <= len(given) <= 13


@pytest.mark.weights
def test_a_stored_thumbnail_is_known_again() -> None:
    first, later = pictures("footage-jon-1", every_s=3, start_s=1, count=2)
    (face,) = FaceDetector().detect(first)
    left, top = int(face.box.x_px), int(face.box.y_px)
    crop = first[top : top + int(face.box.height_px), left : left + int(face.box.width_px)]
    stored, seen = embed_face(crop), embed_face(later)
    assert stored is not None
    assert seen is not None
    assert stored.shape == (128,)
    assert np.linalg.norm(stored) == pytest.approx(1.0, abs=1e-5)
    assert stored @ seen > 0.6
    (neighbour,) = pictures("footage-neighbour-1", every_s=1, start_s=1, count=1)
    other = embed_face(neighbour)
    assert other is not None
    assert stored @ other < 0.3


@pytest.mark.weights
def test_no_face_no_embedding() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (120, 90, 3), np.uint8)
    assert embed_face(noise) is None


def turned(nose_x: float) -> Face:
    points = np.array([(30, 40), (70, 40), (nose_x, 60), (35, 80), (65, 80)], np.float32)
    return Face(Box(10, 10, 112, 112), points, 0.9)


@pytest.mark.parametrize(
    ("nose_x", "expected"), [(50, 1.0), (60, 0.5), (40, 0.5), (70, 0.0), (95, 0.0)]
)
def test_frontality_falls_as_the_nose_turns_away(nose_x: float, expected: float) -> None:
    assert frontality(turned(nose_x)) == pytest.approx(expected)


def test_eyes_in_one_point_are_not_frontal() -> None:
    face = Face(Box(0, 0, 30, 30), np.full((5, 2), 10, np.float32), 0.9)
    assert frontality(face) == 0.0


def test_blur_turning_and_distance_cost_quality() -> None:
    sharp = np.random.default_rng(0).integers(0, 255, (112, 112, 3), np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 6), np.uint8)
    best = quality(turned(50), sharp)
    assert best == pytest.approx(0.9)
    assert quality(turned(50), blurred) < best
    assert quality(turned(60), sharp) == pytest.approx(best / 2)
    far = Face(Box(0, 0, 28, 28), turned(50).landmarks_px, 0.9)
    assert quality(far, sharp) == pytest.approx(best / 2)
