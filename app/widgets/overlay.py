"""What lies over a face for a while: a question, a notice, advice where there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.input import MotionEvent
from kivy.metrics import dp
from kivy.uix.anchorlayout import AnchorLayout

from app.widgets.button import TextButton, Tone
from app.widgets.layout import Card, Column, Gap, Row, Surface
from app.widgets.text import Hug, Wrap
from app.widgets.theme import BODY, HOVER, LINE, MUTED, RAISED, SHADE, SMALL, SPACE, STRONG, TITLE


class Question(AnchorLayout):
    """Asks before something is deleted; nothing beneath can be pressed meanwhile."""

    def __init__(
        self,
        question: str,
        details: Sequence[str],
        yes: tuple[str, Callable[[], None]],
        no: Callable[[], None],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        with self.canvas.before:
            Color(rgba=SHADE)
            self._shade = Rectangle()
        self.bind(pos=self._place, size=self._place)
        self.add_widget(
            Card(
                Wrap(question, TITLE),
                Wrap("This goes with it:", SMALL),
                Column(*(Wrap(f"•  {line}", BODY, MUTED) for line in details), gap=2),
                Gap(4),
                Row(
                    Gap(),
                    TextButton("Keep", no),
                    TextButton(yes[0], yes[1], Tone.DANGER),
                    gap=SPACE.m,
                    height=dp(38),
                ),
                padding=SPACE.xl,
                gap=SPACE.m,
                fill=RAISED,
                edge=LINE,
                size_hint_x=None,
                width=dp(440),
            )
        )

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take every touch."""
        super().on_touch_down(touch)
        return True

    def _place(self, *_: object) -> None:
        self._shade.pos, self._shade.size = self.pos, self.size


class Toast(Surface, Row):
    """Says what was just done, and takes it back."""

    def __init__(self, text: str, undo: Callable[[], None] | None, **options: Any) -> None:
        super().__init__(
            fill=HOVER,
            edge=LINE,
            size_hint=(None, None),
            height=dp(54),
            padding=(dp(SPACE.xl), dp(8), dp(SPACE.s), dp(8)),
            **options,
        )
        self.add_widget(Hug(text, STRONG, pos_hint={"center_y": 0.5}))
        if undo is not None:
            self.add_widget(TextButton("Undo", undo, Tone.PRIMARY))
        self.bind(minimum_width=self.setter("width"))


class Advice(AnchorLayout):
    """Why there is nothing, and what to do about it."""

    def __init__(self, title: str, text: str, **options: Any) -> None:
        super().__init__(**options)
        self.add_widget(
            Column(
                Wrap(title, TITLE, halign="center"),
                Wrap(text, BODY, MUTED, halign="center"),
                size_hint_x=None,
                width=dp(440),
            )
        )
