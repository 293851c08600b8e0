from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from firmware_bridge.packets import GazeSample
from memory.clips.film import Film
from memory.clips.gaze_track import COLUMNS, GazeTrackWriter, finish_track, read_track, track_beside
from memory.clips.pre_roll import PreRoll
from memory.records import MemoryStoreError, Selection
from memory.store import Memory
from perception.events import Event, EyeMovement, EyeMovementKind, EyeMovementOnset
from tests.memory.clips.test_media import frames, sound
from tests.memory.day import START, URI, S, at, closed, opened, person, said

FIXATION, SACCADE = EyeMovementKind.FIXATION, EyeMovementKind.SACCADE
BLINK = EyeMovementKind.BLINK
NAN = float("nan")


def gaze(t: float, x_px: float = 160.0, y_px: float = 120.0) -> GazeSample:
    return GazeSample(at(t), x_px, y_px, 0.9)


def movement(kind: EyeMovementKind, start: float, end: float) -> EyeMovement:
    return EyeMovement(kind, at(start), at(end), 160.0, 120.0, 0.5)


def onset(kind: EyeMovementKind, t: float) -> EyeMovementOnset:
    return EyeMovementOnset(at(t), kind, 160.0, 120.0)


def writer(path: Path) -> GazeTrackWriter:
    track = GazeTrackWriter(path, at(0))
    track.set_scene_size((320, 240))
    return track


def live(memory: Memory, film: Film, end: float = 12) -> None:
    """Look at a cup from second 2 to 8, known from second 4 on; a saccade every half second."""
    memory.begin(URI, START)
    script: list[tuple[float, Event]] = [
        (4.0, opened(2.0, 4.0)),
        (8.2, closed(2.0, 8.0, "cup", key=6.0)),
        (9.0, person(4, 6, "person-1", 1)),
    ]
    for frame in frames(0, end):
        t = (frame.t_ns - START) / S
        film.update(frame)
        film.update(sound(frame.t_ns))
        for step in range(6):
            film.update(gaze(t + step / 180, 100 + 10 * (t % 0.5), 60))
        if frame.index and frame.index % 15 == 0:
            film.on_event(movement(FIXATION, t - 0.5, t - 0.05), None)
            film.on_event(movement(SACCADE, t - 0.05, t), None)
        while script and frame.t_ns >= at(script[0][0]):
            event = script.pop(0)[1]
            film.on_event(event, memory.record(event))
    film.close()


def test_the_file_is_plain_csv(tmp_path: Path) -> None:
    track = writer(tmp_path / "a.gaze.csv")
    for sample in (gaze(0.005, 150.125, 140), gaze(0.01, NAN, NAN)):
        track.add(sample)
    track.add(movement(FIXATION, -0.2, 0.01))
    assert track.finish() == tmp_path / "a.gaze.csv"
    assert (tmp_path / "a.gaze.csv").read_text().splitlines() == [
        "t_ns,clip_s,x_px,y_px,confidence,movement,scene_width_px,scene_height_px",
        f"{at(0.005)},0.005000,150.12,140.00,0.900,fixation,320,240",
        f"{at(0.01)},0.010000,,,0.900,,320,240",
    ]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    track = writer(tmp_path / "a.gaze.csv")
    track.add(gaze(0.5, 10, 20))
    track.add(gaze(1.0, NAN, NAN))
    track.add(movement(BLINK, 0.9, 1.1))
    path = track.finish()
    assert path is not None
    read = read_track(path)
    np.testing.assert_allclose(read.clip_s, [0.5, 1.0])
    np.testing.assert_allclose(read.gaze_in_scene_px, [[10.0, 20.0], [NAN, NAN]])
    np.testing.assert_allclose(read.confidence, [0.9, 0.9])
    assert read.scene_size_px.tolist() == [[320, 240], [320, 240]]
    assert read.movement == (None, BLINK)


def test_movements_are_known_late_and_onsets_tell_of_the_last(tmp_path: Path) -> None:
    track = writer(tmp_path / "a.gaze.csv")
    for step in range(8):
        track.add(gaze(step / 10))
    track.add(onset(FIXATION, 0.1))
    track.add(movement(FIXATION, 0.0, 0.3))
    track.add(movement(SACCADE, 0.3, 0.4))
    track.add(onset(FIXATION, 0.6))
    path = track.finish()
    assert path is not None
    known = [FIXATION] * 3 + [SACCADE, None, None, FIXATION, FIXATION]
    assert list(read_track(path).movement) == known


