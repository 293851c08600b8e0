from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from firmware_bridge.packets import AudioChunk, SceneFrame, UInt8Image
from memory.clips.film import Film
from memory.clips.media import ClipWriter, finish_part, picture_at, shrink, write_file
from memory.records import MemoryStoreError, Selection
from memory.store import Memory
from perception.events import Box, Event, FaceSeen
from tests.memory.day import START, URI, S, at, closed, opened, person, said

FRAME_NS = S // 30


def picture(brightness: int, width: int = 320, height: int = 240) -> UInt8Image:
    """A gray picture with a bright square, whose brightness tells its time."""
    image = np.full((height, width, 3), brightness, np.uint8)
    image[100:150, 100:150] = 255
    return image


def frames(start: float, end: float, width: int = 320) -> list[SceneFrame]:
    """Pictures at 30 Hz that brighten by 10 each second."""
    count = round((end - start) * 30)
    return [
        SceneFrame(
            at(start) + i * FRAME_NS, i, picture((20 + int((start + i / 30) * 10)) % 256, width)
        )
        for i in range(count)
    ]


def sound(t_ns: int, seconds: float = 1 / 30) -> AudioChunk:
    wave = np.sin(np.arange(round(16_000 * seconds)) * 0.3) * 8000
    return AudioChunk(t_ns, wave.astype(np.int16))


def times(clip: Path) -> list[float]:
    with av.open(str(clip)) as container:
        return [float(frame.time or 0.0) for frame in container.decode(video=0)]


