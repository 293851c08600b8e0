"""The window that holds the faces: a rail to choose one, and one of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.textinput import TextInput
from kivy.uix.widget import Widget

from app.widgets.button import Press
from app.widgets.layout import Card, Column, Gap, Surface
from app.widgets.marks import Icon
from app.widgets.text import Wrap
from app.widgets.theme import (
    ACCENT,
    BODY,
    DANGER,
    HOVER,
    INK,
    MUTED,
    PAPER,
    SMALL_STRONG,
    SPACE,
    SURFACE,
    TITLE,
    faded,
    mixed,
)

_TELL_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Face:
    """One face of the window.

    Attributes:
        key: ``"companion"``, ``"life-log"`` or ``"reflection"``.
        name: As shown on the rail.
        icon: Name of its icon.
        build: Makes its widget, when it is first shown.
    """

    key: str
    name: str
    icon: str
    build: Callable[[], Widget]


class RailItem(Press, Column):
    """One face on the rail."""

    def __init__(self, face: Face, choose: Callable[[str], None]) -> None:
        super().__init__(
            on_press_=lambda: choose(face.key),
            fill=faded(SURFACE, 0),
            padding=(0, dp(10), 0, dp(8)),
            gap=5,
        )
        self._icon = Icon(face.icon, 24, MUTED, pos_hint={"center_x": 0.5})
        self._label = Wrap(face.name, SMALL_STRONG, MUTED, lines=1, halign="center")
        self.add_widget(self._icon)
        self.add_widget(self._label)

    def mark(self, is_on: bool) -> None:
        """Show whether this face is shown."""
        self.rest(mixed(INK, ACCENT, 0.2) if is_on else faded(SURFACE, 0))
        self._icon.ink = ACCENT if is_on else MUTED
        self._label.color = PAPER if is_on else MUTED


class Rail(Surface, Column):
    """The wordmark, the faces, and what stays in sight whatever face is shown."""

    def __init__(self, faces: Sequence[Face], choose: Callable[[str], None], *foot: Widget) -> None:
        super().__init__(
            fill=SURFACE,
            radius=0,
            size_hint=(None, 1),
            width=dp(104),
            padding=(dp(SPACE.s), dp(SPACE.xl), dp(SPACE.s), dp(SPACE.l)),
            gap=SPACE.s,
        )
        self.items = {face.key: RailItem(face, choose) for face in faces}
        self.add_widget(Wrap("Attune", TITLE, ACCENT, lines=1, halign="center"))
        self.add_widget(Gap(SPACE.s))
        for item in self.items.values():
            self.add_widget(item)
        self.add_widget(Widget())
        for widget in foot:
            self.add_widget(widget)


class Ground(Surface, FloatLayout):
    """What everything lies on."""

    def __init__(self) -> None:
        super().__init__(fill=INK, radius=0)


class Notice(Card):
    """Bad news at the foot of the window."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Wrap(text, BODY),
            fill=HOVER,
            edge=DANGER,
            size_hint_x=0.6,
            pos_hint={"center_x": 0.5, "y": 0.03},
        )


class AttuneApp(App):
    """The window.

    Args:
        faces: In the order of the rail.
        start: Key of the face shown first.
        recording_sign: Makes what says on every face whether the loop records.
    """

    def __init__(
        self,
        faces: Sequence[Face],
        start: str,
        recording_sign: Callable[[], Widget],
    ) -> None:
        super().__init__()
        self.title = "Attune"
        self._faces = {face.key: face for face in faces}
        self._start = start
        self._recording_sign = recording_sign
        self._views: dict[str, Widget] = {}
        self._shown = ""
        self._news: Callable[[], str] | None = None

    def build(self) -> Widget:
        """Make the window's content."""
        Window.bind(on_key_down=self._on_key)
        self._rail = Rail(tuple(self._faces.values()), self.choose, self._recording_sign())
        self._content = BoxLayout()
        faces = BoxLayout()
        faces.add_widget(self._rail)
        faces.add_widget(self._content)
        self._over = Ground()
        self._over.add_widget(faces)
        self.choose(self._start)
        Clock.schedule_interval(self._tell, _TELL_EVERY_S)
        return self._over

    def watch(self, news: Callable[[], str]) -> None:
        """Show the first news there is, over whatever face is shown.

        Args:
            news: Asked twice a second; an empty string is none.
        """
        self._news = news

    def _tell(self, _: float) -> None:
        text = self._news() if self._news else ""
        if text:
            self._news = None
            self._over.add_widget(Notice(text))

    def choose(self, key: str) -> None:
        """Show a face."""
        if key == self._shown:
            return
        self._shown = key
        if key in self._views:
            self._views[key].shown()
        else:
            self._views[key] = self._faces[key].build()
        self._content.clear_widgets()
        self._content.add_widget(self._views[key])
        for name, item in self._rail.items.items():
            item.mark(name == key)

    def view(self, key: str) -> Widget:
        """Return the widget of a face that has been shown."""
        return self._views[key]

    def on_stop(self) -> None:
        """Let every face keep what was decided in it."""
        Window.unbind(on_key_down=self._on_key)
        for view in self._views.values():
            view.close()

    def _on_key(self, _: object, key: int, __: int, text: str | None, modifiers: list[str]) -> bool:
        name = Window._system_keyboard.keycode_to_string(key)
        focused = _focused(self._content)
        if focused is not None:
            if name == "escape":
                focused.focus = False
            return False
        if name in _FACE_KEYS and "ctrl" in modifiers:
            self.choose(list(self._faces)[min(_FACE_KEYS[name], len(self._faces) - 1)])
            return True
        return bool(self._views[self._shown].key(name, modifiers))


_FACE_KEYS = {"1": 0, "2": 1, "3": 2}


def _focused(root: Widget) -> TextInput | None:
    fields = (widget for widget in root.walk() if isinstance(widget, TextInput))
    return next((field for field in fields if field.focus), None)
