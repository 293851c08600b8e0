"""Small drawings: the marks of feelings, the indicator, the icons."""

from __future__ import annotations

import math
from typing import Any

from kivy.graphics import Color, Ellipse, InstructionGroup, Line, Mesh, RoundedRectangle
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty, ObjectProperty
from kivy.uix.widget import Widget

from app.widgets.theme import FEELINGS, MUTED, PAPER, RECORDING, Rgba, Shape
from perception.events import Emotion

_UNIT = {
    Shape.DIAMOND: [(0.0, 1.05), (1.05, 0.0), (0.0, -1.05), (-1.05, 0.0)],
    Shape.TRIANGLE: [(0.0, 1.0), (1.05, -0.8), (-1.05, -0.8)],
    Shape.HEXAGON: [(math.sin(k * math.pi / 3), math.cos(k * math.pi / 3)) for k in range(6)],
    Shape.SQUARE: [(-0.85, -0.85), (-0.85, 0.85), (0.85, 0.85), (0.85, -0.85)],
}


def outline(shape: Shape, steps: int = 28) -> list[tuple[float, float]]:
    """Return the corners of a shape that fits a circle of radius about 1 around the origin."""
    if shape in _UNIT:
        return _UNIT[shape]
    angles = [2 * math.pi * k / steps for k in range(steps)]
    if shape is Shape.CIRCLE:
        return [(math.sin(a), math.cos(a)) for a in angles]
    return [(0.8 * math.sin(a) * math.sin(a / 2), 1.05 * math.cos(a)) for a in angles]


def shape_mesh(shape: Shape, center: tuple[float, float], radius: float) -> Mesh:
    """Return a filled shape."""
    corners = [(center[0] + x * radius, center[1] + y * radius) for x, y in outline(shape)]
    vertices = [value for x, y in [center, *corners, corners[0]] for value in (x, y, 0, 0)]
    return Mesh(vertices=vertices, indices=range(len(corners) + 2), mode="triangle_fan")


