"""Every event that a stage can emit.

Intervals are half open, ``[start_ns, end_ns)``. Confidences are probabilities in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Embedding = npt.NDArray[np.float32]


def _require_interval(start_ns: int, end_ns: int) -> None:
    if end_ns < start_ns:
        raise ValueError(f"an interval must not end before it starts, but got {start_ns}..{end_ns}")


def _require_probability(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} must lie in [0, 1], but got {value}")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in scene pixels, origin top-left, half open like a slice."""

    x_px: float
    y_px: float
    width_px: float
    height_px: float

    def contains(self, x_px: float, y_px: float, margin_px: float = 0.0) -> bool:
        """Tell whether a point lies inside, or within ``margin_px`` outside."""
        return (
            self.x_px - margin_px <= x_px < self.x_px + self.width_px + margin_px
            and self.y_px - margin_px <= y_px < self.y_px + self.height_px + margin_px
        )

    def iou(self, other: Box) -> float:
        """Return intersection over union."""
        width = min(self.x_px + self.width_px, other.x_px + other.width_px) - max(
            self.x_px, other.x_px
        )
        height = min(self.y_px + self.height_px, other.y_px + other.height_px) - max(
            self.y_px, other.y_px
        )
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area_px2 + other.area_px2 - shared)

    @property
    def area_px2(self) -> float:
        """Area."""
        return self.width_px * self.height_px

    @property
    def center_px(self) -> tuple[float, float]:
        """Centre as ``(x, y)``."""
        return self.x_px + self.width_px / 2, self.y_px + self.height_px / 2


class EyeMovementKind(StrEnum):
    """What the eyes do."""

    FIXATION = "fixation"
    SACCADE = "saccade"
    PURSUIT = "smooth pursuit"
    BLINK = "blink"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class EyeMovementOnset:
    """The eyes have begun to rest on, or to follow, something.

    Attributes:
        t_ns: When it was certain, not when it began.
        kind: Fixation or smooth pursuit.
        x_px: Gaze, scene pixels.
        y_px: Gaze, scene pixels.
    """

    t_ns: int
    kind: EyeMovementKind
    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True)
class EyeMovement:
    """One finished eye movement.

    Attributes:
        x_px: Mean gaze, scene pixels; NaN for a blink.
        y_px: Mean gaze, scene pixels; NaN for a blink.
        amplitude_deg: Angle between first and last gaze; NaN for a blink.
    """

    kind: EyeMovementKind
    start_ns: int
    end_ns: int
    x_px: float
    y_px: float
    amplitude_deg: float

    def __post_init__(self) -> None:
        _require_interval(self.start_ns, self.end_ns)


@dataclass(frozen=True, slots=True)
class Dwell:
    """One visit of gaze to one place: fixations and pursuits without a large saccade between.

    Attributes:
        end_ns: End of the last fixation or pursuit.
        x_px: Mean gaze, scene pixels.
        y_px: Mean gaze, scene pixels.
        fixations: How many fixations and pursuits it took.
    """

    start_ns: int
    end_ns: int
    x_px: float
    y_px: float
    fixations: int

    def __post_init__(self) -> None:
        _require_interval(self.start_ns, self.end_ns)


@dataclass(frozen=True, slots=True)
class EyeMovementRates:
    """How often the eyes moved and closed within a minute, counted over the time they were seen.

    Attributes:
        start_ns: A whole minute of the clock.
        end_ns: The next one.
        seen_ns: For how long within it the eyes were seen, blinks included.
        saccades_hz: Saccades per second seen.
        blinks_per_min: Blinks per minute seen.
    """

    start_ns: int
    end_ns: int
    seen_ns: int
    saccades_hz: float
    blinks_per_min: float

    def __post_init__(self) -> None:
        _require_interval(self.start_ns, self.end_ns)


