"""The companion window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.relativelayout import RelativeLayout
from kivy.uix.scrollview import ScrollView

from app.companion.cards import REMEMBERED_DP, Bubble, NothingRemembered, RememberedCard
from app.companion.presenter import CompanionPresenter, CompanionScreen
from app.companion.scene import SceneView
from app.companion.state import TranscriptLine
from app.widgets.button import TextButton, Tone
from app.widgets.entry import Entry
from app.widgets.layout import Card, Column, Gap, Row
from app.widgets.marks import Icon
from app.widgets.text import Wrap
from app.widgets.theme import (
    BODY,
    FAINT,
    MUTED,
    ON_ACCENT,
    PAPER,
    SMALL,
    SPACE,
    STRONG,
    TITLE,
)

POLL_S = 0.1


class CompanionView(BoxLayout):
    """What is seen and said now on the left and right, and a way to ask below.

    Args:
        presenter: Decides what is shown.
        watch: Opens a moment in the life-log.
    """

    def __init__(
        self,
        presenter: CompanionPresenter,
        watch: Callable[[int], object] = lambda moment_id: None,
        **options: Any,
    ) -> None:
        super().__init__(spacing=dp(SPACE.l), padding=dp(SPACE.xl), **options)
        self._presenter = presenter
        self._watch = watch
        self._lines: tuple[TranscriptLine, ...] | None = None
        self._why_id: int | None = None
        self._moment_id: int | None = None
        self.add_widget(self._build_stage())
        self.add_widget(self._build_talk())
        self.refresh()
        self._clock = Clock.schedule_interval(self.refresh, POLL_S)

    def refresh(self, *_: object) -> None:
        """Poll the loop and draw what changed."""
        screen = self._presenter.refresh()
        if self._scene.draw(screen):
            self._fit_scene()
        self._waiting.opacity = 0 if screen.frame is not None else 1
        self._headline.say(screen.headline)
        self._footnote.say(screen.footnote)
        self._show_buttons(screen)
        self._show_transcript(screen)
        self._show_moment(screen)

    def shown(self) -> None:
        """Draw at once when it is shown again."""
        self.refresh()

    def close(self) -> None:
        """Stop polling the loop."""
        self._clock.cancel()

    def key(self, name: str, modifiers: list[str]) -> bool:
        """Take a key; tell whether it meant something here."""
        if name == "spacebar":
            self._talk()
        elif name == "p":
            self._presenter.toggle_pause()
        elif name == "f" and "ctrl" in modifiers:
            self._entry.input.focus = True
        else:
            return False
        return True

    def _build_stage(self) -> Column:
        self._scene = SceneView(size_hint=(None, None))
        self._waiting = Column(
            Wrap("Waiting for the first picture", TITLE, halign="center"),
            Wrap("The glasses are being opened.", BODY, MUTED, halign="center"),
            size_hint_x=0.7,
            pos_hint={"center_x": 0.5, "center_y": 0.5},
        )
        self._stage = FloatLayout()
        for widget in (self._scene, self._waiting):
            self._stage.add_widget(widget)
        self._stage.bind(pos=self._fit_scene, size=self._fit_scene)
        self._headline = Wrap("", STRONG, lines=1)
        self._footnote = Wrap("", SMALL, FAINT, lines=1)
        self._shelf = RelativeLayout(size_hint=(1, None), height=dp(REMEMBERED_DP))
        self._shelf.add_widget(NothingRemembered())
        return Column(
            self._stage,
            Column(self._headline, self._footnote, gap=2),
            self._shelf,
            gap=SPACE.m,
            size_hint_y=1,
        )

    def _build_talk(self) -> Card:
        self._talk_column = Column(gap=SPACE.s, padding=(0, 0, dp(6), 0))
        self._scroll = ScrollView(bar_width=dp(4), scroll_type=["bars", "content"])
        self._scroll.add_widget(self._talk_column)
        self._entry = Entry("Ask about anything you saw or heard", self._ask)
        self._mic = Icon("mic", 18, ON_ACCENT)
        self._talk_button = TextButton("Talk", self._talk, Tone.PRIMARY, self._mic)
        self._pause_button = TextButton(
            "Pause", self._presenter.toggle_pause, icon=Icon("pause", 16, PAPER)
        )
        hint = Wrap("Space talks, P pauses", SMALL, FAINT, lines=1, halign="right")
        hint.pos_hint = {"center_y": 0.5}
        return Card(
            Wrap("Conversation", TITLE, lines=1),
            self._scroll,
            Gap(2),
            self._entry,
            Row(self._talk_button, self._pause_button, hint, gap=SPACE.s),
            gap=SPACE.m,
            size_hint=(None, 1),
            width=dp(376),
        )

    def _fit_scene(self, *_: object) -> None:
        width_px, height_px = self._scene.size_px
        scale = min(self._stage.width / width_px, self._stage.height / height_px)
        self._scene.size = (width_px * scale, height_px * scale)
        self._scene.pos = (self._stage.x, self._stage.top - height_px * scale)

    def _show_buttons(self, screen: CompanionScreen) -> None:
        self._talk_button.say(screen.talk_label)
        self._talk_button.disabled = not screen.can_talk
        self._pause_button.say(screen.pause_label)

    def _show_transcript(self, screen: CompanionScreen) -> None:
        lines = screen.transcript
        if (lines, screen.why_id) == (self._lines, self._why_id):
            return
        was = self._lines or ()
        is_longer = lines[: len(was)] == was and bool(was) and screen.why_id == self._why_id
        if not is_longer:
            self._talk_column.clear_widgets()
            was = ()
        for line in lines[len(was) :]:
            is_explained = line.turn_id is not None and line.turn_id == screen.why_id
            reasons = screen.reasons if is_explained else ()
            bubble = Bubble(line, self._presenter.why, reasons, self._watch)
            self._talk_column.add_widget(bubble)
        if not lines:
            hint = "What is said around you, and what Attune answers, appears here."
            self._talk_column.add_widget(Wrap(hint, BODY, FAINT))
        if lines != self._lines:
            self._scroll.scroll_y = 0 if lines else 1
        self._lines, self._why_id = lines, screen.why_id

    def _show_moment(self, screen: CompanionScreen) -> None:
        if screen.moment is None or screen.moment.id == self._moment_id:
            return
        self._moment_id = screen.moment.id
        card = RememberedCard(screen.moment, x=-dp(60), opacity=0)
        self._shelf.clear_widgets()
        self._shelf.add_widget(card)
        Animation(x=0, opacity=1, duration=0.45, transition="out_cubic").start(card)

    def _talk(self) -> None:
        if not self._presenter.talk():
            self._entry.input.focus = True

    def _ask(self, text: str) -> None:
        if self._presenter.ask(text):
            self._entry.text = ""
