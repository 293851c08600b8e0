"""The sample day, gone through once for all journeys."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from app.remembering import open_memory
from app.sample.build import sample_path
from app.sample.truth import Truth, read_truth
from app.settings import load_settings
from memory.store import Memory
from tests.conftest import REPOSITORY
from tests.system import offline


@dataclass(frozen=True, slots=True)
class Walked:
    """What going through the sample day left behind."""

    store: Path
    output: str


def walk(store: Path) -> Walked:
    arguments = ("run", "sample", "--store", str(store), "--model", "qwen2.5-0.5b")
    done = subprocess.run(
        offline.command(*arguments),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Walked(store, done.stdout + done.stderr)


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Walked:
    """The day, gone through by whichever process of the tests needs it first."""
    sample_path()
    folder = tmp_path_factory.getbasetemp()
    folder = (folder if worker_id == "master" else folder.parent) / "day"
    output = folder / "output.txt"
    with FileLock(f"{folder}.lock"):
        if not output.is_file():
            done = walk(folder / "store")
            output.write_text(done.output, encoding="utf-8")
    return Walked(folder / "store", output.read_text(encoding="utf-8"))


@pytest.fixture
def memory(walked: Walked) -> Iterator[Memory]:
    with open_memory(load_settings(walked.store), by_meaning=True) as memory:
        yield memory


@pytest.fixture(scope="session")
def truth() -> Truth:
    return read_truth(sample_path())
