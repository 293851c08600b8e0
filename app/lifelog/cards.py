"""The rows of the day: hours, moment cards and found notes."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp
from kivy.properties import BooleanProperty, ObjectProperty

from app.lifelog.state import Heading, Note
from app.lifelog.state import Row as RowState
from app.widgets.button import PressRow
from app.widgets.clamp import shortened
from app.widgets.layout import Card, Column, Row
from app.widgets.marks import FeelingMark
from app.widgets.moments import MomentCard, PersonChip
from app.widgets.picture import Avatar, Picture, file_texture
from app.widgets.text import Hug, Wrap
from app.widgets.theme import (
    ACCENT,
    BODY,
    FAINT,
    INK,
    MUTED,
    QUOTE,
    SMALL,
    SMALL_STRONG,
    SPACE,
    STRONG,
    SURFACE,
    mixed,
)

SHOWN_PEOPLE = 3
_NAME_LETTERS = 18
HEADING_DP, CARD_DP, NOTE_DP = 40, 128, 108


class HeadingRow(Row):
    """The hour, between cards."""

    row = ObjectProperty(None)

    def __init__(self, **options: Any) -> None:
        super().__init__(size_hint=(1, None), height=dp(HEADING_DP), **options)
        self._label = Wrap("", SMALL_STRONG, FAINT, lines=1, pos_hint={"y": 0.12})
        self.add_widget(self._label)

    def on_row(self, _: object, row: Heading) -> None:
        """Show another heading."""
        self._label.say(row.text)


class NoteRow(Card):
    """Something found outside all moments."""

    row = ObjectProperty(None)

    def __init__(self, **options: Any) -> None:
        super().__init__(gap=SPACE.xs, height=dp(NOTE_DP), fill=SURFACE, **options)
        self._time = Wrap("", SMALL, FAINT, lines=1)
        self._words = Wrap("", BODY, lines=2)
        self.add_widget(self._time)
        self.add_widget(self._words)

    def on_row(self, _: object, row: Note) -> None:
        """Show another note."""
        self._time.say(row.time)
        self._words.say(row.text)


class MomentRow(PressRow):
    """A moment as a card: picture, what was looked at, who was there, words, feeling."""

    row = ObjectProperty(None)
    open_moment = ObjectProperty(None)
    is_open = BooleanProperty(False)

    def __init__(self, **options: Any) -> None:
        super().__init__(
            on_press_=lambda: self.open_moment(self.row.id),
            fill=SURFACE,
            size_hint=(1, None),
            height=dp(CARD_DP),
            padding=dp(SPACE.m),
            gap=SPACE.l,
            **options,
        )
        self._picture = Picture(size_hint=(None, 1), width=dp(139))
        self._time = Hug("", SMALL, FAINT, pos_hint={"center_y": 0.5})
        self._title = Wrap("", STRONG, lines=1, pos_hint={"center_y": 0.5})
        self._people = Row(gap=SPACE.m, height=dp(24))
        self._quote = Wrap("", QUOTE, MUTED, lines=2)
        self._mark = FeelingMark(None, 13, pos_hint={"center_y": 0.5})
        self._feeling = Hug("", SMALL, MUTED, pos_hint={"center_y": 0.5})
        top = Row(self._title, self._mark, self._feeling, self._time, gap=SPACE.s, height=dp(24))
        self.add_widget(self._picture)
        self._words = Column(top, self._people, self._quote, gap=5, pos_hint={"center_y": 0.5})
        self.add_widget(self._words)

    def on_row(self, _: object, card: MomentCard) -> None:
        """Show another moment."""
        self._picture.show(file_texture(card.picture, is_small=True))
        self._time.text = f"{card.time}  ·  {card.span}"
        self._title.say(card.title)
        self._mark.emotion = card.emotion
        self._feeling.text = card.emotion.value if card.emotion else ""
        self._quote.say(f"{card.quote_by}: {card.quote}" if card.quote else "")
        self._show_people(card.people)

    def on_is_open(self, _: object, is_open: bool) -> None:
        """Stand out while the moment is open."""
        self.rest(mixed(INK, ACCENT, 0.2) if is_open else SURFACE)

    def _show_people(self, people: tuple[PersonChip, ...]) -> None:
        self._people.clear_widgets()
        self._people.height = dp(24) if people else 0
        for person in people[:SHOWN_PEOPLE]:
            self._people.add_widget(Avatar(person.picture, person.label, 22))
            name = shortened(person.label, _NAME_LETTERS)
            self._people.add_widget(Hug(name, SMALL, MUTED, pos_hint={"center_y": 0.5}))
        if len(people) > SHOWN_PEOPLE:
            more = f"and {len(people) - SHOWN_PEOPLE} more"
            self._people.add_widget(Hug(more, SMALL, FAINT, pos_hint={"center_y": 0.5}))


_VIEWS = {
    Heading: (HeadingRow, HEADING_DP),
    Note: (NoteRow, NOTE_DP),
    MomentCard: (MomentRow, CARD_DP),
}


def view_data(row: RowState, opened_id: int | None, open_moment: object) -> dict[str, Any]:
    """Return what a RecycleView needs to draw a row."""
    view, height_dp = _VIEWS[type(row)]
    data: dict[str, Any] = {
        "viewclass": view.__name__,
        "row": row,
        "size": (dp(100), dp(height_dp)),
    }
    if isinstance(row, MomentCard):
        data |= {"open_moment": open_moment, "is_open": row.id == opened_id}
    return data