def test_repeats_and_steps_back_are_left_out(tmp_path: Path) -> None:
    track = writer(tmp_path / "a.gaze.csv")
    for t in (-1, 0.1, 0.1, 0.05, 0.2):
        track.add(gaze(t))
    path = track.finish()
    assert path is not None
    np.testing.assert_allclose(read_track(path).clip_s, [0.1, 0.2])


def test_the_first_picture_tells_the_size_for_the_gaze_before_it(tmp_path: Path) -> None:
    track = GazeTrackWriter(tmp_path / "a.gaze.csv", at(0))
    track.add(gaze(0.1))
    track.set_scene_size((1600, 1200))
    track.add(gaze(0.2))
    path = track.finish()
    assert path is not None
    assert read_track(path).scene_size_px.tolist() == [[1600, 1200]] * 2


@pytest.mark.parametrize("has_gaze", [True, False])
def test_without_gaze_or_without_a_scene_there_is_no_track(tmp_path: Path, has_gaze: bool) -> None:
    track = GazeTrackWriter(tmp_path / "a.gaze.csv", at(0))
    if has_gaze:
        track.add(gaze(0.1))
    else:
        track.set_scene_size((320, 240))
    assert track.finish() is None
    assert list(tmp_path.iterdir()) == []


def test_a_track_is_as_long_as_its_clip_and_begins_with_the_pre_roll(memory: Memory) -> None:
    live(memory, Film(memory))
    (moment,) = memory.moments()
    assert moment.clip is not None
    assert moment.gaze_track == track_beside(moment.clip)
    track = read_track(moment.gaze_track)
    assert track.clip_s[0] == pytest.approx(0, abs=0.01), "two seconds before the trigger"
    assert track.clip_s[-1] == pytest.approx(6.0, abs=0.006)
    assert np.diff(track.clip_s).max() < 0.01
    late = at(2) + np.round(track.clip_s * S).astype(np.int64)
    with moment.gaze_track.open(newline="") as file:
        assert [int(row["t_ns"]) for row in csv.DictReader(file)] == pytest.approx(late)
    known = [kind for kind, s in zip(track.movement, track.clip_s, strict=True) if s < 5.9]
    assert None not in known
    assert {FIXATION, SACCADE} == set(known)


def test_the_same_gaze_gives_the_same_bytes(tmp_path: Path) -> None:
    tracks = []
    for name in ("a", "b"):
        with Memory.open(tmp_path / name / "memory.sqlite") as memory:
            live(memory, Film(memory))
            (moment,) = memory.moments()
            assert moment.gaze_track is not None
            tracks.append(moment.gaze_track.read_bytes())
    assert tracks[0] == tracks[1]


def test_gaze_before_the_trigger_is_bounded() -> None:
    roll = PreRoll(seconds=1.0)
    for step in range(10_000):
        roll.add_gaze(gaze(step / 1000))
    kept = [item.t_ns for item in roll.gaze(0) if isinstance(item, GazeSample)]
    assert kept[0] == kept[-1] - S
    for _ in range(10_000):
        roll.add_gaze(gaze(10))
    assert len(list(roll.gaze(0))) == 6_000
    roll.clear()
    assert list(roll.gaze(0)) == []


@pytest.mark.parametrize(
    "selection",
    [{"moment_ids": (1,)}, {"start_ns": at(7), "end_ns": at(7.5)}, {"person_ids": (1,)}],
)
def test_forgetting_takes_the_gaze_too(memory: Memory, selection: dict[str, object]) -> None:
    live(memory, Film(memory))
    (moment,) = memory.moments()
    assert moment.gaze_track is not None
    assert moment.gaze_track.is_file()
    if "person_ids" in selection:
        selection = {"person_ids": (memory.people()[0].id,)}
    memory.forget(Selection(**selection))  # type: ignore[arg-type]
    assert [path for path in memory.media.rglob("*") if path.is_file()] == []
    assert [m.gaze_track for m in memory.moments()] in ([], [None])
    memory.export(memory.path.parent / "export")
    exported = (memory.path.parent / "export").rglob("*.csv")
    assert list(exported) == []


def test_a_moment_forgotten_while_it_is_filmed_leaves_no_gaze(memory: Memory) -> None:
    film = Film(memory)
    memory.begin(URI, START)
    for frame in frames(0, 3):
        film.update(frame)
        film.update(gaze((frame.t_ns - START) / S))
        if frame.index in (30, 60):
            event = opened(0.5) if frame.index == 30 else closed(0.5, 2.0, "cup")
            film.on_event(event, memory.record(event))
        if frame.index == 60:
            memory.forget(Selection(moment_ids=(1,)))
    film.close()
    assert [path for path in memory.media.rglob("*") if path.is_file()] == []


