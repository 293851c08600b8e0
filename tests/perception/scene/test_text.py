from __future__ import annotations

import logging

import cv2
import numpy as np
import pytest

from firmware_bridge.packets import UInt8Image
from perception.events import TextSeen, Work
from perception.scene.reader import Line
from perception.scene.text import Text, is_writing
from tests.perception.footage import SECOND_NS, gazed, pictures

CORNERS = np.array([(0, 0), (40, 0), (40, 10), (0, 10)], np.float64)


@pytest.fixture(scope="module")
def stage() -> Text:
    return Text()


def board(
    text: str, slant_deg: float = 0.0, ink: tuple[int, int, int] = (20, 20, 20)
) -> UInt8Image:
    picture = np.full((600, 800, 3), (120, 200, 220), np.uint8)
    cv2.putText(picture, text, (280, 310), cv2.FONT_HERSHEY_DUPLEX, 0.9, ink, 2, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((400, 300), slant_deg, 1.0)
    border = (120, 200, 220)
    return np.asarray(cv2.warpAffine(picture, turn, (800, 600), borderValue=border), np.uint8)


def read(stage: Text, picture: UInt8Image, x_px: float, y_px: float) -> list[TextSeen]:
    stage.reset()
    return list(stage.update(gazed(picture, 0, Work.TEXT, x_px=x_px, y_px=y_px)))


@pytest.mark.weights
@pytest.mark.parametrize(
    ("text", "slant_deg", "ink"),
    [
        ("Platform 12", 0.0, (20, 20, 20)),
        ("NO ENTRY", -15.0, (20, 20, 20)),
        ("Fresh milk", 15.0, (60, 60, 200)),
    ],
)
def test_reads_a_line_under_the_gaze(
    stage: Text, text: str, slant_deg: float, ink: tuple[int, int, int]
) -> None:
    seen = read(stage, board(text, slant_deg, ink), 370, 300)
    assert [line.text.replace(" ", "") for line in seen] == [text.replace(" ", "")]
    assert seen[0].is_attended
    assert seen[0].box.contains(370, 300, margin_px=10)


@pytest.mark.weights
def test_reads_around_the_gaze_only(stage: Text) -> None:
    picture = np.roll(board("Platform 12"), 160, axis=1)
    assert read(stage, picture, 150, 80) == []
    assert read(stage, picture, float("nan"), 80) == []
    assert [line.is_attended for line in read(stage, picture, 530, 420)] == [False]


@pytest.mark.weights
def test_reads_only_when_asked_and_never_back(stage: Text) -> None:
    stage.reset()
    picture = board("Platform 12")
    assert list(stage.update(gazed(picture, SECOND_NS, Work.OBJECTS, x_px=370, y_px=300))) == []
    assert list(stage.update(gazed(picture, 0, Work.TEXT, x_px=370, y_px=300))) == []


@pytest.mark.weights
def test_what_is_read_stays_out_of_the_logs(
    stage: Text, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert read(stage, board("Secret word"), 370, 300)
        assert read(stage, np.zeros((600, 800, 3), np.uint8), 370, 300) == []
    written = caplog.text + "".join(capfd.readouterr())
    assert "ecret" not in written


@pytest.mark.weights
def test_reads_the_lid_of_the_biscuit_tin(stage: Text) -> None:
    lids = pictures("footage-box", every_s=0.8, count=6)
    readings = [read(stage, lid, *lid_px(lid)) for lid in lids]
    exact = [any(line.text == "CAMPRODON" for line in lines) for lines in readings]
    assert sum(exact) >= 3
    assert not any("mmm" in line.text for lines in readings for line in lines)


def lid_px(picture: UInt8Image) -> tuple[float, float]:
    """The middle of the yellow tin, a little towards its lid."""
    hue, saturation, value = cv2.split(cv2.cvtColor(picture, cv2.COLOR_BGR2HSV))
    is_tin = (hue > 15) & (hue < 30) & (saturation > 150) & (value > 120)
    rows, columns = np.nonzero(is_tin)
    return float(np.median(columns)), float(np.median(rows)) - 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CAMPRODON", True),
        ("Exit", True),
        ("P 12", True),
        ("10", False),
        ("café", True),
        ("新宿駅", True),
        ("mmmmmm", False),
        ("m m-mm.m", False),
        ("111", False),
        ("112", True),
        ("V", False),
        ("五", False),
        ("1.-:", False),
        ("", False),
    ],
)
def test_ornaments_are_not_writing(text: str, expected: bool) -> None:
    assert is_writing(Line(text, CORNERS, 0.9)) is expected