def test_a_clip_plays_with_pictures_and_sound_at_their_times(tmp_path: Path) -> None:
    writer = ClipWriter(tmp_path / "clips" / "a.mp4", at(0), has_sound=True)
    for frame in frames(0.5, 3):
        writer.add(frame)
        writer.add_sound(sound(frame.t_ns))
    clip = writer.finish()
    assert clip is not None
    shown = times(clip)
    assert shown[:3] == pytest.approx([0, 0.5, 0.5 + 1 / 30], abs=1e-3)
    assert shown[-1] == pytest.approx(3 - 1 / 30, abs=1e-2)
    with av.open(str(clip)) as container:
        heard = np.concatenate([f.to_ndarray().ravel() for f in container.decode(audio=0)])
    assert len(heard) / 16_000 == pytest.approx(3, abs=0.15)
    assert np.abs(heard[: 16_000 // 4]).max() < 0.05 < np.abs(heard[16_000:]).max()
    assert [p.name for p in (tmp_path / "clips").iterdir()] == ["a.mp4"]


def test_the_same_pictures_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        writer = ClipWriter(tmp_path / name, at(0), has_sound=True)
        for frame in frames(0, 1):
            writer.add(frame)
            writer.add_sound(sound(frame.t_ns))
        writer.finish()
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_repeats_steps_back_and_new_sizes_are_survived(tmp_path: Path) -> None:
    writer = ClipWriter(tmp_path / "a.mp4", at(0), has_sound=True)
    one, two, three = frames(0, 0.1)
    other_size = SceneFrame(at(1), 9, picture(80, 640, 480))
    for frame in (one, two, two, one, three, other_size):
        writer.add(frame)
    clip = writer.finish()
    assert clip is not None
    assert len(times(clip)) == 4


def test_no_picture_gives_no_clip(tmp_path: Path) -> None:
    writer = ClipWriter(tmp_path / "a.mp4", at(0), has_sound=True)
    writer.add_sound(sound(at(0)))
    assert writer.finish() is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "expected"),
    [((480, 640), (480, 640)), ((1200, 1600), (720, 960)), ((301, 401), (300, 400))],
)
def test_pictures_shrink_to_even_sizes(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert shrink(np.zeros((*size, 3), np.uint8), 960).shape[:2] == expected


def _run(memory: Memory, film: Film, end: float = 12, width: int = 320) -> None:
    memory.begin(URI, START)
    script: list[tuple[float, Event]] = [
        (4.0, opened(2.0, 4.0)),
        (4.5, FaceSeen(at(4.5), 1, "", Box(90, 90, 60, 60), 0.9, is_attended=True)),
        (8.2, closed(2.0, 8.0, "cup", key=6.0)),
        (9.0, person(4, 6, "person-1", 1)),
    ]
    for frame in frames(0, end, width):
        film.update(frame)
        film.update(sound(frame.t_ns))
        while script and frame.t_ns >= at(script[0][0]):
            event = script.pop(0)[1]
            film.on_event(event, memory.record(event))
    film.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_moment_gets_its_clip_and_the_attended_frame(memory: Memory, width: int) -> None:
    _run(memory, Film(memory), width=width)
    (moment,) = memory.moments()
    assert moment.clip is not None
    assert moment.thumbnail is not None
    shown = times(moment.clip)
    assert shown[0] == 0.0
    assert 5.9 < shown[-1] < 6.0, "the end was told later, but nothing after it is kept"
    with av.open(str(moment.clip)) as container:
        heard = sum(frame.samples for frame in container.decode(audio=0)) / 16_000
    assert heard == pytest.approx(6.0, abs=0.15)
    assert max(np.diff(shown)) < 0.08, "a clip runs at half the rate of a 30 Hz camera"
    for image in (cv2.imread(str(moment.thumbnail)), picture_at(moment.clip, 4.0)):
        assert image is not None
        assert image[5, 5].mean() == pytest.approx(20 + 60, abs=8)
    (face,) = memory.people()
    assert face.thumbnail is not None
    portrait = cv2.imread(str(face.thumbnail))
    assert portrait is not None
    assert portrait.max() > 200


def test_a_moment_that_is_complete_is_not_filmed_again(memory: Memory) -> None:
    _run(memory, Film(memory))
    (moment,) = memory.moments()
    assert moment.clip is not None
    before = moment.clip.stat()
    _run(memory, Film(memory))
    assert moment.clip.stat() == before


def test_forgetting_takes_clips_and_pictures(memory: Memory) -> None:
    _run(memory, Film(memory))
    (moment,) = memory.moments()
    promised = memory.would_forget(Selection(moment_ids=(moment.id,)))
    report = memory.forget(Selection(moment_ids=(moment.id,)))
    assert report == promised
    assert (report.files, [p for p in memory.media.rglob("*") if p.is_file()]) == (3, [])


def test_forgetting_a_person_takes_the_clips_that_show_them(memory: Memory) -> None:
    _run(memory, Film(memory))
    (face,) = memory.people()
    memory.forget(Selection(person_ids=(face.id,)))
    (moment,) = memory.moments()
    assert (moment.clip, moment.thumbnail) == (None, None)
    assert [p for p in memory.media.rglob("*") if p.is_file()] == []


def test_what_was_half_written_is_finished_at_the_next_start(memory: Memory) -> None:
    film = Film(memory)
    memory.begin(URI, START)
    for frame in frames(0, 5):
        film.update(frame)
        if frame.index == 60:
            event = opened(1, 2)
            film.on_event(event, memory.record(event))
    memory.record(said(2, 3, "Half a moment."))
    (memory.media / "clips" / "moment-000999.mp4").write_bytes(b"stray")
    (memory.media / "clips" / "wedding.mp4").write_bytes(b"not ours")
    del film  # the process dies here: nothing is closed
    memory.close()
    with Memory.open(memory.path, memory.media) as again:
        (moment,) = again.moments()
        assert moment.clip is not None
        assert len(times(moment.clip)) > 30
        assert moment.start_ns < moment.end_ns <= at(5)
        assert [s.text for s in moment.spoken] == ["Half a moment."]
        left = sorted(p.name for p in (memory.media / "clips").iterdir())
        assert left == ["moment-000001.mp4", "wedding.mp4"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is full")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.mp4.part").symlink_to("/dev/full")
    with pytest.raises(MemoryStoreError) as error:
        _film_to(tmp_path / "a.mp4")
    assert error.value.code == "disk-full"
    (tmp_path / "b.jpg.part").symlink_to("/dev/full")
    with pytest.raises(MemoryStoreError) as error:
        write_file(tmp_path / "b.jpg", b"x" * 10_000)
    assert error.value.code == "disk-full"
    assert list(tmp_path.iterdir()) == []


def _film_to(path: Path) -> None:
    writer = ClipWriter(path, at(0), has_sound=False)
    for frame in frames(0, 4):
        writer.add(frame)
    writer.finish()


_KILLED = """
import sys
from pathlib import Path
from memory.clips.media import ClipWriter
from tests.memory.clips.test_media import frames, at, sound
writer = ClipWriter(Path(sys.argv[1]), at(0), has_sound=True)
for frame in frames(0, 6):
    writer.add(frame)
    writer.add_sound(sound(frame.t_ns))
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_leaves_a_clip_that_plays(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(clip)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    assert finish_part(clip) == clip
    assert times(clip)[-1] > 4.0, "at most two key frame intervals are lost"


def test_a_part_in_which_nothing_plays_goes(tmp_path: Path) -> None:
    (tmp_path / "a.mp4.part").write_bytes(b"\0" * 1000)
    assert finish_part(tmp_path / "a.mp4") is None
    assert list(tmp_path.iterdir()) == []
