"""What memory gives back: frozen values detached from the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from assets.errors import AttuneError
from perception.events import Box, Emotion


class MemoryStoreError(AttuneError):
    """The store could not be opened, read or written."""


class Kind(StrEnum):
    """The kinds of row that can be recalled, named as evidence, or forgotten.

    A place is where a fact was said: it has the id of the fact and rests on rows of its own, what
    told the place, which say nothing of the fact.
    """

    MOMENT = "moment"
    PERSON = "person"
    SIGHTING = "sighting"
    OBJECT = "object"
    TEXT = "text"
    UTTERANCE = "utterance"
    FEELING = "feeling"
    CONTEXT = "context"
    FACT = "fact"
    TURN = "turn"
    DWELL = "dwell"
    EYE_RATES = "eye movement minute"
    PLACE = "place"


class Level(StrEnum):
    """The lengths of time that contexts tell of, shortest first."""

    MINUTE = "minute"
    TEN_MINUTES = "ten minutes"
    HOUR = "hour"
    THREE_HOURS = "three hours"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Category(StrEnum):
    """The kinds of facts about somebody."""

    PREFERENCE = "preference"
    PERSONALITY = "personality"
    BACKGROUND = "background"
    HABIT = "habit"
    RELATIONSHIP = "relationship"
    PLAN = "plan"
    SAFETY = "safety"


class KeyKind(StrEnum):
    """What a key to a memory names."""

    ACTIVITY = "activity"
    PLACE = "place"
    OBJECT = "object"
    PERSON = "person"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Source:
    """A row that another row was derived from."""

    kind: Kind
    id: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key to memories.

    Attributes:
        key: In lower case.
        minutes: How many minutes it leads to.
    """

    kind: KeyKind
    key: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the wearer met.

    Attributes:
        key: The identity that perception uses, e.g. ``"person-2"`` or ``"voice-1"``.
        name: Given by the wearer, else heard in an introduction, else empty.
        is_name_given: The wearer gave the name; it is never overruled.
        thumbnail: Path of a face picture, or None.
    """

    id: int
    key: str
    name: str
    is_name_given: bool
    is_wearer: bool
    thumbnail: Path | None
    first_seen_ns: int
    last_seen_ns: int
    sightings: int
    utterances: int

    @property
    def label(self) -> str:
        """The name, or "someone" and a number where there is none."""
        return self.name or f"someone {self.id}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """An utterance as remembered."""

    id: int
    start_ns: int
    end_ns: int
    text: str
    speaker: Person | None
    is_wearer: bool
    confidence: float
    moment_id: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """An object or a line of writing as remembered, once per moment and label."""

    id: int
    kind: Kind
    t_ns: int
    text: str
    box: Box
    confidence: float
    is_attended: bool
    moment_id: int | None


@dataclass(frozen=True, slots=True)
class Feeling:
    """An emotionship as remembered.

    Attributes:
        is_confirmed: The wearer's answer to "was this why?", None while unasked.
    """

    id: int
    start_ns: int
    end_ns: int
    peak_ns: int
    emotion: Emotion
    valence: float
    arousal: float
    confidence: float
    cause: str
    influence: float
    is_confirmed: bool | None
    moment_id: int | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of time that the wearer attended to, with everything known of it.

    Attributes:
        key_ns: When attention was strongest.
        gaze_in_scene_px: Gaze at ``key_ns``.
        clip: Path of the video, or None while it is being written or once it is lost.
        gaze_track: Path of the gaze beside the clip, or None where there is none.
        thumbnail: Path of the attended frame, or None.
        attended: What the gaze lay on, most certain first.
    """

    id: int
    start_ns: int
    end_ns: int
    key_ns: int
    gaze_in_scene_px: tuple[float, float]
    confidence: float
    clip: Path | None
    gaze_track: Path | None
    thumbnail: Path | None
    attended: tuple[str, ...]
    seen: tuple[Seen, ...] = ()
    people: tuple[Person, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    feelings: tuple[Feeling, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A minute of the day, or more, in a few sentences.

    Attributes:
        detail: Everything told of it; empty once it has faded.
        arousal: Of its most moving event, in [0, 1].
    """

    id: int
    level: Level
    start_ns: int
    end_ns: int
    summary: str
    detail: str
    arousal: float
    sources: tuple[Source, ...]

    @property
    def text(self) -> str:
        """As much as is still known."""
        return self.detail or self.summary


WEARER = "wearer"
"""The subject and the speaker of facts that the wearer states of themselves."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement with who said it and for how long it holds.

    Attributes:
        subject: Whom it is about: :data:`WEARER` or a person's label.
        slot: What can have one answer at a time, e.g. ``"lives in"``; empty where nothing can.
        value: The answer, normalised; empty where it cannot be compared.
        said_by: Who said it. Only the wearer's verified voice makes facts about the wearer.
        place: Where it was said, in words; empty where that is not known.
        valid_until_ns: When a correction closed it, or None while it holds.
    """

    id: int
    subject: str
    category: Category
    slot: str
    value: str
    text: str
    said_by: str
    place: str
    t_ns: int
    confidence: float
    valid_from_ns: int
    valid_until_ns: int | None
    sources: tuple[Source, ...]

    def holds_at(self, t_ns: int) -> bool:
        """Tell whether it holds at a time."""
        return self.valid_from_ns <= t_ns and (
            self.valid_until_ns is None or t_ns < self.valid_until_ns
        )


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that hold at one time and answer one question differently; the wearer decides."""

    subject: str
    slot: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange with the companion."""

    id: int
    t_ns: int
    asked: str
    replied: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """What to recall.

    Attributes:
        text: Words to match by stem and by meaning; empty for a pure filter.
        start_ns: Only what happened from here on.
        end_ns: Only what happened before.
        person_ids: Only what involves at least one of these people.
        kinds: Only these kinds; empty for all.
        limit: At most so many hits.
        margin: Without those that fit so much less than the best, in points of the ranking.
        now_ns: When it is asked, or None. With it the words may tell a time ("last Tuesday",
            "before the meeting"), which makes what happened then likelier; and what happened or
            was told lately comes before what fits as well.
    """

    text: str = ""
    start_ns: int | None = None
    end_ns: int | None = None
    person_ids: tuple[int, ...] = ()
    kinds: frozenset[Kind] = field(default_factory=frozenset)
    limit: int = 10
    margin: float = 5.0
    now_ns: int | None = None

    @property
    def is_limited_in_time(self) -> bool:
        """It asks for some span only."""
        return self.start_ns is not None or self.end_ns is not None


@dataclass(frozen=True, slots=True)
class Hit:
    """One recalled memory with its evidence.

    Attributes:
        text: A sentence that stands alone, e.g. ``'Jon Peirce said: "I am a lecturer."'``.
        score: Higher is better; comparable within one recall only.
        moment_id: The moment to open for the clip, or None.
        answers: How likely it answers the cue rather than being about the same things, in [0, 1].
    """

    kind: Kind
    id: int
    t_ns: int
    text: str
    score: float
    moment_id: int | None
    sources: tuple[Source, ...]
    answers: float = 1.0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was said to or by the wearer, or that was read.

    Attributes:
        source: The utterance or the writing.
        text: The words; lines of writing are divided by `` / ``.
        said_by: A name or a label, ``"you"`` for the wearer; empty for writing.
    """

    source: Source
    t_ns: int
    text: str
    said_by: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What to forget: everything that matches all given conditions.

    Attributes:
        moment_ids: What happened in any of these moments.
        person_ids: Where any of these people is seen or heard.
        start_ns: What happened from here on.
        end_ns: What happened before.
        places: What happened at any of these places.
        topics: What is about any of these, by its key or in its own words, in any of their forms.
        everything: All there is, without any condition.

    Raises:
        ValueError: No condition is given, forgetting everything must be asked for by name; or a
            place or topic has no words.
    """

    moment_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()
    start_ns: int | None = None
    end_ns: int | None = None
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    everything: bool = False

    def __post_init__(self) -> None:
        if not all(any(map(str.isalnum, name)) for name in self.places + self.topics):
            raise ValueError("a place or topic to forget needs a word")
        is_empty = not (self.moment_ids or self.person_ids or self.places or self.topics)
        if is_empty and self.start_ns is self.end_ns is None and not self.everything:
            raise ValueError(
                "choose moments, people, places, topics or a span to forget, or everything=True"
            )

    @property
    def has_span(self) -> bool:
        """It is limited in time."""
        return self.start_ns is not None or self.end_ns is not None

    @property
    def picks_rows(self) -> bool:
        """It takes some rows of a time and leaves others."""
        return bool(self.person_ids or self.places or self.topics)


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What went, or would go.

    Attributes:
        rows: How many rows of each kind.
        text_bytes: Of the sentences under which rows were found.
        files: Clips, gaze tracks and pictures.
        media_bytes: Of those files.
    """

    rows: dict[Kind, int]
    text_bytes: int
    files: int
    media_bytes: int


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, by kind, and how many media files and bytes of them."""

    rows: dict[Kind, int]
    files: int
    media_bytes: int
