"""Rows, columns and surfaces."""

from __future__ import annotations

from typing import Any

from kivy.core.window import Window
from kivy.graphics import Color, Line, RoundedRectangle
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from app.widgets.theme import LINE, SPACE, SURFACE, faded


class Row(BoxLayout):
    """Children side by side; as tall as the tallest unless told otherwise."""

    def __init__(self, *children: Widget, gap: float = SPACE.s, **options: Any) -> None:
        if "size_hint" not in options:
            options.setdefault("size_hint_y", None)
        super().__init__(orientation="horizontal", spacing=dp(gap), **options)
        if "height" not in options and self.size_hint_y is None:
            self.bind(minimum_height=self.setter("height"))
        for child in children:
            self.add_widget(child)


class Column(BoxLayout):
    """Children below each other; as tall as all of them unless told otherwise."""

    def __init__(self, *children: Widget, gap: float = SPACE.s, **options: Any) -> None:
        if "size_hint" not in options:
            options.setdefault("size_hint_y", None)
        super().__init__(orientation="vertical", spacing=dp(gap), **options)
        if "height" not in options and self.size_hint_y is None:
            self.bind(minimum_height=self.setter("height"))
        for child in children:
            self.add_widget(child)


class Gap(Widget):
    """Empty space: of a fixed size, or whatever is left."""

    def __init__(self, size_dp: float | None = None) -> None:
        fixed = {} if size_dp is None else {"size_hint": (None, None), "size": (dp(size_dp),) * 2}
        super().__init__(**fixed)


class Surface(Widget):
    """A mixin that paints a rounded rectangle behind a widget.

    Args:
        fill: Its colour.
        edge: The colour of its outline.
        radius: Of its corners.
    """

    fill = ColorProperty(SURFACE)
    edge = ColorProperty(faded(LINE, 0))

    def __init__(self, radius: float = SPACE.radius, **options: Any) -> None:
        super().__init__(**options)
        self._radius = dp(radius)
        with self.canvas.before:
            self._fill = Color(rgba=self.fill)
            self._back = RoundedRectangle(radius=[self._radius])
            self._edge = Color(rgba=self.edge)
            self._outline = Line(width=dp(1))
        self.bind(pos=self._place, size=self._place, fill=self._paint, edge=self._paint)
        self._place()

    def _place(self, *_: object) -> None:
        self._back.pos, self._back.size = self.pos, self.size
        inset = dp(1)
        self._outline.rounded_rectangle = (
            self.x + inset,
            self.y + inset,
            max(0, self.width - 2 * inset),
            max(0, self.height - 2 * inset),
            min(self._radius, self.height / 2),
        )

    def _paint(self, *_: object) -> None:
        self._fill.rgba = self.fill
        self._edge.rgba = self.edge


class Card(Surface, Column):
    """A column on a surface."""

    def __init__(self, *children: Widget, padding: float = SPACE.l, **options: Any) -> None:
        super().__init__(padding=dp(padding), **options)
        for child in children:
            self.add_widget(child)


class Hovered(Widget):
    """A mixin that knows whether the pointer is over a visible widget."""

    is_hovered = BooleanProperty(False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.bind(parent=self._watch)

    def _watch(self, _: Widget, parent: Widget | None) -> None:
        if parent is None:
            Window.unbind(mouse_pos=self._on_pointer)
            self.is_hovered = False
        else:
            Window.bind(mouse_pos=self._on_pointer)

    def _on_pointer(self, _: object, position: tuple[float, float]) -> None:
        if self.get_root_window() is not None:
            self.is_hovered = bool(self.collide_point(*self.to_widget(*position)))
