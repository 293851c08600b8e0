"""Everything on the reflection window, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perception.events import Emotion


class Span(StrEnum):
    """How much time is looked back on."""

    DAY = "Day"
    WEEK = "Week"


@dataclass(frozen=True, slots=True)
class RibbonPoint:
    """One feeling on the ribbon.

    Attributes:
        start: Position in [0, 1] along the time shown.
        peak: Position of the strongest instant.
        end: Position of the end.
        valence: Height, from -1 to 1.
        arousal: Thickness, in [0, 1].
    """

    feeling_id: int
    emotion: Emotion
    start: float
    peak: float
    end: float
    valence: float
    arousal: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A time written under the ribbon, at a position in [0, 1]."""

    position: float
    text: str


@dataclass(frozen=True, slots=True)
class FeelingCard:
    """One feeling with what surrounded it.

    Attributes:
        cause: What it is taken to come from, as a clause.
        quote: Words said at the time, or an empty string.
        confidence: How sure the estimate is, in words.
        is_confirmed: The wearer's answer to "was this why?", None while unasked.
        can_ask: There is a cause to ask about.
    """

    id: int
    emotion: Emotion
    time: str
    cause: str
    picture: Path | None
    quote: str
    quote_by: str
    confidence: str
    is_confirmed: bool | None
    can_ask: bool


@dataclass(frozen=True, slots=True)
class EmotionCount:
    """How often a feeling occurred and what caused it, e.g. ``"3 × Ann, 1 × dog"``."""

    emotion: Emotion
    count: int
    causes: str


@dataclass(frozen=True, slots=True)
class ReflectionScreen:
    """The reflection window.

    Attributes:
        ribbon: Feelings in order of their peaks.
        emotion: The feeling filtered by, or None.
        chosen_id: The feeling picked on the ribbon, or None.
        empty: Title and advice where there is nothing to show, else None.
    """

    title: str
    span: Span
    can_go_earlier: bool
    can_go_later: bool
    ribbon: tuple[RibbonPoint, ...]
    ticks: tuple[Tick, ...]
    counts: tuple[EmotionCount, ...]
    cards: tuple[FeelingCard, ...]
    emotion: Emotion | None
    chosen_id: int | None
    empty: tuple[str, str] | None
