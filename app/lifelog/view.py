"""The life-log window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.recycleboxlayout import RecycleBoxLayout
from kivy.uix.recycleview import RecycleView
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from app.lifelog.cards import view_data
from app.lifelog.detail import DetailActions, DetailView
from app.lifelog.presenter import LifelogPresenter
from app.lifelog.state import LifelogScreen
from app.widgets.button import Chip
from app.widgets.entry import Entry
from app.widgets.header import Header
from app.widgets.layout import Column, Row
from app.widgets.moments import MomentCard, PersonChip
from app.widgets.overlay import Advice, Question, Toast
from app.widgets.picture import Avatar
from app.widgets.theme import SPACE

NOTICE_S = 8.0


class Timeline(RecycleView):
    """The rows of a day; only those in sight exist as widgets."""

    def __init__(self, **options: Any) -> None:
        super().__init__(bar_width=dp(4), scroll_type=["bars", "content"], **options)
        layout = RecycleBoxLayout(
            orientation="vertical",
            size_hint=(1, None),
            default_size_hint=(1, None),
            key_viewclass="viewclass",
            key_size="size",
            spacing=dp(SPACE.s),
            padding=(0, 0, dp(SPACE.m), dp(SPACE.xl)),
        )
        layout.bind(minimum_height=layout.setter("height"))
        self.add_widget(layout)

    def reveal(self, at: int) -> None:
        """Scroll no further than it takes to bring a row into sight."""
        gap = dp(SPACE.s)
        above = sum(row["size"][1] + gap for row in self.data[:at])
        below = above + self.data[at]["size"][1]
        whole = sum(row["size"][1] + gap for row in self.data) + dp(SPACE.xl)
        hidden = whole - self.height
        if hidden <= 0:
            return
        top = (1 - float(self.scroll_y)) * hidden
        wanted = min(max(top, below - self.height + gap), above - gap)
        self.scroll_y: float = min(max(1 - wanted / hidden, 0), 1)


class LifelogView(FloatLayout):
    """The day on the left, the opened moment on the right."""

    def __init__(self, presenter: LifelogPresenter, **options: Any) -> None:
        super().__init__(**options)
        self._presenter = presenter
        self._people_shown: tuple[tuple[PersonChip, ...], int | None] | None = None
        self._opened_id: int | None = None
        self._floating: dict[str, Widget] = {}
        self._timer = Clock.create_trigger(self._expire, NOTICE_S)
        self._search = Entry(
            "Search words, things, people",
            self._on_search,
            "search",
            size_hint_x=None,
            width=dp(300),
            pos_hint={"center_y": 0.5},
        )
        self._header = Header(
            self._then(presenter.earlier), self._then(presenter.later), self._search
        )
        self._people = Row(gap=SPACE.s, size_hint_x=None, height=dp(30))
        self._people.bind(minimum_width=self._people.setter("width"))
        people_scroll = ScrollView(
            size_hint=(1, None), height=dp(30), do_scroll_y=False, bar_width=0
        )
        people_scroll.add_widget(self._people)
        self._timeline = Timeline()
        self._detail = DetailView(
            DetailActions(self._then(presenter.back), self._rename, self._ask_delete),
            size_hint_x=None,
            width=dp(470),
            size_hint_y=1,
        )
        self._body = BoxLayout(spacing=dp(SPACE.l))
        self._main = Column(
            self._header,
            people_scroll,
            self._body,
            gap=SPACE.l,
            padding=(dp(SPACE.xl), dp(SPACE.l), dp(SPACE.xl), dp(SPACE.l)),
            size_hint=(1, 1),
            pos_hint={"x": 0, "y": 0},
        )
        self.add_widget(self._main)
        self.refresh()

    def refresh(self) -> None:
        """Draw the presenter's screen."""
        self._screen = screen = self._presenter.screen()
        self._header.show(screen.title, screen.subtitle, screen.can_go_earlier, screen.can_go_later)
        self._show_people(screen)
        self._show_body(screen)
        self._show_question(screen)
        self._show_notice(screen)

    def shown(self) -> None:
        """Take in what was remembered while another face was shown."""
        self._presenter.reload()
        self.refresh()

    def close(self) -> None:
        """Keep what was decided."""
        self._presenter.commit()
        self._detail.close()

    def key(self, name: str, modifiers: list[str]) -> bool:
        """Take a key; tell whether it meant something here."""
        if name == "f" and "ctrl" in modifiers:
            self._search.input.focus = True
            return True
        screen = self._screen
        opened = screen.detail.card.id if screen.detail else None
        actions: dict[str, Callable[[], object]] = {
            "down": lambda: self._presenter.step(1),
            "up": lambda: self._presenter.step(-1),
            "left": self._presenter.earlier,
            "right": self._presenter.later,
            "escape": self._escape,
            "spacebar": self._detail.toggle,
        }
        if screen.confirmation:
            actions = {
                "escape": self._presenter.cancel_delete,
                "enter": self._presenter.delete,
            }
        elif opened is not None:
            actions["delete"] = lambda: self._presenter.ask_delete(opened)
        if name not in actions:
            return False
        actions[name]()
        if name != "spacebar":
            self.refresh()
        return True

    def open_moment(self, moment_id: int) -> None:
        """Open a moment."""
        self._presenter.open(moment_id)
        self.refresh()

    def _escape(self) -> None:
        self._presenter.back()
        self._search.text = self._presenter.screen().query

    def _then(self, intent: Callable[[], object]) -> Callable[[], None]:
        def act() -> None:
            intent()
            self.refresh()

        return act

    def _on_search(self, text: str) -> None:
        self._presenter.search(text)
        self.refresh()

    def _rename(self, person_id: int, name: str) -> None:
        self._presenter.rename(person_id, name)
        self.refresh()

    def _ask_delete(self, moment_id: int) -> None:
        self._presenter.ask_delete(moment_id)
        self.refresh()

    def _show_people(self, screen: LifelogScreen) -> None:
        wanted = (screen.people, screen.person_id)
        if wanted == self._people_shown:
            return
        self._people_shown = wanted
        self._people.clear_widgets()
        for person in screen.people:
            self._people.add_widget(self._person_chip(person, person.id == screen.person_id))

    def _person_chip(self, person: PersonChip, is_on: bool) -> Chip:
        choose = self._then(lambda: self._presenter.filter_person(person.id))
        return Chip(person.label, choose, Avatar(person.picture, person.label), is_on)

    def _show_body(self, screen: LifelogScreen) -> None:
        opened_id = screen.detail.card.id if screen.detail else None
        self._timeline.data = [view_data(r, opened_id, self.open_moment) for r in screen.rows]
        if screen.detail:
            self._detail.show(screen.detail)
        else:
            self._detail.close()
        wanted: list[Widget] = [self._timeline]
        if screen.empty:
            wanted = [Advice(screen.empty.title, screen.empty.text)]
        if screen.detail:
            wanted.append(self._detail)
        if opened_id != self._opened_id:
            self._opened_id = opened_id
            Clock.schedule_once(lambda _: self._reveal(screen), 0)
        if wanted != list(reversed(self._body.children)):
            self._body.clear_widgets()
            for widget in wanted:
                self._body.add_widget(widget)

    def _reveal(self, screen: LifelogScreen) -> None:
        at = [isinstance(row, MomentCard) and row.id == self._opened_id for row in screen.rows]
        if True in at and len(at) == len(self._timeline.data):
            self._timeline.reveal(at.index(True))

    def _show_question(self, screen: LifelogScreen) -> None:
        asked = screen.confirmation
        self._float("question", None)
        if asked:
            yes = ("Delete", self._then(self._presenter.delete))
            no = self._then(self._presenter.cancel_delete)
            place = {"x": 0, "y": 0}
            self._float("question", Question(asked.question, asked.loses, yes, no, pos_hint=place))

    def _show_notice(self, screen: LifelogScreen) -> None:
        self._float("notice", None)
        self._timer.cancel()
        if screen.notice:
            undo = self._then(self._presenter.undo) if screen.notice.can_undo else None
            place = {"center_x": 0.5, "y": 0.03}
            self._float("notice", Toast(screen.notice.text, undo, pos_hint=place))
            self._timer()

    def _float(self, name: str, widget: Widget | None) -> None:
        old = self._floating.pop(name, None)
        if old is not None:
            self.remove_widget(old)
        if widget is not None:
            self._floating[name] = widget
            self.add_widget(widget)

    def _expire(self, *_: object) -> None:
        self._presenter.commit()
        self.refresh()
