"""Kill the writer at random points: what was committed is there, and nothing is half there."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest

from memory.clips.gaze_track import read_track
from memory.store import Memory

_WRITER = """
import sys
from pathlib import Path
from firmware_bridge.packets import GazeSample
from memory.clips.film import Film
from memory.store import Memory
from tests.memory.day import START, at, closed, line, opened, person, said, thing
from tests.memory.clips.test_media import frames, sound

folder, begin = Path(sys.argv[1]), float(sys.argv[2])
with Memory.open(folder / "memory.sqlite", folder / "media") as memory:
    film = Film(memory)
    memory.begin("recording:/crash", START)
    for second in range(10_000):
        t = begin + second
        script = {
            0: opened(t - 0.4 if second else t),
            1: thing(t, "cup"),
            2: said(t - 1, t, f"Sentence number {int(t)} of a long day."),
            3: person(t - 2, t, "person-1", int(t)),
            4: line(t, f"GATE {int(t)}"),
            5: closed(t - 5 - (0.4 if second > 5 else 0), t, "cup"),
        }
        for frame in frames(t, t + 1):
            film.update(frame)
            film.update(sound(frame.t_ns))
            for step in range(6):
                film.update(GazeSample(frame.t_ns + step * 5_000_000, 160.0, 120.0))
        event = script[second % 6]
        film.on_event(event, memory.record(event))
        if second % 6 == 2:
            print(int(t), flush=True)
"""


@pytest.mark.parametrize("seed", range(10))
def test_kill_at_any_point(crashed: Path, seed: int) -> None:
    said = _write_until_killed(crashed, begin=seed * 1000.0, seed=seed)
    database = crashed / "memory.sqlite"
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        raw.execute("INSERT INTO words(words, rank) VALUES ('integrity-check', 1)")
    with Memory.open(database, crashed / "media") as memory:
        remembered = {spoken.text for spoken in memory.spoken()}
        missing = [n for n in said if f"Sentence number {n} of a long day." not in remembered]
        assert missing == []
        moments = memory.moments()
        named = {path for m in moments for path in (m.clip, m.thumbnail) if path is not None}
        named |= {m.gaze_track for m in moments if m.gaze_track is not None}
        named |= {p.thumbnail for p in memory.people() if p.thumbnail is not None}
        assert {p for p in memory.media.rglob("*") if p.is_file()} == named
        for moment in moments[-2:]:
            assert moment.end_ns > moment.start_ns
            if moment.clip is not None:
                shown = _shown_s(moment.clip)
                assert moment.gaze_track is not None
                track = read_track(moment.gaze_track)
                assert track.clip_s[0] < 0.1
                assert track.clip_s[-1] >= shown[-1], "gaze reaches as far as the pictures"
                assert np.diff(track.clip_s).max() < 0.02


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store that goes through all crashes, one after the other."""
    return tmp_path_factory.mktemp("crashed")


def _shown_s(clip: Path) -> list[float]:
    with av.open(str(clip)) as container:
        return [float(frame.time or 0.0) for frame in container.decode(video=0)]


def _write_until_killed(folder: Path, begin: float, seed: int) -> list[int]:
    """Record until a random time after the first sentence was confirmed; return all confirmed."""
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder), str(begin)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0.0, 0.5))  # noqa: S311
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().splitlines(keepends=True)
    assert first.endswith("\n"), "the writer failed before it was killed"
    return [int(line) for line in (first, *rest) if line.endswith("\n")]
