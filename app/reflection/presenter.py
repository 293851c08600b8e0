"""What the reflection window shows and does, without a window."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta, tzinfo

from app.reflection.scale import Scale, ticks
from app.reflection.state import (
    EmotionCount,
    FeelingCard,
    ReflectionScreen,
    RibbonPoint,
    Span,
)
from app.widgets import words
from app.widgets.days import DayCursor
from app.widgets.moments import MomentCard, moment_card
from memory.records import Feeling
from memory.store import Memory
from perception.events import Emotion

_DAYS = {Span.DAY: 1, Span.WEEK: 7}

_NOTHING_YET = (
    "No feelings to look back on yet",
    "Wear the glasses, or replay a recording with “attune run”. Attune estimates what moved you "
    "from your eyes and from what was said, and shows it here with its likely cause.",
)


class ReflectionPresenter:
    """Looks back over a day or a week of feelings in one memory."""

    def __init__(self, memory: Memory, zone: tzinfo = words.MACHINE_ZONE) -> None:
        self._memory = memory
        self._zone = zone
        self._days = DayCursor(memory.days(zone))
        self._span = Span.DAY
        self._emotion: Emotion | None = None
        self._chosen_id: int | None = None

    def screen(self) -> ReflectionScreen:
        """Return what to show now."""
        feelings = self._feelings()
        scale = self._scale(feelings)
        shown = [f for f in feelings if self._emotion in (None, f.emotion)]
        return ReflectionScreen(
            title=self._title(),
            span=self._span,
            can_go_earlier=self._days.earlier is not None,
            can_go_later=self._days.later is not None,
            ribbon=tuple(_point(feeling, scale) for feeling in feelings) if scale else (),
            ticks=ticks(scale, self._span is Span.WEEK, self._zone) if scale else (),
            counts=_counts(feelings),
            cards=tuple(self._card(feeling) for feeling in shown),
            emotion=self._emotion,
            chosen_id=self._chosen_id,
            empty=None if feelings else _NOTHING_YET,
        )

    def reload(self) -> None:
        """Take in what was remembered since."""
        self._days.reload(self._memory.days(self._zone))

    def earlier(self) -> None:
        """Show the day before that holds memories, or the week that ends with it."""
        self._days.go(self._days.earlier)
        self._chosen_id = None

    def later(self) -> None:
        """Show the day after that holds memories, or the week that ends with it."""
        self._days.go(self._days.later)
        self._chosen_id = None

    def look_back(self, span: Span) -> None:
        """Show a day, or the seven days that end with it."""
        self._span = span
        self._chosen_id = None

    def filter_emotion(self, emotion: Emotion | None) -> None:
        """Show the cards of one feeling; the same feeling again shows all."""
        self._emotion = None if emotion is self._emotion else emotion

    def choose(self, feeling_id: int | None) -> None:
        """Pick one feeling, so that its card and its place on the ribbon stand out."""
        self._chosen_id = feeling_id
        self._emotion = None

    def step(self, by: int) -> None:
        """Pick the feeling ``by`` places further along the ribbon."""
        ids = [feeling.id for feeling in self._feelings()]
        if ids:
            at = ids.index(self._chosen_id) + by if self._chosen_id in ids else 0
            self.choose(ids[min(max(at, 0), len(ids) - 1)])

    def back(self) -> None:
        """Drop the pick, then the filter."""
        if self._chosen_id is not None:
            self._chosen_id = None
        else:
            self._emotion = None

    def answer(self, feeling_id: int, is_right: bool) -> None:
        """Keep the wearer's answer to "was this why?"."""
        self._memory.confirm_feeling(feeling_id, is_right)

    def _bounds_ns(self) -> tuple[int, int] | None:
        if self._days.day is None:
            return None
        length = _DAYS[self._span]
        first = self._days.day - timedelta(days=length - 1)
        return words.day_bounds_ns(first, length, self._zone)

    def _feelings(self) -> list[Feeling]:
        bounds_ns = self._bounds_ns()
        feelings = self._memory.feelings(*bounds_ns) if bounds_ns else []
        return sorted(feelings, key=lambda feeling: (feeling.peak_ns, feeling.id))

    def _scale(self, feelings: list[Feeling]) -> Scale | None:
        bounds_ns = self._bounds_ns()
        if not feelings or bounds_ns is None:
            return None
        if self._span is Span.WEEK:
            return Scale(*bounds_ns)
        return Scale.around([(feeling.start_ns, feeling.end_ns) for feeling in feelings])

    def _title(self) -> str:
        day = self._days.day
        if day is None:
            return ""
        return words.day_title(day) if self._span is Span.DAY else _week_title(day)

    def _card(self, feeling: Feeling) -> FeelingCard:
        moment = self._moment(feeling)
        return FeelingCard(
            id=feeling.id,
            emotion=feeling.emotion,
            time=self._time(feeling),
            cause=words.because(feeling.cause),
            picture=moment.picture if moment else None,
            quote=moment.quote if moment else "",
            quote_by=moment.quote_by if moment else "",
            confidence=words.sure(feeling.confidence),
            is_confirmed=feeling.is_confirmed,
            can_ask=bool(feeling.cause),
        )

    def _moment(self, feeling: Feeling) -> MomentCard | None:
        if feeling.moment_id is None:
            return None
        return moment_card(self._memory.moment(feeling.moment_id), self._zone)

    def _time(self, feeling: Feeling) -> str:
        time = words.clock(feeling.peak_ns, self._zone, has_seconds=self._span is Span.DAY)
        if self._span is Span.DAY:
            return time
        return f"{words.local_time(feeling.peak_ns, self._zone):%a} {time}"


def _point(feeling: Feeling, scale: Scale) -> RibbonPoint:
    return RibbonPoint(
        feeling.id,
        feeling.emotion,
        scale.position(feeling.start_ns),
        scale.position(feeling.peak_ns),
        scale.position(feeling.end_ns),
        feeling.valence,
        feeling.arousal,
    )


def _counts(feelings: list[Feeling]) -> tuple[EmotionCount, ...]:
    counts = []
    for emotion, count in Counter(feeling.emotion for feeling in feelings).most_common():
        causes = Counter(f.cause or "unknown" for f in feelings if f.emotion is emotion)
        said = [f"{number} × {cause}" for cause, number in causes.most_common()]
        counts.append(EmotionCount(emotion, count, words.listed(said)))
    return tuple(counts)


def _week_title(last: date) -> str:
    first = last - timedelta(days=6)
    start = f"{first.day} {first:%B}" if first.month != last.month else f"{first.day}"
    return f"{start} to {last.day} {last:%B} {last.year}"
