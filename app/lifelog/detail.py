"""One opened moment: its clip, people, words, feelings and things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kivy.metrics import dp
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from app.lifelog.state import FeltLine, Line, MomentDetail
from app.widgets.button import TextButton, Tone
from app.widgets.clip import ClipPlayer
from app.widgets.entry import Entry
from app.widgets.layout import Card, Column, Row
from app.widgets.marks import FeelingMark, Icon
from app.widgets.moments import PersonChip
from app.widgets.picture import Avatar
from app.widgets.text import Hug, Wrap
from app.widgets.theme import (
    ACCENT,
    BODY,
    DANGER,
    FAINT,
    MUTED,
    ON_ACCENT,
    PAPER,
    SMALL,
    SMALL_STRONG,
    SPACE,
    STRONG,
    TITLE,
)

HIGHEST_DP = 340
_MIDDLE = {"center_y": 0.5}


@dataclass(frozen=True, slots=True)
class DetailActions:
    """What can be done with an opened moment."""

    close: Callable[[], None]
    rename: Callable[[int, str], None]
    delete: Callable[[int], None]


class DetailView(Card):
    """Shows one moment at a time."""

    def __init__(self, actions: DetailActions, **options: Any) -> None:
        super().__init__(gap=SPACE.m, **options)
        self._actions = actions
        self._detail: MomentDetail | None = None
        self._heading = Wrap("", TITLE, lines=2, pos_hint=_MIDDLE)
        close = TextButton("", actions.close, Tone.BARE, Icon("close", 16, MUTED), pos_hint=_MIDDLE)
        self._when = Wrap("", SMALL, MUTED, lines=1)
        self._player = ClipPlayer(size_hint=(1, 1))
        self._play = TextButton("Play", self.toggle, Tone.PRIMARY, Icon("play", 14, ON_ACCENT))
        self._stage = FloatLayout(size_hint=(1, None))
        for widget in (self._player, self._play):
            self._stage.add_widget(widget)
        self._stage.bind(pos=self._place_clip, size=self._place_clip, width=self._set_stage_height)
        self._player.bind(is_playing=self._show_playing, steepness=self._set_stage_height)
        self._body = Column(gap=SPACE.l, padding=(0, 0, dp(SPACE.s), 0))
        scroll = ScrollView(bar_width=dp(4), scroll_type=["bars", "content"])
        scroll.add_widget(self._body)
        for widget in (Row(self._heading, close), self._when, self._stage, scroll):
            self.add_widget(widget)

    def show(self, detail: MomentDetail) -> None:
        """Show a moment; does nothing while it is the one shown already."""
        if detail == self._detail:
            return
        is_other = self._detail is None or detail.clip != self._detail.clip
        self._detail = detail
        self._heading.say(detail.card.title)
        self._when.say(detail.when if detail.clip else f"{detail.when}   ·   no clip")
        if is_other:
            self._player.load(detail.clip, detail.card.picture, detail.key_s, detail.gaze_track)
            self._show_playing()
        self._body.clear_widgets()
        for section in self._sections(detail):
            self._body.add_widget(section)

    def toggle(self) -> None:
        """Play or pause the clip."""
        self._player.toggle()

    def close(self) -> None:
        """Let the clip's file go."""
        self._player.close()
        self._detail = None

    def _sections(self, detail: MomentDetail) -> list[Widget]:
        sections: list[Widget] = []
        if detail.people:
            chips = [PersonLine(person, self._actions.rename) for person in detail.people]
            sections.append(_section("People", *chips))
        if detail.transcript:
            sections.append(_section("Said", *(_line(line) for line in detail.transcript)))
        if detail.feelings:
            sections.append(_section("Felt", *(_felt(line) for line in detail.feelings)))
        things = [
            Wrap(f"{label}: {value}", BODY)
            for label, value in (("Looked at", detail.looked_at), ("Also seen", detail.also_seen))
            if value
        ]
        things += [Wrap(f"Written: “{text}”", BODY) for text in detail.writing]
        if things:
            sections.append(_section("Seen", *things))
        delete = TextButton(
            "Delete this moment",
            lambda: self._actions.delete(detail.card.id),
            Tone.DANGER,
            Icon("bin", 16, DANGER),
        )
        sections.append(Row(delete))
        return sections

    def _set_stage_height(self, *_: object) -> None:
        """Show the whole picture: gaze is often near its edge."""
        self._stage.height = min(self._stage.width * self._player.steepness, dp(HIGHEST_DP))

    def _place_clip(self, *_: object) -> None:
        self._player.pos, self._player.size = self._stage.pos, self._stage.size
        self._play.pos = (self._stage.x + dp(SPACE.m), self._stage.y + dp(SPACE.xl))

    def _show_playing(self, *_: object) -> None:
        self._play.say("Pause" if self._player.is_playing else "Play")
        if not self._player.can_play:
            self._stage.remove_widget(self._play)
        elif self._play.parent is None:
            self._stage.add_widget(self._play)


class PersonLine(Row):
    """A person with a name that can be changed in place."""

    def __init__(self, person: PersonChip, rename: Callable[[int, str], None]) -> None:
        super().__init__(gap=SPACE.m, height=dp(38))
        self._person = person
        self._rename = rename
        self._rest()

    def _rest(self) -> None:
        self.clear_widgets()
        self.add_widget(Avatar(self._person.picture, self._person.label, 32, pos_hint=_MIDDLE))
        self.add_widget(Wrap(self._person.label, STRONG, lines=1, pos_hint=_MIDDLE))
        pen = Icon("pen", 15, MUTED)
        self.add_widget(TextButton("Rename", self._edit, Tone.BARE, pen, pos_hint=_MIDDLE))

    def _edit(self) -> None:
        self.clear_widgets()
        entry = Entry(f"Who is {self._person.label}?", self._save, height=dp(38))
        self.add_widget(entry)
        self.add_widget(TextButton("Save", lambda: self._save(entry.text), Tone.PRIMARY))
        self.add_widget(TextButton("Cancel", self._rest, Tone.BARE))
        entry.input.focus = True

    def _save(self, name: str) -> None:
        self._rest()
        self._rename(self._person.id, name)


def _section(name: str, *children: Widget) -> Column:
    return Column(Wrap(name, SMALL_STRONG, FAINT, lines=1), *children, gap=6)


def _line(line: Line) -> Row:
    time = Hug(line.time, SMALL, FAINT, pos_hint={"top": 0.98})
    name = Wrap(line.name, SMALL_STRONG, ACCENT if line.is_wearer else MUTED, lines=1)
    return Row(time, Column(name, Wrap(line.text, BODY), gap=0, pos_hint={"top": 1}), gap=SPACE.m)


def _felt(line: FeltLine) -> Row:
    mark = FeelingMark(line.emotion, 14, pos_hint=_MIDDLE)
    words = Wrap(line.text, BODY, PAPER, lines=1, pos_hint=_MIDDLE)
    return Row(mark, words, Hug(line.confidence, SMALL, pos_hint=_MIDDLE), gap=SPACE.m)
