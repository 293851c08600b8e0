"""Labels in the type scale of the theme."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import sp
from kivy.uix.label import Label

from app.widgets.clamp import clamp
from app.widgets.theme import BODY, Rgba, Type


class Hug(Label):
    """One line, as wide as its text."""

    def __init__(
        self, text: str = "", style: Type = BODY, colour: Rgba | None = None, **options: Any
    ) -> None:
        super().__init__(
            text=text,
            font_name=style.font,
            font_size=sp(style.size_sp),
            color=colour or style.colour,
            disabled_color=colour or style.colour,
            size_hint=(None, None),
            **options,
        )
        self.bind(texture_size=self.setter("size"))
        self.texture_update()
        self.size = self.texture_size


class Wrap(Label):
    """As wide as its parent gives and as tall as its lines need.

    Args:
        text: What to say.
        style: Typeface and size.
        colour: Instead of the style's own.
        lines: Cut to so many lines with an ellipsis; 0 shows all.
    """

    def __init__(
        self,
        text: str = "",
        style: Type = BODY,
        colour: Rgba | None = None,
        lines: int = 0,
        **options: Any,
    ) -> None:
        options = {"size_hint": (1, None), "halign": "left", "valign": "top"} | options
        super().__init__(
            font_name=style.font,
            font_size=sp(style.size_sp),
            color=colour or style.colour,
            disabled_color=colour or style.colour,
            line_height=1.12 if lines != 1 else 1.0,
            **options,
        )
        self._words = text
        self._lines = lines
        self._fit = Clock.create_trigger(self._set_text, -1)
        self.bind(width=self._on_width, texture_size=self._on_texture)
        self._set_text()

    def say(self, text: str) -> None:
        """Show another text."""
        if text != self._words:
            self._words = text
            self._set_text()

    def _on_width(self, *_: object) -> None:
        self.text_size = (self.width, None)
        if self._lines:
            self._fit()

    def _on_texture(self, *_: object) -> None:
        self.height = self.texture_size[1] if self._words else 0

    def _set_text(self, *_: object) -> None:
        self.text = (
            clamp(self._words, self.width, self._lines, self._measure)
            if (self._lines and self.width > 1)
            else self._words
        )
        self.texture_update()
        self._on_texture()

    def _measure(self, text: str) -> float:
        return float(self._label.get_extents(text)[0])
