"""The ribbon of a day: valence as height, arousal as thickness, the feeling as colour and shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, InstructionGroup, Line, Mesh, Rectangle
from kivy.input import MotionEvent
from kivy.metrics import dp, sp
from kivy.uix.widget import Widget

from app.reflection.curve import Sample, course
from app.reflection.state import RibbonPoint, Tick
from app.widgets.marks import shape_mesh
from app.widgets.theme import FAINT, FEELINGS, INK, LINE, MUTED, PAPER, SANS, Rgba, faded

_THIN_DP, _THICK_DP = 2.5, 30
_LEFT_DP, _BELOW_DP, _MARGIN_DP = 92, 26, 22


class Ribbon(Widget):
    """Draws the ribbon; pressing a mark chooses its feeling."""

    def __init__(self, choose: Callable[[int], None], **options: Any) -> None:
        super().__init__(**options)
        self._choose = choose
        self._points: tuple[RibbonPoint, ...] = ()
        self._ticks: tuple[Tick, ...] = ()
        self._samples: list[Sample] = []
        self._chosen_id: int | None = None
        self._drawing = InstructionGroup()
        self.canvas.add(self._drawing)
        self.bind(pos=self._draw, size=self._draw)

    def show(
        self, points: tuple[RibbonPoint, ...], ticks: tuple[Tick, ...], chosen_id: int | None
    ) -> None:
        """Show other feelings."""
        if points != self._points:
            self._samples = course(points) if points else []
        self._points, self._ticks, self._chosen_id = points, ticks, chosen_id
        self._draw()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Choose the feeling whose mark lies closest, if it lies close."""
        if not self._points or not self.collide_point(*touch.pos):
            return bool(super().on_touch_down(touch))
        nearest = min(self._points, key=lambda point: abs(self._x(point.peak) - touch.x))
        if abs(self._x(nearest.peak) - touch.x) > dp(24):
            return False
        self._choose(nearest.feeling_id)
        return True

    def _draw(self, *_: object) -> None:
        self._drawing.clear()
        self._draw_axes()
        self._draw_band()
        for point in self._points:
            self._draw_mark(point)

    def _draw_axes(self) -> None:
        left, right = self._x(0), self._x(1)
        for valence, words in ((1, "pleasant"), (0, ""), (-1, "unpleasant")):
            y = self._y(valence)
            self._add(Color(rgba=faded(LINE, 0.9 if valence == 0 else 0.4)))
            self._add(Line(points=[left, y, right, y], width=dp(1)))
            self._write(words, self.x, y, FAINT)
        for tick in self._ticks:
            x = self._x(tick.position)
            self._add(Color(rgba=LINE), Line(points=[x, self._y(-1), x, self._y(-1) - dp(5)]))
            self._write(tick.text, x, self.y + dp(8), MUTED, is_centered=True)

    def _draw_band(self) -> None:
        for one, other in zip(self._samples, self._samples[1:], strict=False):
            self._add(Color(rgba=self._ink(one)))
            corners = [*self._edges(one), *reversed(self._edges(other))]
            vertices = [value for x, y in corners for value in (x, y, 0, 0)]
            self._add(Mesh(vertices=vertices, indices=range(4), mode="triangle_fan"))

    def _ink(self, sample: Sample) -> Rgba:
        if sample.nearest is None:
            return faded(MUTED, 0.35)
        point = self._points[sample.nearest]
        is_dim = self._chosen_id is not None and point.feeling_id != self._chosen_id
        return faded(FEELINGS[point.emotion].colour, 0.35 if is_dim else 0.92)

    def _edges(self, sample: Sample) -> list[tuple[float, float]]:
        x, y = self._x(sample.x), self._y(sample.height)
        half = dp(_THIN_DP + sample.thickness * (_THICK_DP - _THIN_DP)) / 2
        return [(x, y - half), (x, y + half)]

    def _draw_mark(self, point: RibbonPoint) -> None:
        at_index = round(point.peak * (len(self._samples) - 1))
        center = (self._x(point.peak), self._y(self._samples[at_index].height))
        style = FEELINGS[point.emotion]
        is_chosen = point.feeling_id == self._chosen_id
        radius = dp(12 if is_chosen else 9)
        self._add(Color(rgba=INK), shape_mesh(style.shape, center, radius + dp(3)))
        self._add(Color(rgba=style.colour), shape_mesh(style.shape, center, radius))
        if is_chosen:
            self._add(Color(rgba=PAPER), Line(circle=(*center, radius + dp(7)), width=dp(1.4)))

    def _write(self, text: str, x: float, y: float, ink: Rgba, is_centered: bool = False) -> None:
        if not text:
            return
        label = CoreLabel(text=text, font_name=SANS, font_size=sp(13))
        label.refresh()
        width, height = label.texture.size
        left = min(x - width / 2, self.right - width) if is_centered else x
        place = (round(left), round(y - height / 2))
        self._add(
            Color(rgba=ink), Rectangle(pos=place, size=(width, height), texture=label.texture)
        )

    def _x(self, position: float) -> float:
        room = self.width - dp(_LEFT_DP + _MARGIN_DP)
        return float(self.x + dp(_LEFT_DP) + position * room)

    def _y(self, valence: float) -> float:
        room = self.height - dp(_BELOW_DP + 2 * _MARGIN_DP)
        return float(self.y + dp(_BELOW_DP + _MARGIN_DP) + (valence + 1) / 2 * room)

    def _add(self, *instructions: object) -> None:
        for instruction in instructions:
            self._drawing.add(instruction)
