from __future__ import annotations

import pytest

from app.windows import LIFELOG, WindowError, open_face
from memory.store import Memory


def test_without_a_display_the_way_to_one_is_named(
    empty: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(WindowError) as caught:
        open_face(LIFELOG, empty)
    assert caught.value.code == "no-display"
    assert "sudo apt-get install xvfb" in caught.value.message