class Drawn(Widget):
    """A widget that redraws itself when it moves or changes colour."""

    ink = ColorProperty(PAPER)

    def __init__(self, size_dp: float, **options: Any) -> None:
        super().__init__(size_hint=(None, None), size=(dp(size_dp), dp(size_dp)), **options)
        self.bind(pos=self.redraw, size=self.redraw, ink=self.redraw)
        self.redraw()

    def redraw(self, *_: object) -> None:
        """Draw anew."""
        self.canvas.clear()
        group = InstructionGroup()
        group.add(Color(rgba=self.ink))
        self.draw(group)
        self.canvas.add(group)

    def draw(self, group: InstructionGroup) -> None:
        """Add the drawing; the colour is set."""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Turn a position in the unit square into one in the window."""
        return self.x + x * self.width, self.y + y * self.height


class FeelingMark(Drawn):
    """The shape and the colour of a feeling."""

    emotion = ObjectProperty(None, allownone=True)

    def __init__(self, emotion: Emotion | None, size_dp: float = 14, **options: Any) -> None:
        super().__init__(size_dp, emotion=emotion, **options)
        self.bind(emotion=self.redraw)

    def draw(self, group: InstructionGroup) -> None:
        """Draw the shape, or nothing without a feeling."""
        if self.emotion is None:
            return
        style = FEELINGS[self.emotion]
        group.add(Color(rgba=style.colour))
        group.add(shape_mesh(style.shape, self.center, self.width * 0.46))


class Indicator(Drawn):
    """A dot while recording, two bars while paused, a ring while off."""

    recording = ObjectProperty(True)
    is_paused = BooleanProperty(False)

    def __init__(self, size_dp: float = 12, **options: Any) -> None:
        super().__init__(size_dp, **options)
        self.bind(recording=self.redraw, is_paused=self.redraw)

    def draw(self, group: InstructionGroup) -> None:
        """Draw the state."""
        if self.is_paused:
            group.add(Color(rgba=PAPER))
            for left in (0.12, 0.6):
                bar = (self.width * 0.28, self.height * 0.9)
                group.add(RoundedRectangle(pos=self.at(left, 0.05), size=bar, radius=[dp(1.5)]))
        elif self.recording:
            group.add(Color(rgba=RECORDING))
            group.add(Ellipse(pos=self.pos, size=self.size))
        else:
            group.add(Color(rgba=MUTED))
            group.add(Line(circle=(*self.center, self.width * 0.42), width=dp(1.2)))


class Icon(Drawn):
    """A line drawing on the unit square.

    Args:
        name: One of the keys of ``STROKES``.
    """

    def __init__(self, name: str, size_dp: float = 18, ink: Rgba = PAPER, **options: Any) -> None:
        self._strokes = STROKES[name]
        super().__init__(size_dp, ink=ink, **options)

    def draw(self, group: InstructionGroup) -> None:
        """Draw the strokes."""
        for stroke in self._strokes:
            points = [value for x, y in stroke for value in self.at(x, y)]
            group.add(Line(points=points, width=dp(1.25), cap="round", joint="round"))


def _arc(
    x: float, y: float, radius: float, start_deg: float = 0, end_deg: float = 360, flat: float = 1
) -> list[tuple[float, float]]:
    steps = [start_deg + (end_deg - start_deg) * k / 24 for k in range(25)]
    return [
        (x + radius * math.sin(math.radians(a)), y + flat * radius * math.cos(math.radians(a)))
        for a in steps
    ]


STROKES = {
    "companion": [
        _arc(0.5, 0.28, 0.52, -62, 62),
        _arc(0.5, 0.72, 0.52, 118, 242),
        _arc(0.5, 0.5, 0.15),
    ],
    "lifelog": [
        [(0.12, 0.12), (0.12, 0.88)],
        [(0.3, 0.58), (0.92, 0.58), (0.92, 0.88), (0.3, 0.88), (0.3, 0.58)],
        [(0.3, 0.12), (0.92, 0.12), (0.92, 0.42), (0.3, 0.42), (0.3, 0.12)],
    ],
    "reflection": [
        [(k / 20, 0.5 + 0.34 * math.sin(k / 20 * 2 * math.pi)) for k in range(21)],
        [(0.0, 0.5), (0.08, 0.5)],
        [(0.92, 0.5), (1.0, 0.5)],
    ],
    "left": [[(0.62, 0.85), (0.3, 0.5), (0.62, 0.15)]],
    "right": [[(0.38, 0.85), (0.7, 0.5), (0.38, 0.15)]],
    "search": [_arc(0.42, 0.58, 0.3), [(0.64, 0.36), (0.92, 0.08)]],
    "mic": [
        [(0.38, 0.5), *_arc(0.5, 0.8, 0.12, -90, 90), *_arc(0.5, 0.5, 0.12, 90, 270)],
        _arc(0.5, 0.52, 0.28, 90, 270),
        [(0.5, 0.24), (0.5, 0.06)],
    ],
    "pause": [[(0.34, 0.2), (0.34, 0.8)], [(0.66, 0.2), (0.66, 0.8)]],
    "play": [[(0.32, 0.14), (0.82, 0.5), (0.32, 0.86), (0.32, 0.14)]],
    "close": [[(0.2, 0.2), (0.8, 0.8)], [(0.2, 0.8), (0.8, 0.2)]],
    "pen": [[(0.14, 0.14), (0.2, 0.36), (0.72, 0.88), (0.88, 0.72), (0.36, 0.2), (0.14, 0.14)]],
    "bin": [
        [(0.14, 0.78), (0.86, 0.78)],
        [(0.38, 0.78), (0.38, 0.92), (0.62, 0.92), (0.62, 0.78)],
        [(0.24, 0.78), (0.3, 0.08), (0.7, 0.08), (0.76, 0.78)],
    ],
    "check": [[(0.14, 0.5), (0.4, 0.22), (0.88, 0.8)]],
}
