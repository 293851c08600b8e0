"""Everything on the life-log window, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.widgets.moments import MomentCard, PersonChip
from perception.events import Emotion


@dataclass(frozen=True, slots=True)
class Heading:
    """A line between cards, e.g. the hour."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something found, or told of a day, that belongs to no moment."""

    time: str
    text: str


Row = Heading | MomentCard | Note


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a moment's transcript."""

    time: str
    name: str
    text: str
    is_wearer: bool


@dataclass(frozen=True, slots=True)
class FeltLine:
    """A feeling in words."""

    emotion: Emotion
    text: str
    confidence: str


@dataclass(frozen=True, slots=True)
class MomentDetail:
    """One opened moment.

    Attributes:
        clip: The video, or None where it is missing.
        key_s: When attention was strongest, in seconds from the clip's beginning.
        gaze_track: The gaze beside the clip, or None where it is not known.
        people: Who was there, the wearer excepted.
        looked_at: What the gaze lay on.
        also_seen: What else was in view.
        writing: Lines of writing in view.
    """

    card: MomentCard
    when: str
    clip: Path | None
    key_s: float
    gaze_track: Path | None
    people: tuple[PersonChip, ...]
    transcript: tuple[Line, ...]
    feelings: tuple[FeltLine, ...]
    looked_at: str
    also_seen: str
    writing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A question before something is deleted.

    Attributes:
        loses: What goes, one line each.
    """

    moment_id: int
    question: str
    loses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What was just done, for a few seconds.

    Attributes:
        can_undo: ``LifelogPresenter.undo`` takes it back.
    """

    text: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing to show, and what to do about it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class LifelogScreen:
    """The life-log window.

    Attributes:
        rows: The day's summary once it is told, then headings and cards from early to late; or
            found things from best to worst.
        people: Everybody who can be filtered by.
        person_id: The person filtered by, or None.
        empty: Shown in place of the rows, or None.
    """

    title: str
    subtitle: str
    can_go_earlier: bool
    can_go_later: bool
    query: str
    rows: tuple[Row, ...]
    people: tuple[PersonChip, ...]
    person_id: int | None
    detail: MomentDetail | None
    confirmation: Confirmation | None
    notice: Notice | None
    empty: Empty | None
