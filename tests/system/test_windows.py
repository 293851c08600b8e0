from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.sample.build import sample_path
from memory.clips.film import Film
from memory.records import Kind
from tests.conftest import REPOSITORY
from tests.memory.clips.test_gaze_track import live
from tests.memory.day import events, open_memory, remember

pytestmark = pytest.mark.window

GROUND_BGR = (26, 20, 22)


@pytest.fixture(scope="session")
def display() -> list[str]:
    """What to put before a command so that it can open a window."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return []
    if shutil.which("xvfb-run"):
        return ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24"]
    pytest.skip("no display: sudo apt-get install xvfb libgl1-mesa-dri")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with open_memory(tmp_path) as memory:
        remember(memory, events())
    return tmp_path


@pytest.fixture
def filmed(tmp_path: Path) -> Path:
    """A store with one moment of six seconds that has a clip and a gaze track."""
    with open_memory(tmp_path) as memory:
        live(memory, Film(memory))
    return tmp_path


def hand(display: list[str], what: str, store: Path, other: Path, **environment: str) -> str:
    done = subprocess.run(
        [*display, sys.executable, "-m", "tests.system.hand", what, str(store), str(other)],
        cwd=REPOSITORY,
        env={**os.environ, "TZ": "UTC", **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def assert_drawn(picture: Path) -> None:
    image = cv2.imread(str(picture))
    assert image is not None
    assert image.shape[0] > 600
    ground = np.all(np.abs(image.astype(int) - GROUND_BGR) <= 2, axis=2).mean()
    assert 0.02 < ground < 0.95, f"{ground:.0%} of {picture.name} is plain ground"
    assert image.std() > 12
    assert image.max() > 200, f"{picture.name} has no text"


def test_every_face_is_drawn_over_a_real_day(
    display: list[str], store: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pictures"
    out.mkdir()
    hand(display, "portraits", store, out)
    names = ["companion.png", "life-log.png", "moment.png", "reflection.png"]
    assert sorted(path.name for path in out.iterdir()) == names
    for name in names:
        assert_drawn(out / name)
    assert len({(out / name).read_bytes() for name in names}) == len(names)


def test_every_face_is_drawn_over_an_empty_store(display: list[str], tmp_path: Path) -> None:
    open_memory(tmp_path).close()
    out = tmp_path / "pictures"
    out.mkdir()
    hand(display, "portraits", tmp_path, out)
    for name in ("companion.png", "life-log.png", "reflection.png"):
        image = cv2.imread(str(out / name))
        assert image is not None
        assert image.max() > 200, f"{name} gives no advice"


def test_a_moment_deleted_by_hand_is_forgotten(display: list[str], store: Path) -> None:
    hand(display, "delete", store, store)
    with open_memory(store) as memory:
        assert [moment.people for moment in memory.moments()] == [()]
        assert memory.counts()[Kind.MOMENT] == 1


def test_a_deletion_taken_back_forgets_nothing(display: list[str], store: Path) -> None:
    with open_memory(store) as memory:
        before = memory.counts()
    hand(display, "undo", store, store)
    with open_memory(store) as memory:
        assert memory.counts() == before


def test_a_person_renamed_by_hand_keeps_the_name(display: list[str], store: Path) -> None:
    hand(display, "rename", store, store)
    with open_memory(store) as memory:
        named = [person for person in memory.people() if person.is_name_given]
    assert [person.name for person in named] == ["Ruth"]


def test_the_search_finds_and_esc_brings_the_day_back(display: list[str], store: Path) -> None:
    hand(display, "search", store, store)


@pytest.mark.parametrize("what", ["watch", "scrub", "find"])
def test_a_clip_plays_with_its_gaze(display: list[str], filmed: Path, what: str) -> None:
    hand(display, what, filmed, filmed)


def test_why_shows_the_memory_and_opens_its_moment(display: list[str], store: Path) -> None:
    hand(display, "why", store, store)


def test_yes_this_was_why_is_kept(display: list[str], store: Path) -> None:
    hand(display, "answer", store, store)
    with open_memory(store) as memory:
        assert [feeling.is_confirmed for feeling in memory.feelings()] == [True]


@pytest.mark.weights
def test_a_session_runs_behind_the_window_until_it_is_closed(
    display: list[str], tmp_path: Path
) -> None:
    open_memory(tmp_path).close()
    said = hand(display, "live", tmp_path, sample_path())
    assert int(said.split()[-1]) > 0


@pytest.mark.weights
def test_what_breaks_a_session_is_shown_and_then_raised(display: list[str], tmp_path: Path) -> None:
    open_memory(tmp_path).close()
    nothing = tmp_path / "nothing fetched"
    said = hand(display, "broken", tmp_path, sample_path(), ATTUNE_CACHE=str(nothing))
    assert said.split()[-2:] == ["error", "not-fetched"]
