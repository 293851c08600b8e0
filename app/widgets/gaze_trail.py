"""Drawing a gaze mark over a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, InstructionGroup, Line
from kivy.metrics import dp

from app.widgets.gaze_path import GazeMark, Point, outside
from app.widgets.theme import INK, PAPER, faded

# The ring frames what is looked at and leaves it free, however long the eyes stay.
LEAST_RING_DP, LARGEST_RING_DP = 9, 20
LINE_DP, SHADE_DP = 1.6, 3.2
SHADE_ALPHA = 0.5

Place = Callable[[float, float], Point]


class GazeTrail(InstructionGroup):
    """A ring where the wearer looks, and a line that fades towards where gaze came from.

    Light lines on a dark edge: one of the two stands out from any footage.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.mark: GazeMark | None = None

    def show(self, mark: GazeMark | None, place: Place) -> None:
        """Draw another mark, or nothing.

        Args:
            mark: What to draw.
            place: Turns shares of the picture into a position in the window.
        """
        self.clear()
        self.mark = mark
        if mark is None:
            return
        center = place(*mark.point)
        radius = dp(LEAST_RING_DP + (LARGEST_RING_DP - LEAST_RING_DP) * mark.rest)
        for width_dp, colour, alpha in ((SHADE_DP, INK, SHADE_ALPHA), (LINE_DP, PAPER, 1.0)):
            for stroke in mark.trail:
                start, end = (place(*point) for point in stroke.points)
                fade = faded(colour, alpha * (1 - stroke.age))
                if ends := outside(start, end, center, radius):
                    self._line(fade, width_dp, points=[*ends[0], *ends[1]], cap="none")
            self._line(faded(colour, alpha), width_dp, circle=(*center, radius))

    def _line(self, rgba: tuple[float, ...], width_dp: float, **shape: Any) -> None:
        self.add(Color(rgba=rgba))
        self.add(Line(width=dp(width_dp), **shape))
