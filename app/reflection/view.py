"""The reflection window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.recyclegridlayout import RecycleGridLayout
from kivy.uix.recycleview import RecycleView
from kivy.uix.scrollview import ScrollView

from app.reflection.cards import CARD_DP, CountLine, FeelingView
from app.reflection.presenter import ReflectionPresenter
from app.reflection.ribbon import Ribbon
from app.reflection.state import EmotionCount, ReflectionScreen, Span
from app.widgets.button import Chip
from app.widgets.header import Header
from app.widgets.layout import Card, Column, Row
from app.widgets.overlay import Advice
from app.widgets.text import Wrap
from app.widgets.theme import FAINT, SMALL, SPACE, TITLE

DISCLAIMER = "Estimates for your own reflection. They may be wrong, and only you can tell."


class FeelingList(RecycleView):
    """Cards in two columns; only those in sight exist as widgets."""

    def __init__(self, **options: Any) -> None:
        super().__init__(bar_width=dp(4), scroll_type=["bars", "content"], **options)
        layout = RecycleGridLayout(
            cols=2,
            viewclass=FeelingView,
            size_hint=(1, None),
            default_size_hint=(1, None),
            default_size=(None, dp(CARD_DP)),
            spacing=dp(SPACE.m),
            padding=(0, 0, dp(SPACE.m), dp(SPACE.xl)),
        )
        layout.bind(minimum_height=layout.setter("height"))
        self.add_widget(layout)

    def scroll_to_row(self, row: int, rows: int) -> None:
        """Bring a row of cards into sight."""
        self.scroll_y = 1 - row / max(rows - 1, 1)


class ReflectionView(BoxLayout):
    """The ribbon above; what caused the feelings, and the feelings one by one, below."""

    def __init__(self, presenter: ReflectionPresenter, **options: Any) -> None:
        super().__init__(
            orientation="vertical",
            spacing=dp(SPACE.l),
            padding=(dp(SPACE.xl), dp(SPACE.l), dp(SPACE.xl), dp(SPACE.l)),
            **options,
        )
        self._presenter = presenter
        self._chosen_id: int | None = None
        middle = {"center_y": 0.5}
        self._spans = {
            span: Chip(span.value, self._then(partial(presenter.look_back, span)), pos_hint=middle)
            for span in Span
        }
        self._header = Header(
            self._then(presenter.earlier), self._then(presenter.later), *self._spans.values()
        )
        self._ribbon = Ribbon(self._choose)
        self._counts = Column(gap=SPACE.s)
        scroll = ScrollView(bar_width=dp(4))
        scroll.add_widget(self._counts)
        causes = Card(
            Wrap("What moved you", TITLE, lines=1),
            scroll,
            gap=SPACE.m,
            size_hint=(None, 1),
            width=dp(330),
        )
        self._cards = FeelingList()
        self._top = Card(self._ribbon, padding=SPACE.m, size_hint_y=None, height=dp(236))
        self._below = Row(causes, self._cards, gap=SPACE.l, size_hint_y=1)
        self.refresh()

    def refresh(self) -> None:
        """Draw the presenter's screen."""
        screen = self._presenter.screen()
        self._header.show(screen.title, DISCLAIMER, screen.can_go_earlier, screen.can_go_later)
        for span, chip in self._spans.items():
            chip.is_on = span is screen.span
        self.clear_widgets()
        self.add_widget(self._header)
        if screen.empty:
            self.add_widget(Advice(*screen.empty))
            return
        self.add_widget(self._top)
        self.add_widget(self._below)
        self._ribbon.show(screen.ribbon, screen.ticks, screen.chosen_id)
        self._show_counts(screen)
        self._show_cards(screen)

    def shown(self) -> None:
        """Take in what was remembered while another face was shown."""
        self._presenter.reload()
        self.refresh()

    def close(self) -> None:
        """Nothing is left open."""

    def key(self, name: str, _: list[str]) -> bool:
        """Take a key; tell whether it meant something here."""
        actions: dict[str, Callable[[], None]] = {
            "right": lambda: self._presenter.step(1),
            "left": lambda: self._presenter.step(-1),
            "up": self._presenter.earlier,
            "down": self._presenter.later,
            "escape": self._presenter.back,
        }
        if name not in actions:
            return False
        actions[name]()
        self.refresh()
        return True

    def _then(self, intent: Callable[[], object]) -> Callable[[], None]:
        def act() -> None:
            intent()
            self.refresh()

        return act

    def _choose(self, feeling_id: int) -> None:
        self._presenter.choose(feeling_id)
        self.refresh()

    def _answer(self, feeling_id: int, is_right: bool) -> None:
        self._presenter.answer(feeling_id, is_right)
        self.refresh()

    def _show_counts(self, screen: ReflectionScreen) -> None:
        self._counts.clear_widgets()
        for count in screen.counts:
            self._counts.add_widget(self._count_line(count, count.emotion is screen.emotion))
        note = "Press a feeling to see only its cards."
        self._counts.add_widget(Wrap(note, SMALL, FAINT))

    def _count_line(self, count: EmotionCount, is_on: bool) -> CountLine:
        choose = self._then(lambda: self._presenter.filter_emotion(count.emotion))
        return CountLine(count, is_on, choose)

    def _show_cards(self, screen: ReflectionScreen) -> None:
        self._cards.data = [
            {"card": card, "answer": self._answer, "is_chosen": card.id == screen.chosen_id}
            for card in screen.cards
        ]
        ids = [card.id for card in screen.cards]
        if screen.chosen_id != self._chosen_id and screen.chosen_id in ids:
            self._cards.scroll_to_row(ids.index(screen.chosen_id) // 2, (len(ids) + 1) // 2)
        self._chosen_id = screen.chosen_id
