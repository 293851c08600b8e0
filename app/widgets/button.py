"""Buttons and chips."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from kivy.metrics import dp
from kivy.properties import BooleanProperty
from kivy.uix.behaviors import ButtonBehavior, FocusBehavior
from kivy.uix.widget import Widget

from app.widgets.layout import Hovered, Row, Surface
from app.widgets.text import Hug
from app.widgets.theme import (
    ACCENT,
    DANGER,
    HOVER,
    INK,
    LINE,
    MUTED,
    ON_ACCENT,
    PAPER,
    RAISED,
    SMALL_STRONG,
    SPACE,
    Rgba,
    faded,
    mixed,
)


class Tone(Enum):
    """How loud a button is: its fill and its text."""

    PRIMARY = (ACCENT, ON_ACCENT)
    QUIET = (RAISED, PAPER)
    BARE = (faded(RAISED, 0), MUTED)
    DANGER = (mixed(INK, DANGER, 0.22), DANGER)


class Press(FocusBehavior, ButtonBehavior, Hovered, Surface):
    """Anything that can be pressed with the pointer, Enter or Space, and shows focus and hover."""

    def __init__(self, on_press_: Callable[[], object], **options: Any) -> None:
        super().__init__(**options)
        self._rest: Rgba = tuple(self.fill)
        self.bind(on_release=lambda _: on_press_())
        for name in ("is_hovered", "focus", "disabled", "state"):
            self.bind(**{name: self._show_state})

    def rest(self, fill: Rgba) -> None:
        """Set the fill while nothing touches it."""
        self._rest = fill
        self._show_state()

    def _show_state(self, *_: object) -> None:
        hover = HOVER if self._rest[3] == 0 else mixed(self._rest, PAPER, 0.1)
        is_lit = self.is_hovered and not self.disabled
        self.fill = hover if is_lit or self.state == "down" else self._rest
        self.edge = ACCENT if self.focus else faded(LINE, 0)
        self.opacity = 0.45 if self.disabled else 1

    def keyboard_on_key_down(
        self, window: Widget, keycode: tuple[int, str], text: str, modifiers: list[str]
    ) -> bool:
        """Press on Enter or Space; leave the rest to the focus chain."""
        if keycode[1] in {"enter", "numpadenter", "spacebar"} and not self.disabled:
            self.trigger_action(0.1)
            return True
        return bool(super().keyboard_on_key_down(window, keycode, text, modifiers))


class PressRow(Press, Row):
    """A row that can be pressed."""


class TextButton(PressRow):
    """A button with words, and an icon before them where one is given."""

    def __init__(
        self,
        text: str,
        on_press_: Callable[[], object],
        tone: Tone = Tone.QUIET,
        icon: Widget | None = None,
        **options: Any,
    ) -> None:
        fill, ink = tone.value
        super().__init__(
            on_press_=on_press_,
            fill=fill,
            radius=SPACE.small_radius,
            height=dp(38),
            size_hint_x=None,
            padding=(dp(SPACE.l if text else SPACE.m), 0),
            **options,
        )
        self._label = Hug(text, SMALL_STRONG, ink, pos_hint={"center_y": 0.5})
        if icon:
            icon.pos_hint = {"center_y": 0.5}
            self.add_widget(icon)
        if text:
            self.add_widget(self._label)
        self.bind(minimum_width=self.setter("width"))

    def say(self, text: str) -> None:
        """Change the words."""
        self._label.text = text


class Chip(PressRow):
    """A small pill that is on or off, e.g. a person to filter by."""

    is_on = BooleanProperty(False)

    def __init__(
        self,
        text: str,
        on_press_: Callable[[], object],
        lead: Widget | None = None,
        is_on: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(
            on_press_=on_press_,
            fill=RAISED,
            radius=15,
            height=dp(30),
            size_hint_x=None,
            padding=(dp(4 if lead else SPACE.m), 0, dp(SPACE.m), 0),
            gap=6,
            **options,
        )
        if lead:
            lead.pos_hint = {"center_y": 0.5}
            self.add_widget(lead)
        self._label = Hug(text, SMALL_STRONG, PAPER, pos_hint={"center_y": 0.5})
        self.add_widget(self._label)
        self.bind(minimum_width=self.setter("width"), is_on=self._show_on)
        self.is_on = is_on

    def _show_on(self, *_: object) -> None:
        self._label.color = ON_ACCENT if self.is_on else PAPER
        self.rest(ACCENT if self.is_on else RAISED)
