"""The sign that says on every face whether anything is being recorded."""

from __future__ import annotations

from collections.abc import Callable

from kivy.clock import Clock

from app.companion.presenter import Recording
from app.widgets.layout import Column
from app.widgets.marks import Indicator
from app.widgets.text import Wrap
from app.widgets.theme import MUTED, PAPER, SMALL_STRONG

_POLL_S = 0.2


class RecordingSign(Column):
    """Follows the loop's state; it has no way to be hidden."""

    def __init__(self, poll: Callable[[], Recording]) -> None:
        super().__init__(gap=6)
        self._poll = poll
        self._dot = Indicator(14, pos_hint={"center_x": 0.5})
        self._label = Wrap("", SMALL_STRONG, halign="center")
        self.add_widget(self._dot)
        self.add_widget(self._label)
        self.refresh()
        Clock.schedule_interval(self.refresh, _POLL_S)

    def refresh(self, *_: object) -> None:
        """Show the state now."""
        recording = self._poll()
        self._dot.recording = recording is Recording.ON
        self._dot.is_paused = recording is Recording.PAUSED
        self._label.say(recording.value)
        self._label.color = MUTED if recording is Recording.OFF else PAPER
