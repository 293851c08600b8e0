"""The scene picture with what is seen in it and where the wearer looks."""

from __future__ import annotations

from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, InstructionGroup, Line, Rectangle, RoundedRectangle
from kivy.graphics.texture import Texture
from kivy.metrics import dp, sp

from app.companion.presenter import CompanionScreen
from app.companion.state import SeenBox
from app.widgets.clamp import shortened
from app.widgets.picture import Picture, texture_of
from app.widgets.theme import ACCENT, INK, ON_ACCENT, PAPER, SANS_BOLD, SHADE, SPACE, Rgba, faded

_MAX_LABEL = 28


class SceneView(Picture):
    """Draws one snapshot: the picture fills its frame, boxes and gaze lie on top.

    Attributes:
        size_px: Width and height of the scene picture.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(radius=SPACE.radius, **options)
        self._live: Texture | None = None
        self.size_px = (4, 3)
        self._taken: list[tuple[float, float, float, float]] = []
        self._marks = InstructionGroup()
        self.canvas.after.add(self._marks)

    def draw(self, screen: CompanionScreen) -> bool:
        """Show a frame with its boxes and gaze; tell whether frames changed their size."""
        self._marks.clear()
        if screen.frame is None:
            return False
        self._live = texture_of(screen.frame, self._live)
        was, self.size_px = self.size_px, (screen.frame.shape[1], screen.frame.shape[0])
        self.show(self._live)
        self._taken = []
        for seen in screen.boxes:
            self._draw_box(seen)
        for seen in reversed(screen.boxes):
            self._draw_label(seen)
        if screen.gaze_in_scene_px is not None:
            self._draw_gaze(screen.gaze_in_scene_px)
        self.canvas.ask_update()
        return was != self.size_px

    def _draw_box(self, seen: SeenBox) -> None:
        left, bottom, right, top = self._frame_of(seen)
        if right - left < dp(4) or top - bottom < dp(4):
            return
        ink = ACCENT if seen.is_attended else faded(PAPER, 0.75)
        shape = (left, bottom, right - left, top - bottom, dp(8))
        self._add(Color(rgba=faded(INK, 0.5)), Line(rounded_rectangle=shape, width=dp(2.6)))
        width = dp(1.8 if seen.is_attended else 1.1)
        self._add(Color(rgba=ink), Line(rounded_rectangle=shape, width=width))

    def _frame_of(self, seen: SeenBox) -> tuple[float, float, float, float]:
        box, inset = seen.box, dp(3)
        left, top = self.position_of((box.x_px, box.y_px), self.size_px)
        right, bottom = self.position_of(
            (box.x_px + box.width_px, box.y_px + box.height_px), self.size_px
        )
        return (
            max(left, self.x + inset),
            max(bottom, self.y + inset),
            min(right, self.right - inset),
            min(top, self.top - inset),
        )

    def _draw_label(self, seen: SeenBox) -> None:
        if not seen.label:
            return
        left, _, _, top = self._frame_of(seen)
        text = shortened(seen.label, _MAX_LABEL)
        fill: Rgba = ACCENT if seen.is_attended else SHADE
        label = CoreLabel(text=text, font_name=SANS_BOLD, font_size=sp(14))
        label.refresh()
        width, height = label.texture.width + dp(14), label.texture.height + dp(4)
        x = min(max(left, self.x + dp(6)), self.right - width - dp(6))
        y = min(top + dp(4), self.top - height - dp(6))
        place = (x, y, x + width, y + height)
        if any(_overlap(place, taken) for taken in self._taken):
            return
        self._taken.append(place)
        self._add(
            Color(rgba=fill),
            RoundedRectangle(pos=(x, y), size=(width, height), radius=[dp(7)]),
            Color(rgba=ON_ACCENT if seen.is_attended else PAPER),
            Rectangle(pos=(x + dp(7), y + dp(2)), size=label.texture.size, texture=label.texture),
        )

    def _draw_gaze(self, gaze_px: tuple[float, float]) -> None:
        at = self.position_of(gaze_px, self.size_px)
        if not self.collide_point(*at):
            return
        self._add(
            Color(rgba=faded(INK, 0.55)),
            Line(circle=(*at, dp(20)), width=dp(4)),
            Color(rgba=PAPER),
            Line(circle=(*at, dp(20)), width=dp(2)),
            Color(rgba=ACCENT),
            Line(circle=(*at, dp(3)), width=dp(2)),
        )

    def _add(self, *instructions: object) -> None:
        for instruction in instructions:
            self._marks.add(instruction)


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
