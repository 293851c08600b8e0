from __future__ import annotations

import shutil
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from firmware_bridge.packets import AUDIO_RATE_HZ
from firmware_bridge.recording.mp4 import Mp4Writer

START_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000


def picture(value: int) -> npt.NDArray[np.uint8]:
    return np.full((48, 64, 3), value, np.uint8)


def writer(path: Path, *, with_audio: bool = False) -> Mp4Writer:
    return Mp4Writer(path, with_audio=with_audio, crf=20, frame_rate_hz=30)


def write_pictures(mp4: Mp4Writer, count: int) -> None:
    for index in range(count):
        mp4.add_image(START_NS + index * SECOND_NS // 30, picture(index))


def count_pictures(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def read_sound(path: Path) -> npt.NDArray[np.float32]:
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(frames).astype(np.float32)


def write_sounds(path: Path, chunks: list[tuple[float, npt.NDArray[np.int16]]]) -> None:
    with writer(path, with_audio=True) as mp4:
        mp4.add_image(START_NS, picture(0))
        for offset_s, samples in chunks:
            mp4.add_sound(START_NS + round(offset_s * 1e9), samples)


def tone(seconds: float) -> npt.NDArray[np.int16]:
    t_s = np.arange(round(seconds * AUDIO_RATE_HZ)) / AUDIO_RATE_HZ
    return (9000 * np.sin(2 * np.pi * 440 * t_s)).astype(np.int16)


def loud_from_s(sound: npt.NDArray[np.float32]) -> float:
    return float(np.argmax(np.abs(sound) > 0.1)) / AUDIO_RATE_HZ


def test_every_second_begins_with_a_keyframe(tmp_path: Path) -> None:
    with writer(tmp_path / "a.mp4") as mp4:
        for index in range(91):
            mp4.add_image(START_NS + index * SECOND_NS // 30, picture(128))
    with av.open(str(tmp_path / "a.mp4")) as container:
        keys = [packet.pts for packet in container.demux(video=0) if packet.is_keyframe]
    assert keys == [0, 90_000, 180_000, 270_000]


def test_the_file_on_the_disk_plays_while_it_is_still_written(tmp_path: Path) -> None:
    mp4 = writer(tmp_path / "open.mp4", with_audio=True)
    for index in range(100):
        t_ns = START_NS + index * SECOND_NS // 30
        mp4.add_image(t_ns, picture(index))
        mp4.add_sound(t_ns, tone(1 / 30))
    shutil.copyfile(tmp_path / "open.mp4", tmp_path / "killed.mp4")
    mp4.close()
    assert 60 <= count_pictures(tmp_path / "killed.mp4") <= 100
    assert count_pictures(tmp_path / "open.mp4") == 100


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first.mp4", "second.mp4"):
        with writer(tmp_path / name, with_audio=True) as mp4:
            write_pictures(mp4, 40)
            mp4.add_sound(START_NS, tone(1.0))
    assert (tmp_path / "first.mp4").read_bytes() == (tmp_path / "second.mp4").read_bytes()


@pytest.mark.parametrize("value", [0, 5, 128, 250, 255])
def test_eye_pictures_keep_their_full_range(tmp_path: Path, value: int) -> None:
    with writer(tmp_path / "eye.mp4") as mp4:
        mp4.add_image(START_NS, np.full((192, 384), value, np.uint8))
    with av.open(str(tmp_path / "eye.mp4")) as container:
        frame = next(container.decode(video=0))
    assert frame.to_ndarray(format="gray").mean() == pytest.approx(value, abs=1.0)


@pytest.mark.parametrize(
    ("chunks", "onset_s", "length_s"),
    [
        pytest.param([(0.0, tone(1.0) * 0), (1.0, tone(1.0))], 1.0, 2.0, id="one after another"),
        pytest.param([(1.0, tone(1.0))], 1.0, 2.0, id="silence before the first sound"),
        pytest.param([(0.0, tone(0.5) * 0), (1.0, tone(1.0))], 1.0, 2.0, id="hole becomes silence"),
        pytest.param([(0.0, tone(1.2) * 0), (1.0, tone(1.0))], 1.2, 2.0, id="overlap is cut"),
        pytest.param([(0.0, tone(1.0) * 0), (1.01, tone(1.0))], 1.0, 2.0, id="jitter is no hole"),
        pytest.param([(-1.0, tone(1.0)), (0.5, tone(0.5))], 0.5, 1.0, id="before the pictures"),
    ],
)
def test_sound_stays_with_the_pictures(
    tmp_path: Path,
    chunks: list[tuple[float, npt.NDArray[np.int16]]],
    onset_s: float,
    length_s: float,
) -> None:
    write_sounds(tmp_path / "a.mp4", chunks)
    sound = read_sound(tmp_path / "a.mp4")
    assert loud_from_s(sound) == pytest.approx(onset_s, abs=0.005)
    assert len(sound) / AUDIO_RATE_HZ == pytest.approx(length_s, abs=0.07)