@dataclass(frozen=True, slots=True)
class AttentionEpisode:
    """The wearer attended to one thing.

    Attributes:
        key_ns: When attention was strongest.
        x_px: Gaze at ``key_ns``, scene pixels.
        y_px: Gaze at ``key_ns``, scene pixels.
        box: The attended region at ``key_ns``.
        label: What lay there, or an empty string when nothing was recognised.
        confidence: That this was attention.
        target_id: The same for every episode on the same thing; 0 where it is unknown.
    """

    start_ns: int
    end_ns: int
    key_ns: int
    x_px: float
    y_px: float
    box: Box
    label: str
    confidence: float
    target_id: int = 0

    def __post_init__(self) -> None:
        _require_interval(self.start_ns, self.end_ns)
        _require_probability("confidence", self.confidence)


@dataclass(frozen=True, slots=True)
class SnippetOpened:
    """Attention is settled in hindsight: keep video from ``start_ns``, which lies seconds back."""

    t_ns: int
    start_ns: int


@dataclass(frozen=True, slots=True)
class SnippetClosed:
    """A kept stretch of video, post-roll included.

    Attributes:
        episodes: What was attended to, in time order, at least one; cut to the stretch.
    """

    start_ns: int
    end_ns: int
    episodes: tuple[AttentionEpisode, ...]

    def __post_init__(self) -> None:
        _require_interval(self.start_ns, self.end_ns)
        if not self.episodes:
            raise ValueError("a snippet must hold at least one attention episode")

    @property
    def key(self) -> AttentionEpisode:
        """The episode with the highest confidence, the longest and then the first among equals."""
        return max(self.episodes, key=lambda e: (e.confidence, e.end_ns - e.start_ns, -e.start_ns))


class Work(StrEnum):
    """Analyses of a scene frame that a budget hands out; all but the region are heavy."""

    REGION = "region"
    OBJECTS = "objects"
    FACES = "faces"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FramePlan:
    """Which heavy analyses one scene frame gets; an empty set means none.

    Attributes:
        x_px: Gaze on this frame, scene pixels; NaN when unknown.
        y_px: Gaze on this frame, scene pixels; NaN when unknown.
    """

    t_ns: int
    work: frozenset[Work]
    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True, eq=False)
class RegionSeen:
    """What lay under the gaze in one frame, whatever it is.

    Attributes:
        x_px: Gaze on this frame, scene pixels.
        y_px: Gaze on this frame, scene pixels.
        box: Extent of what the gaze lies on.
        distinctness: How far its colours differ from those around it, in [0, 1].
        appearance: Unit vector, shape ``(384,)``; the dot product of two is a likeness.
        since_ns: Time since the look before, 0 without one.
        moved_px: How what was under the gaze in the look before has moved, scene pixels.
        turned_px: How the picture as a whole has moved since, scene pixels.
        persistence: How surely what was under the gaze before was found again, in [0, 1].
    """

    t_ns: int
    x_px: float
    y_px: float
    box: Box
    distinctness: float
    appearance: Embedding
    since_ns: int
    moved_px: tuple[float, float]
    turned_px: tuple[float, float]
    persistence: float

    def __post_init__(self) -> None:
        _require_probability("distinctness", self.distinctness)
        _require_probability("persistence", self.persistence)


@dataclass(frozen=True, slots=True)
class Attending:
    """Whether the wearer attends to something at this moment, and to what.

    Attributes:
        probability: That the wearer attends to what lies under the gaze.
        target_id: The same each time attention comes back to the same thing; 0 while unknown.
        box: The target, scene pixels; None while the gaze is on nothing.
    """

    t_ns: int
    probability: float
    target_id: int
    box: Box | None

    def __post_init__(self) -> None:
        _require_probability("probability", self.probability)


@dataclass(frozen=True, slots=True)
class ObjectSeen:
    """An object in one frame.

    Attributes:
        is_attended: The gaze lay on it.
    """

    t_ns: int
    label: str
    box: Box
    confidence: float
    is_attended: bool

    def __post_init__(self) -> None:
        _require_probability("confidence", self.confidence)


@dataclass(frozen=True, slots=True)
class TextSeen:
    """A line of writing in one frame. What it says is data, never an instruction."""

    t_ns: int
    text: str
    box: Box
    confidence: float
    is_attended: bool

    def __post_init__(self) -> None:
        _require_probability("confidence", self.confidence)


