"""Bubbles of the transcript and the card of the moment remembered last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.metrics import dp
from kivy.uix.anchorlayout import AnchorLayout

from app.companion.reasons import Reason
from app.companion.state import TranscriptLine, Who
from app.widgets.button import Chip
from app.widgets.layout import Card, Column, Gap, Row, Surface
from app.widgets.marks import FeelingMark
from app.widgets.moments import MomentCard
from app.widgets.picture import Picture, file_texture
from app.widgets.text import Wrap
from app.widgets.theme import (
    ACCENT,
    BODY,
    FAINT,
    INK,
    MUTED,
    RAISED,
    SMALL,
    SMALL_STRONG,
    SPACE,
    STRONG,
    faded,
    mixed,
)

REMEMBERED_DP = 120
_MIDDLE = {"center_y": 0.5}
_NAMES = {Who.WEARER: "You", Who.COMPANION: "Attune"}
_FILLS = {Who.WEARER: mixed(INK, ACCENT, 0.24), Who.OTHER: RAISED, Who.COMPANION: faded(RAISED, 0)}


class Bubble(AnchorLayout):
    """One line said: the wearer's on the right, everybody else's on the left.

    Args:
        line: What was said.
        why: Asks what a reply rests on.
        reasons: What it rests on, where that is shown.
        watch: Opens a moment.
    """

    def __init__(
        self,
        line: TranscriptLine,
        why: Callable[[int], object],
        reasons: tuple[Reason, ...],
        watch: Callable[[int], object],
        **options: Any,
    ) -> None:
        is_wearer = line.who is Who.WEARER
        super().__init__(
            anchor_x="right" if is_wearer else "left", size_hint_y=None, height=dp(60), **options
        )
        name = _NAMES.get(line.who) or line.name or "Someone"
        if line.is_unasked:
            name = f"{name}, unasked"
        bubble = _BubbleBody(
            Wrap(name, SMALL_STRONG, ACCENT if line.who is Who.COMPANION else MUTED, lines=1),
            Wrap(line.text, BODY),
            fill=_FILLS[line.who],
            padding=SPACE.m,
            gap=2,
            size_hint_x=0.88,
        )
        if line.who is Who.COMPANION:
            bubble.edge = faded(ACCENT, 0.55)
        for reason in reasons:
            bubble.add_widget(ReasonCard(reason, watch))
        if line.turn_id is not None:
            turn_id = line.turn_id
            label = "Hide why" if reasons else "Why?"
            bubble.add_widget(Row(Gap(), Chip(label, lambda: why(turn_id)), height=dp(30)))
        self.add_widget(bubble)
        bubble.bind(height=self.setter("height"))


class ReasonCard(Surface, Column):
    """One memory behind a reply, and the way to its clip."""

    def __init__(self, reason: Reason, watch: Callable[[int], object], **options: Any) -> None:
        super().__init__(
            fill=INK,
            radius=SPACE.small_radius,
            padding=(dp(SPACE.m), dp(SPACE.s), dp(SPACE.s), dp(SPACE.s)),
            gap=2,
            **options,
        )
        heading = Row(
            Wrap(reason.when, SMALL, FAINT, lines=1, pos_hint=_MIDDLE), height=dp(30), gap=SPACE.s
        )
        moment_id = reason.moment_id
        if moment_id is not None:
            heading.add_widget(Chip("Watch", lambda: watch(moment_id), pos_hint=_MIDDLE))
        if reason.when:
            self.add_widget(heading)
        self.add_widget(Wrap(reason.text, SMALL))


class _BubbleBody(Surface, Column):
    def __init__(self, *children: Wrap, padding: float, **options: Any) -> None:
        super().__init__(padding=(dp(padding), dp(padding - 3)), **options)
        for child in children:
            self.add_widget(child)


class NothingRemembered(Card):
    """Stands where the first remembered moment will appear."""

    def __init__(self, **options: Any) -> None:
        words = "What you look at closely is remembered, and appears here."
        label = Wrap(words, BODY, FAINT, halign="center", pos_hint={"center_y": 0.5})
        super().__init__(
            Row(label, size_hint_y=1), size_hint=(1, 1), fill=faded(RAISED, 0.35), **options
        )


class RememberedCard(Card):
    """What was remembered last: picture, name, and the words that go with it."""

    def __init__(self, card: MomentCard, **options: Any) -> None:
        picture = Picture(size_hint=(None, 1), width=dp(128))
        picture.show(file_texture(card.picture, is_small=True))
        heading = Row(
            Wrap(f"Remembered at {card.time}", SMALL, FAINT, lines=1, pos_hint=_MIDDLE),
            FeelingMark(card.emotion, 13, pos_hint=_MIDDLE),
        )
        said = f"{card.quote_by}: “{card.quote}”" if card.quote else ""
        words = Column(
            heading,
            Wrap(card.title, STRONG, lines=1),
            Wrap(said, SMALL, lines=2),
            gap=SPACE.xs,
            pos_hint=_MIDDLE,
        )
        super().__init__(
            Row(picture, words, gap=SPACE.l, size_hint_y=1),
            padding=SPACE.m,
            size_hint=(1, 1),
            **options,
        )
