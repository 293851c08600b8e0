"""A single-line text entry with a hint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.metrics import dp, sp
from kivy.uix.textinput import TextInput

from app.widgets.layout import Row, Surface
from app.widgets.marks import Icon
from app.widgets.theme import ACCENT, FAINT, LINE, MUTED, PAPER, RAISED, SANS, SPACE, faded


class Entry(Surface, Row):
    """A text entry on a surface, lit while it has the focus.

    Args:
        hint: Said while it is empty.
        on_enter: Called with the text on Enter.
        icon: Name of an icon in front.
    """

    def __init__(
        self, hint: str, on_enter: Callable[[str], object], icon: str = "", **options: Any
    ) -> None:
        options.setdefault("height", dp(42))
        super().__init__(
            fill=RAISED, radius=SPACE.small_radius, padding=(dp(SPACE.m), 0), **options
        )
        if icon:
            self.add_widget(Icon(icon, 16, MUTED, pos_hint={"center_y": 0.5}))
        self.input = TextInput(
            hint_text=hint,
            multiline=False,
            write_tab=False,
            font_name=SANS,
            font_size=sp(16),
            foreground_color=PAPER,
            hint_text_color=FAINT,
            cursor_color=ACCENT,
            selection_color=faded(ACCENT, 0.35),
            background_color=(0, 0, 0, 0),
            background_normal="",
            background_active="",
            padding=(dp(2), dp(9)),
            text_validate_unfocus=False,
        )
        self.add_widget(self.input)
        self.input.bind(on_text_validate=lambda field: on_enter(field.text))
        self.input.bind(focus=self._show_focus)

    @property
    def text(self) -> str:
        """What is written."""
        return str(self.input.text)

    @text.setter
    def text(self, text: str) -> None:
        self.input.text = text

    def _show_focus(self, _: TextInput, has_focus: bool) -> None:
        self.edge = ACCENT if has_focus else faded(LINE, 0)