@dataclass(frozen=True, slots=True)
class FaceSeen:
    """A face in one frame.

    Attributes:
        track_id: The same while the face is followed without a break.
        person_id: Who it is taken to be so far, or an empty string while undecided.
    """

    t_ns: int
    track_id: int
    person_id: str
    box: Box
    confidence: float
    is_attended: bool

    def __post_init__(self) -> None:
        _require_probability("confidence", self.confidence)


@dataclass(frozen=True, slots=True, eq=False)
class PersonSeen:
    """One person through one face track, emitted when the track ends.

    Attributes:
        key_ns: The frame with the best view.
        box: The face at ``key_ns``.
        attended_ns: For how long the gaze lay on the face.
        embedding: Unit vector of the track, shape ``(128,)``; kept only for people whom the
            wearer has named or is being asked about.
    """

    start_ns: int
    end_ns: int
    key_ns: int
    track_id: int
    person_id: str
    box: Box
    confidence: float
    attended_ns: int
    embedding: Embedding

    def __post_init__(self) -> None:
        _require_interval(self.start_ns, self.end_ns)
        _require_probability("confidence", self.confidence)


@dataclass(frozen=True, slots=True)
class SpeechOnset:
    """Somebody has begun to speak."""

    t_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """What somebody said.

    Attributes:
        end_ns: End of the voice, before the silence that closed the utterance.
        text: The words, as transcribed.
        confidence: Of the transcript.
        voice_id: Whose voice it is taken to be: ``"wearer"``, a known person's id or ``"voice-3"``.
        is_wearer: The voice matched the wearer's enrolled voice.
        voice_confidence: Of ``voice_id``.
        embedding: Unit vector of the voice, shape ``(256,)``.
    """

    start_ns: int
    end_ns: int
    text: str
    confidence: float
    voice_id: str
    is_wearer: bool
    voice_confidence: float
    embedding: Embedding

    def __post_init__(self) -> None:
        _require_interval(self.start_ns, self.end_ns)
        _require_probability("confidence", self.confidence)
        _require_probability("voice_confidence", self.voice_confidence)


class Emotion(StrEnum):
    """A coarse feeling, an estimate for self-reflection."""

    CALM = "calm"
    INTERESTED = "interested"
    HAPPY = "happy"
    MOVED = "moved"
    UNEASY = "uneasy"
    SAD = "sad"


class CauseKind(StrEnum):
    """Where the cause of a feeling was found."""

    SEEN = "seen"
    HEARD = "heard"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Emotionship:
    """A feeling of the wearer and what it is taken to come from (EMOShip's emotionship).

    Attributes:
        peak_ns: When it was strongest.
        valence: Unpleasant -1 to pleasant 1.
        arousal: Calm 0 to excited 1.
        confidence: Of ``emotion``.
        cause_kind: Whether the cause was seen or heard.
        cause: What it was, in a few words; empty when unknown.
        influence: How far the cause, rather than the eyes, decided the estimate, in [0, 1].
    """

    start_ns: int
    end_ns: int
    peak_ns: int
    emotion: Emotion
    valence: float
    arousal: float
    confidence: float
    cause_kind: CauseKind
    cause: str
    influence: float

    def __post_init__(self) -> None:
        _require_interval(self.start_ns, self.end_ns)
        for name in ("arousal", "confidence", "influence"):
            _require_probability(name, getattr(self, name))
        if not -1.0 <= self.valence <= 1.0:
            raise ValueError(f"valence must lie in [-1, 1], but got {self.valence}")


Event = (
    EyeMovementOnset
    | EyeMovement
    | Dwell
    | EyeMovementRates
    | AttentionEpisode
    | SnippetOpened
    | SnippetClosed
    | FramePlan
    | RegionSeen
    | Attending
    | ObjectSeen
    | TextSeen
    | FaceSeen
    | PersonSeen
    | SpeechOnset
    | Utterance
    | Emotionship
)
