"""The one window: readied before Kivy is imported, with Attune's own settings."""

from __future__ import annotations

import logging
import os

from platformdirs import user_cache_path

WIDTH_DP, HEIGHT_DP = 1280, 800
MIN_WIDTH_DP, MIN_HEIGHT_DP = 1000, 640

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
}


def prepare() -> None:
    """Set Kivy up for Attune; must run before anything imports ``kivy.core.window``.

    Kivy keeps no log of its own, leaves the command line and Python's logging alone, and keeps
    its files in Attune's cache.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # Pasting works without the X selection, which Kivy would miss aloud.
    logging.getLogger("kivy").addFilter(lambda said: "Cutbuffer" not in said.getMessage())
    home = user_cache_path("attune") / "kivy"
    home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("KIVY_HOME", str(home))

    from kivy.config import Config

    Config.set("graphics", "width", WIDTH_DP)
    Config.set("graphics", "height", HEIGHT_DP)
    Config.set("graphics", "minimum_width", MIN_WIDTH_DP)
    Config.set("graphics", "minimum_height", MIN_HEIGHT_DP)
    Config.set("graphics", "multisamples", 4)
    Config.set("kivy", "exit_on_escape", 0)
    Config.set("kivy", "desktop", 1)
    Config.set("input", "mouse", "mouse,disable_multitouch")