def test_an_export_holds_the_gaze_beside_the_clips(memory: Memory, tmp_path: Path) -> None:
    live(memory, Film(memory))
    (moment,) = memory.moments()
    report = memory.export(tmp_path / "export")
    copy = tmp_path / "export" / "media" / "clips" / "moment-000001.gaze.csv"
    assert moment.gaze_track is not None
    assert copy.read_bytes() == moment.gaze_track.read_bytes()
    assert report.files == 3
    told = (tmp_path / "export" / "moments.jsonl").read_text()
    assert '"gaze_track": "clips/moment-000001.gaze.csv"' in told


def test_what_was_half_written_is_finished_at_the_next_start(memory: Memory) -> None:
    film = Film(memory)
    memory.begin(URI, START)
    for frame in frames(0, 5):
        film.update(frame)
        film.update(gaze((frame.t_ns - START) / S))
        if frame.index == 60:
            event = opened(1, 2)
            film.on_event(event, memory.record(event))
    memory.record(said(2, 3, "Half a moment."))
    film.on_event(movement(FIXATION, 1.0, 2.0), None)
    with (memory.media / "clips" / "moment-000001.gaze.csv.journal").open("a") as journal:
        journal.write("gaze,17000000450000")  # the process dies within a line
    del film
    memory.close()
    with Memory.open(memory.path, memory.media) as again:
        (moment,) = again.moments()
        assert moment.gaze_track is not None
        track = read_track(moment.gaze_track)
        assert track.clip_s[-1] == pytest.approx(4 - 1 / 30, abs=1e-3), "no sample is lost"
        assert set(track.movement) == {FIXATION, None}
        assert moment.thumbnail is not None
        left = sorted(p.name for p in (memory.media / "clips").iterdir())
        assert left == ["moment-000001.gaze.csv", "moment-000001.mp4"]


def test_a_moment_that_closed_before_its_clip_was_finished_keeps_both(memory: Memory) -> None:
    film = Film(memory)
    memory.begin(URI, START)
    for frame in frames(0, 5):
        film.update(frame)
        film.update(gaze((frame.t_ns - START) / S))
        if frame.index == 60:
            event = opened(1, 2)
            film.on_event(event, memory.record(event))
    memory.record(closed(1, 5, "cup"))  # the process dies before the film is told
    del film
    memory.close()
    with Memory.open(memory.path, memory.media) as again:
        (moment,) = again.moments()
        assert moment.clip is not None
        assert moment.gaze_track is not None
        assert moment.end_ns == at(5)
        picture = cv2.imread(str(moment.thumbnail))
        assert picture is not None
        assert picture[5, 5].mean() == pytest.approx(20 + 30, abs=8), "the attended frame"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is full")
@pytest.mark.parametrize("file", ["moment-000001.gaze.csv.journal", "moment-000001.mp4.part"])
def test_on_a_full_disk_the_moment_stays_without_clip_and_gaze(memory: Memory, file: str) -> None:
    clips = memory.media / "clips"
    clips.mkdir(parents=True)
    (clips / file).symlink_to("/dev/full")
    film = Film(memory)
    with pytest.raises(MemoryStoreError, match="free some space") as error:
        live(memory, film)
    assert error.value.code == "disk-full"
    film.close()
    (moment,) = memory.moments()
    assert (moment.clip, moment.gaze_track) == (None, None)
    assert list(clips.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "t_ns,clip_s\n1,2\n", "\0\0\0", f"{','.join(COLUMNS)}\n1,2,x"]
)
def test_what_is_no_track_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.gaze.csv").write_text(text)
    with pytest.raises(MemoryStoreError, match="no gaze track"):
        read_track(tmp_path / "a.gaze.csv")


_KILLED = """
import sys
from pathlib import Path
from tests.memory.clips.test_gaze_track import FIXATION, gaze, movement, writer
track = writer(Path(sys.argv[1]))
for step in range(1000):
    track.add(gaze(step / 200))
track.add(movement(FIXATION, 0, 5))
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_loses_no_sample(tmp_path: Path) -> None:
    path = tmp_path / "a.gaze.csv"
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    assert not path.exists(), "whole or not at all"
    assert finish_track(path) == path
    track = read_track(path)
    assert len(track.clip_s) == 1000
    assert set(track.movement) == {FIXATION}
    assert list(tmp_path.iterdir()) == [path]
