"""What is installed, found and missing, and the one command that mends it."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.settings import SETTINGS_FILE, Settings
from assets import fetch
from assets.errors import AttuneError
from assets.manifest import GROUPS, manifest
from firmware_bridge import host_audio

FREE_BYTES_WANTED = 4 * 1024**3


class Health(StrEnum):
    """How a finding bears on the main job."""

    GOOD = "good"
    LIMITED = "limited"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        mend: The one command that mends it, or an empty string.
    """

    name: str
    health: Health
    detail: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything that Attune needs, most important first."""
    yield _python()
    yield _sqlite()
    yield from _assets()
    yield _runtime()
    yield _settings(settings)
    yield _disk(settings)
    yield _display()
    yield from _sound()


def is_fit(findings: Iterable[Finding]) -> bool:
    """Tell whether the main job can run."""
    return all(finding.health is not Health.MISSING for finding in findings)


def _python() -> Finding:
    return Finding("Python", Health.GOOD, ".".join(str(part) for part in sys.version_info[:3]))


def _sqlite() -> Finding:
    with sqlite3.connect(":memory:") as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" in options:
        return Finding("SQLite", Health.GOOD, f"{sqlite3.sqlite_version} with full-text search")
    return Finding("SQLite", Health.MISSING, "this Python's SQLite has no full-text search (FTS5)")


def _assets() -> Iterator[Finding]:
    for group in GROUPS:
        missing = [asset.name for asset in manifest().select([group]) if not is_fetched(asset.name)]
        if not missing:
            yield Finding(f"assets: {group}", Health.GOOD, "fetched and verified")
            continue
        health = Health.MISSING if group == "core" else Health.LIMITED
        detail = f"{len(missing)} not fetched: {', '.join(missing)}"
        yield Finding(f"assets: {group}", health, detail, f"attune assets fetch {group}")


def _runtime() -> Finding:
    if ctypes.util.find_library("gomp"):
        return Finding("model runtime", Health.GOOD, "libgomp is there")
    mend = "sudo apt-get install libgomp1"
    return Finding("model runtime", Health.LIMITED, "no libgomp: replies quote memory", mend)


def is_fetched(name: str) -> bool:
    """Tell whether an asset is in the cache and matches the manifest."""
    try:
        fetch.path(name)
    except AttuneError:
        return False
    return True


def _settings(settings: Settings) -> Finding:
    source = str(SETTINGS_FILE) if SETTINGS_FILE.exists() else "defaults (no settings file)"
    if settings.chat.base_url:
        return Finding("settings", Health.GOOD, f"{source}; remote model, not offline")
    return Finding("settings", Health.GOOD, f"{source}; offline")


def _disk(settings: Settings) -> Finding:
    folder = settings.store
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    detail = f"{settings.store}, {free / 1024**3:.1f} GiB free"
    if not os.access(folder, os.W_OK):
        return Finding("store", Health.MISSING, f"{settings.store} cannot be written")
    health = Health.GOOD if free >= FREE_BYTES_WANTED else Health.LIMITED
    return Finding("store", health, detail)


def _display() -> Finding:
    if not ctypes.util.find_library("GL"):
        mend = "sudo apt-get install libgl1 libgl1-mesa-dri"
        return Finding("windows", Health.LIMITED, "no OpenGL library", mend)
    if not has_display():
        return Finding("windows", Health.LIMITED, "no display; the terminal view works")
    return Finding("windows", Health.GOOD, "a display is there")


def _sound() -> Iterator[Finding]:
    for name, check in (
        ("microphone", host_audio.require_microphone),
        ("speaker", host_audio.require_speaker),
    ):
        try:
            yield Finding(name, Health.GOOD, check())
        except AttuneError as error:
            yield Finding(name, Health.LIMITED, error.message)


def has_display() -> bool:
    """Tell whether a window can be opened."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
