from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from perception.events import Box
from perception.people.detector import Face, FaceDetector
from tests.perception.footage import pictures
from tests.perception.people.portraits import portraits

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return FaceDetector()


def test_finds_the_face_and_its_landmarks(detector: FaceDetector) -> None:
    (jon,) = pictures("footage-jon-1", every_s=1, start_s=1, count=1)
    (face,) = detector.detect(jon)
    right_eye, left_eye, nose, *mouth = face.landmarks_px
    assert right_eye[0] < nose[0] < left_eye[0], "his right eye is on our left"
    assert max(right_eye[1], left_eye[1]) < nose[1] < min(corner[1] for corner in mouth)
    assert face.box.contains(*map(float, nose))


def test_walkers_far_away_have_no_faces(detector: FaceDetector) -> None:
    for street in pictures("footage-street", every_s=4, count=5):
        assert detector.detect(street) == []


@pytest.mark.parametrize("size", [(600, 800), (1200, 1600), (40, 30)])
def test_nothing_in_nothing(detector: FaceDetector, size: tuple[int, int]) -> None:
    assert detector.detect(np.zeros((*size, 3), np.uint8), 10, 10) == []


def test_a_small_face_is_found_at_full_resolution_under_the_gaze(
    detector: FaceDetector, shared_data: Path
) -> None:
    ((portrait,),) = portraits(shared_data, people=1, each=1).values()
    scene = np.full((1200, 1600, 3), 90, np.uint8)
    scene[500:580, 1200:1280] = cv2.resize(portrait, (80, 80), interpolation=cv2.INTER_AREA)
    (face,) = detector.detect(scene, 1230, 540)
    assert 24 <= face.side_px < 50
    assert Box(1200, 500, 80, 80).contains(*face.box.center_px)
    assert all(Box(1200, 500, 80, 80).contains(*point) for point in face.landmarks_px)
    assert detector.detect(scene) == [], "the search of the whole frame alone misses it"


def test_both_searches_give_each_face_once(detector: FaceDetector, shared_data: Path) -> None:
    ((portrait,),) = portraits(shared_data, people=1, each=1).values()
    scene = np.full((1200, 1600, 3), 90, np.uint8)
    scene[500:750, 1200:1450] = portrait
    assert len(detector.detect(scene)) == len(detector.detect(scene, 1325, 625)) == 1


def test_faces_below_24_pixels_are_left_out(detector: FaceDetector, shared_data: Path) -> None:
    ((portrait,),) = portraits(shared_data, people=1, each=1).values()
    scene = np.full((480, 640, 3), 90, np.uint8)
    scene[200:245, 300:345] = cv2.resize(portrait, (45, 45), interpolation=cv2.INTER_AREA)
    assert detector.detect(scene) == []
    scene[200:300, 300:400] = cv2.resize(portrait, (100, 100), interpolation=cv2.INTER_AREA)
    assert len(detector.detect(scene)) == 1


def test_landmarks_are_validated() -> None:
    with pytest.raises(ValueError, match=r"\(5, 2\), but got \(4, 2\)"):
        Face(Box(0, 0, 30, 30), np.zeros((4, 2), np.float32), 0.9)
