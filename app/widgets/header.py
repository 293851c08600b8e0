"""The head of a face: its day in large letters, and the way to other days."""

from __future__ import annotations

from collections.abc import Callable

from kivy.uix.widget import Widget

from app.widgets.button import TextButton, Tone
from app.widgets.layout import Column, Row
from app.widgets.marks import Icon
from app.widgets.text import Wrap
from app.widgets.theme import DISPLAY, PAPER, SMALL, SPACE


class Header(Row):
    """Title and subtitle, arrows to earlier and later days, and more on the right."""

    def __init__(
        self, earlier: Callable[[], None], later: Callable[[], None], *more: Widget
    ) -> None:
        middle = {"center_y": 0.5}
        self._title = Wrap("", DISPLAY, lines=1)
        self._subtitle = Wrap("", SMALL, lines=1)
        self._earlier = TextButton(
            "", earlier, Tone.QUIET, Icon("left", 16, PAPER), pos_hint=middle
        )
        self._later = TextButton("", later, Tone.QUIET, Icon("right", 16, PAPER), pos_hint=middle)
        super().__init__(
            Column(self._title, self._subtitle, gap=2, pos_hint=middle),
            self._earlier,
            self._later,
            *more,
            gap=SPACE.s,
        )

    def show(self, title: str, subtitle: str, can_go_earlier: bool, can_go_later: bool) -> None:
        """Show another day."""
        self._title.say(title)
        self._subtitle.say(subtitle)
        self._earlier.disabled = not can_go_earlier
        self._later.disabled = not can_go_later
