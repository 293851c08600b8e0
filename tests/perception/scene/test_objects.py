from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from perception.events import Box, Work
from perception.scene.detector import ObjectDetector
from perception.scene.objects import Objects
from tests.perception.footage import SECOND_NS, gazed, pictures

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def stage() -> Objects:
    return Objects()


@pytest.fixture(autouse=True)
def _fresh(stage: Objects) -> None:
    stage.reset()


def test_finds_the_monitor_on_the_desk(stage: Objects) -> None:
    (desk,) = pictures("footage-desk", every_s=1, start_s=1.0, count=1)
    seen = list(stage.update(gazed(desk, 0, Work.OBJECTS, x_px=400, y_px=300)))
    attended = [thing for thing in seen if thing.is_attended]
    assert [thing.label for thing in attended] in (["laptop"], ["tv"])
    assert attended[0].box.contains(400, 300, margin_px=12)
    assert all(s.box.x_px >= 0 and s.box.x_px + s.box.width_px <= 800 for s in seen)


def test_looks_only_when_asked_and_never_back(stage: Objects) -> None:
    (desk,) = pictures("footage-desk", every_s=1, start_s=1.0, count=1)
    assert list(stage.update(gazed(desk, SECOND_NS, Work.FACES, Work.TEXT))) == []
    assert list(stage.update(gazed(desk, 0, Work.OBJECTS))) == []
    assert list(stage.update(gazed(desk, 2 * SECOND_NS, Work.OBJECTS)))


def test_nothing_is_attended_without_gaze(stage: Objects) -> None:
    (desk,) = pictures("footage-desk", every_s=1, start_s=1.0, count=1)
    seen = list(stage.update(gazed(desk, 0, Work.OBJECTS)))
    assert seen
    assert not any(thing.is_attended for thing in seen)


def test_the_look_around_the_gaze_finds_what_is_too_small_for_the_frame(stage: Objects) -> None:
    (street,) = pictures("footage-street", every_s=1, count=1)
    scene = np.full((1200, 1600, 3), 128, np.uint8)
    scene[700:970, 900:1260] = cv2.resize(street, (360, 270), interpolation=cv2.INTER_AREA)
    without = list(stage.update(gazed(scene, 0, Work.OBJECTS)))
    looking = list(stage.update(gazed(scene, SECOND_NS, Work.OBJECTS, x_px=1080, y_px=835)))
    walkers = [thing for thing in looking if thing.label == "person"]
    assert len(walkers) > sum(thing.label == "person" for thing in without)
    area = Box(900, 700, 360, 270)
    assert all(area.contains(*walker.box.center_px) for walker in walkers)


def test_one_thing_seen_in_both_looks_is_one_thing(stage: Objects) -> None:
    (street,) = pictures("footage-street", every_s=1, count=1)
    seen = list(stage.update(gazed(street, 0, Work.OBJECTS, x_px=400, y_px=300)))
    people = [thing.box for thing in seen if thing.label == "person"]
    assert len(people) >= 3
    assert all(a.iou(b) < 0.55 for i, a in enumerate(people) for b in people[:i])


@pytest.mark.parametrize("size", [(600, 800), (1200, 1600), (300, 100), (1, 1)])
def test_any_size_of_picture(size: tuple[int, int]) -> None:
    assert ObjectDetector().detect(np.zeros((*size, 3), np.uint8)) == []


def test_the_phone_in_the_hand_is_attended_on_real_glasses(
    stage: Objects, shared_data: Path
) -> None:
    folder = shared_data / "glasses" / "neon" / "ps1"
    gaze_px = np.fromfile(folder / "gaze ps1.raw", "<f4").reshape(-1, 2)
    gaze_ns = np.fromfile(folder / "gaze ps1.time", "<i8")
    frame_ns = np.fromfile(folder / "Neon Scene Camera v1 ps1.time", "<i8")
    video = cv2.VideoCapture(str(folder / "Neon Scene Camera v1 ps1.mp4"))
    found = []
    for index, t_ns in enumerate(frame_ns[:141]):
        _, picture = video.read()
        if index < 36 or index % 12:
            continue
        x_px, y_px = map(float, gaze_px[np.abs(gaze_ns - t_ns).argmin()])
        seen = stage.update(gazed(picture, int(t_ns), Work.OBJECTS, x_px=x_px, y_px=y_px))
        found.append({thing.is_attended for thing in seen if thing.label == "cell phone"})
    assert all(found), "the phone is in every frame"
    assert sum(True in attended for attended in found) >= len(found) * 2 / 3
