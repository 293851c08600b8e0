"""Promises about the whole: offline, the same twice, nothing lost, forgotten for good."""

from __future__ import annotations

import filecmp
import subprocess
import sys
from pathlib import Path

import pytest

from app.remembering import open_memory
from app.settings import load_settings
from tests.conftest import REPOSITORY
from tests.system import offline
from tests.system.conftest import Walked, walk

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def export(store: Path, folder: Path) -> Path:
    with open_memory(load_settings(store)) as memory:
        memory.export(folder)
    return folder


def test_the_day_was_gone_through_without_any_network(walked: Walked) -> None:
    assert "OFFLINE PROMISE BROKEN" not in walked.output
    assert "What Attune remembers" in walked.output


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import urllib.request; urllib.request.urlopen('http://example.org', timeout=1)",
    ],
)
def test_the_guard_would_have_noticed(attempt: str) -> None:
    """The offline test can fail: what it forbids is really forbidden."""
    code = (
        f"import sys; from tests.system.offline import forbid; sys.addaudithook(forbid); {attempt}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "OFFLINE PROMISE BROKEN" in done.stderr


def test_nothing_leaves_the_namespace() -> None:
    prefix = offline.namespace()
    if not prefix:
        pytest.skip("this machine allows no network namespace (unshare, iproute2)")
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 2)"
    done = subprocess.run(
        [*prefix, sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert "unreachable" in done.stderr.lower()


def test_the_same_recording_gives_the_same_memory(walked: Walked, tmp_path: Path) -> None:
    again = walk(tmp_path / "again")
    first, second = export(walked.store, tmp_path / "a"), export(again.store, tmp_path / "b")
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert files == sorted(p.relative_to(second) for p in second.rglob("*") if p.is_file())
    _, different, failed = filecmp.cmpfiles(first, second, map(str, files), shallow=False)
    assert not different
    assert not failed
