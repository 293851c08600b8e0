"""One feeling as a card: picture, words, cause, confidence and "was this why?"."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp
from kivy.properties import BooleanProperty, ObjectProperty

from app.reflection.state import EmotionCount, FeelingCard
from app.widgets import words
from app.widgets.button import Chip
from app.widgets.layout import Card, Column, Gap, Row
from app.widgets.marks import FeelingMark
from app.widgets.picture import Picture, file_texture
from app.widgets.text import Hug, Wrap
from app.widgets.theme import (
    ACCENT,
    BODY,
    FAINT,
    INK,
    LINE,
    MUTED,
    QUOTE,
    SMALL,
    SPACE,
    STRONG,
    SURFACE,
    faded,
    mixed,
)

CARD_DP = 198
_MIDDLE = {"center_y": 0.5}


class FeelingView(Card):
    """Shows one feeling; reused by the list for others."""

    card = ObjectProperty(None)
    answer = ObjectProperty(None)
    is_chosen = BooleanProperty(False)

    def __init__(self, **options: Any) -> None:
        super().__init__(padding=SPACE.m, height=dp(CARD_DP), **options)
        self._picture = Picture(size_hint=(None, 1), width=dp(150))
        self._mark = FeelingMark(None, 15, pos_hint=_MIDDLE)
        self._name = Wrap("", STRONG, lines=1, pos_hint=_MIDDLE)
        self._time = Hug("", SMALL, FAINT, pos_hint=_MIDDLE)
        self._sure = Wrap("", SMALL, MUTED, lines=1)
        self._cause = Wrap("", BODY, lines=2)
        self._quote = Wrap("", QUOTE, MUTED, lines=2)
        self._asked = Wrap("", SMALL, lines=1, pos_hint=_MIDDLE)
        self._yes = Chip("Yes", lambda: self.answer(self.card.id, True))
        self._no = Chip("No", lambda: self.answer(self.card.id, False))
        self._question = Row(self._asked, self._yes, self._no, height=dp(30))
        words_ = Column(
            Row(self._mark, self._name, self._time, gap=SPACE.s),
            self._sure,
            self._cause,
            self._quote,
            Gap(),
            self._question,
            gap=SPACE.xs,
            size_hint_y=1,
        )
        self.add_widget(Row(self._picture, words_, gap=SPACE.l, size_hint_y=1))

    def on_card(self, _: object, card: FeelingCard) -> None:
        """Show another feeling."""
        self._picture.show(file_texture(card.picture, is_small=True))
        self._mark.emotion = card.emotion
        self._name.say(words.sentence(card.emotion.value))
        self._sure.say(words.sentence(card.confidence))
        self._time.text = card.time
        self._cause.say(words.sentence(card.cause))
        self._quote.say(f"{card.quote_by}: {card.quote}" if card.quote else "")
        self._question.opacity = 1 if card.can_ask else 0
        self._yes.disabled = self._no.disabled = not card.can_ask
        self._asked.say(_ASKED[card.is_confirmed])
        self._yes.is_on = card.is_confirmed is True
        self._no.is_on = card.is_confirmed is False

    def on_is_chosen(self, _: object, is_chosen: bool) -> None:
        """Stand out while chosen."""
        self.fill = mixed(INK, ACCENT, 0.16) if is_chosen else SURFACE
        self.edge = ACCENT if is_chosen else faded(LINE, 0)


_ASKED = {None: "Was this why?", True: "This was why", False: "This was not why"}


class CountLine(Row):
    """How often a feeling occurred and why; pressing its name filters by it."""

    def __init__(self, count: EmotionCount, is_on: bool, choose: Any) -> None:
        name = f"{words.sentence(count.emotion.value)}  {count.count}"
        mark = FeelingMark(count.emotion, 18)
        super().__init__(
            Chip(name, choose, mark, is_on, pos_hint=_MIDDLE),
            Wrap(count.causes, SMALL, MUTED, lines=1, pos_hint=_MIDDLE),
            gap=SPACE.m,
            height=dp(34),
        )
