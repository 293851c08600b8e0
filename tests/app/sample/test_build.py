from __future__ import annotations

import itertools
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pupil_labs.neon_recording as neon
import pytest

from app.sample.build import VOICE_FILE, build, sample_path
from app.sample.script import Script, script
from app.sample.sound import read_sound
from app.sample.truth import TRUTH_FILE, Truth, read_truth
from assets.errors import AssetError
from firmware_bridge.packets import AUDIO_RATE_HZ

pytestmark = pytest.mark.weights
SCENE = "Neon Scene Camera v1 ps1.mp4"


@pytest.fixture(scope="module")
def day() -> Path:
    return sample_path()


@pytest.fixture(scope="module")
def truth(day: Path) -> Truth:
    return read_truth(day)


@pytest.fixture(scope="module")
def sound(day: Path) -> npt.NDArray[np.int16]:
    return read_sound(day / SCENE)


def loudness_db(samples: npt.NDArray[np.int16]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(np.float64) ** 2)) / 32768 + 1e-9))


def between(
    truth: Truth, sound: npt.NDArray[np.int16], start_ns: int, end_ns: int
) -> npt.NDArray[np.int16]:
    first, last = (
        (t_ns - truth.start_ns) * AUDIO_RATE_HZ // 1_000_000_000 for t_ns in (start_ns, end_ns)
    )
    return sound[first:last]


def test_the_makers_own_reader_opens_it(day: Path, truth: Truth) -> None:
    recording = neon.open(day)
    duration_ns = truth.end_ns - truth.start_ns
    assert recording.start_time == truth.start_ns
    assert len(recording.scene) == script().frames
    for stream in (
        recording.gaze,
        recording.pupil,
        recording.eyelid,
        recording.imu,
        recording.worn,
    ):
        assert stream.time[0] - truth.start_ns < 50_000_000
        assert duration_ns - (stream.time[-1] - truth.start_ns) < 150_000_000
    assert len(recording.gaze) / duration_ns * 1e9 == pytest.approx(200, rel=0.02)
    assert recording.scene[100].bgr.shape == (600, 800, 3)
    assert len(recording.audio) * 1024 / AUDIO_RATE_HZ == pytest.approx(duration_ns / 1e9, abs=0.2)


def test_gaze_lies_on_what_is_looked_at(day: Path, truth: Truth) -> None:
    recording = neon.open(day)
    times, points = np.asarray(recording.gaze.time), np.asarray(recording.gaze.point)
    hits = total = 0
    for clip in truth.clips:
        for look in clip.looks:
            thing = next(thing for thing in clip.things if thing.label == look.label)
            # A look begins with the first real saccade after it was planned.
            inside = (times >= look.start_ns + 500_000_000) & (times < look.end_ns)
            keys = np.array(thing.boxes, np.float64)
            left, top, right, bottom = (
                np.interp(times[inside], keys[:, 0], keys[:, i]) for i in range(1, 5)
            )
            x, y = points[inside].T
            on = (x >= left - 15) & (x <= right + 15) & (y >= top - 15) & (y <= bottom + 15)
            hits, total = hits + int(on.sum()), total + len(on)
    assert hits / total > 0.85


def test_voices_are_where_the_truth_says(truth: Truth, sound: npt.NDArray[np.int16]) -> None:
    for clip in truth.clips:
        for line in clip.said:
            assert loudness_db(between(truth, sound, line.start_ns, line.end_ns)) > -40, line.text


def test_silence_follows_each_question(truth: Truth, sound: npt.NDArray[np.int16]) -> None:
    assert len(truth.questions) == 2
    for question in truth.questions:
        after = between(
            truth, sound, question.asked_ns + 50_000_000, question.asked_ns + 1_200_000_000
        )
        assert loudness_db(after) < -60


def test_nobody_interrupts(truth: Truth) -> None:
    lines = [line for clip in truth.clips for line in clip.said]
    for before, after in itertools.pairwise(lines):
        assert before.end_ns <= after.start_ns


def test_the_wearers_voice_can_be_learnt(day: Path, truth: Truth) -> None:
    with wave.open(str(day.parent / VOICE_FILE)) as voice:
        assert (voice.getframerate(), voice.getnchannels(), voice.getsampwidth()) == (16_000, 1, 2)
        assert voice.getnframes() >= 6 * 16_000
    spoken = {line.text for clip in truth.clips for line in clip.said}
    assert script().wearer_voice not in spoken


def test_it_is_built_once(day: Path) -> None:
    seen: list[int] = []
    assert sample_path(lambda done, total: seen.append(done)) == day
    assert seen == []


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    short = script().model_copy(update={"clips": script().clips[1:2]})
    assert isinstance(short, Script)
    contents = []
    for name in ("first", "second"):
        steps: list[tuple[int, int]] = []
        build(short, tmp_path / name, lambda *step: steps.append(step))  # noqa: B023
        assert steps[-1] == (short.frames, short.frames)
        files = sorted(file for file in (tmp_path / name).rglob("*") if file.is_file())
        contents.append([(file.name, file.read_bytes()) for file in files])
    assert contents[0] == contents[1]
    assert {SCENE, TRUTH_FILE, VOICE_FILE} <= {name for name, _ in contents[0]}


def test_absent_footage_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    with pytest.raises(AssetError, match="attune assets fetch core sample") as error:
        sample_path()
    assert error.value.code == "not-fetched"
