"""Eyes, words and what was looked at in, feelings and what they come from out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from firmware_bridge.packets import EyeState, SceneFrame
from perception.emotion.arousal import SECOND_NS, USUAL, Arousal, ArousalSettings, Level
from perception.emotion.sentiment import probability, valence
from perception.emotion.spacing import Spacing, SpacingSettings
from perception.events import (
    AttentionEpisode,
    CauseKind,
    Emotion,
    Emotionship,
    FaceSeen,
    ObjectSeen,
    Utterance,
)

Item = EyeState | SceneFrame | Utterance | AttentionEpisode | ObjectSeen | FaceSeen


@dataclass(frozen=True, slots=True)
class FeelingSettings:
    """What counts as a feeling, and how feelings become events."""

    stirred: float = 0.75
    """Arousal from which the eyes tell of a feeling, in [0, 1]."""
    strong: float = 0.9
    """Arousal from which the eyes tell of more than interest, in [0, 1]."""
    stirred_ns: int = SECOND_NS // 2
    """How long arousal must last, in nanoseconds."""
    unpleasant: float = -0.4
    """Valence of words from which they tell of a feeling."""
    pleasant: float = 0.5
    """Valence of words from which they tell of a feeling."""
    other_share: float = 0.6
    """How far the words of others count beside the wearer's own, in [0, 1]."""
    settle_ns: int = 3 * SECOND_NS
    """How long a feeling waits for its causes to be recognised, in nanoseconds."""
    before_ns: int = 2 * SECOND_NS
    """How long before a feeling its cause may lie, in nanoseconds."""
    longest_ns: int = 60 * SECOND_NS
    """Arousal that lasts longer is cut, in nanoseconds."""
    late_ns: int = 30 * SECOND_NS
    """Items this late are let go, in nanoseconds."""
    eyes_confidence: float = 0.3
    """Confidence that eyes alone may give, in [0, 1]."""
    most_confidence: float = 0.7
    """Confidence that cues as simple as these may ever give, in [0, 1]."""
    spacing: SpacingSettings = field(default_factory=SpacingSettings)
    """How far feelings must lie apart."""


@dataclass(frozen=True, slots=True)
class _Words:
    start_ns: int
    end_ns: int
    text: str
    valence: float
    is_wearer: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    start_ns: int
    end_ns: int
    label: str


@dataclass(slots=True)
class _Stir:
    """Something that may be a feeling: aroused eyes, or loaded words."""

    start_ns: int
    end_ns: int
    peak_ns: int
    arousal: float


class Feelings:
    """Stage: what the wearer may have felt, and what it may have come from.

    Stands for EMOShip (arXiv 2201.09933), which reads expression from pictures of the eyes, fuses
    it with what was seen and weighs the two. Here arousal comes from pupils and eyelids, valence
    from words, the cause from what was attended to or said at that time, and the influence score
    is the cause's part of all evidence. As there, neutral stretches give no event at all. Pictures
    of the eyes are not judged: valence without words stays 0. Everything is an estimate for
    self-reflection, and its confidence says so: it is never above 0.7.

    Args:
        settings: What counts as a feeling.
        arousal: How pupils and eyelids are read.
    """

    def __init__(
        self, settings: FeelingSettings | None = None, arousal: ArousalSettings | None = None
    ) -> None:
        self.settings = settings or FeelingSettings()
        self._arousal_settings = arousal or ArousalSettings()
        self.reset()

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        self._arousal = Arousal(self._arousal_settings)
        self._t_ns: int | None = None
        self._light_ns = 0
        self._levels: deque[Level] = deque(maxlen=512)
        self._words: deque[_Words] = deque(maxlen=64)
        self._seen: deque[_Seen] = deque(maxlen=512)
        self._stir: _Stir | None = None
        self._waiting: list[_Stir] = []
        self._spacing = Spacing(self.settings.spacing)

    def update(self, item: Item) -> Iterator[Emotionship]:
        """Yield the feelings that are certain by the time of an item."""
        now_ns = item.t_ns if isinstance(item, EyeState | SceneFrame) else _end_ns(item)
        if self._t_ns is not None and now_ns < self._t_ns - self.settings.late_ns:
            return
        self._t_ns = now_ns if self._t_ns is None else max(self._t_ns, now_ns)
        self._take(item)
        self._forget(self._t_ns - self.settings.late_ns - self.settings.longest_ns)
        yield from self._settle(self._t_ns)

    def flush(self) -> Iterator[Emotionship]:
        """Yield the feelings that still wait."""
        self._end_stir()
        for stir in sorted(self._waiting, key=lambda s: s.end_ns):
            yield from self._spacing.add(self._judge(stir))
        self._waiting.clear()
        yield from self._spacing.tell()

    def _take(self, item: Item) -> None:
        match item:
            case EyeState():
                level = self._arousal.update(item)
                if level is not None:
                    self._stirred(level)
            case SceneFrame() if item.t_ns - self._light_ns >= SECOND_NS // 5:
                self._light_ns = item.t_ns
                self._arousal.see(item.t_ns, float(item.image[::32, ::32].mean()))
            case Utterance():
                self._heard(item)
            case AttentionEpisode() if item.label:
                self._seen.append(_Seen(item.start_ns, item.end_ns, item.label))
            case ObjectSeen() | FaceSeen() if item.is_attended:
                label = item.label if isinstance(item, ObjectSeen) else "face"
                self._seen.append(_Seen(item.t_ns, item.t_ns + SECOND_NS // 5, label))
            case _:
                pass

    def _forget(self, before_ns: int) -> None:
        while self._seen and self._seen[0].end_ns < before_ns:
            self._seen.popleft()
        while self._words and self._words[0].end_ns < before_ns:
            self._words.popleft()

    def _stirred(self, level: Level) -> None:
        """Open, prolong or end the stretch in which the eyes tell of a feeling."""
        last_ns = self._levels[-1].t_ns if self._levels else level.t_ns
        self._levels.append(level)
        stir = self._stir
        if level.arousal < self.settings.stirred or level.t_ns - last_ns > SECOND_NS:
            self._end_stir()
        elif stir is None:
            self._stir = _Stir(level.t_ns, level.t_ns, level.t_ns, level.arousal)
        else:
            stir.end_ns = level.t_ns
            if level.arousal > stir.arousal:
                stir.peak_ns, stir.arousal = level.t_ns, level.arousal
            if stir.end_ns - stir.start_ns >= self.settings.longest_ns:
                self._end_stir()

    def _end_stir(self) -> None:
        stir, self._stir = self._stir, None
        if stir is not None and stir.end_ns - stir.start_ns >= self.settings.stirred_ns:
            self._waiting.append(stir)

    def _heard(self, item: Utterance) -> None:
        pleasant = valence(item.text)
        words = _Words(item.start_ns, item.end_ns, item.text, pleasant, item.is_wearer)
        if self._is_loaded(words):
            self._words.append(words)
            middle_ns = (item.start_ns + item.end_ns) // 2
            self._waiting.append(_Stir(item.start_ns, item.end_ns, middle_ns, 0.0))

    def _is_loaded(self, words: _Words) -> bool:
        return not self.settings.unpleasant < words.valence < self.settings.pleasant

    def _settle(self, now_ns: int) -> Iterator[Emotionship]:
        for stir in [s for s in self._waiting if now_ns - s.end_ns >= self.settings.settle_ns]:
            self._waiting.remove(stir)
            yield from self._spacing.add(self._judge(stir))
        yield from self._spacing.pass_time(now_ns)

    def _judge(self, stir: _Stir) -> Emotionship:
        """Join a stir to its cause."""
        from_ns, to_ns = stir.start_ns - self.settings.before_ns, stir.end_ns + SECOND_NS // 2
        words = self._words_between(from_ns, to_ns)
        level = self._level_between(stir.start_ns, stir.end_ns + SECOND_NS)
        seen = self._seen_between(stir.start_ns - SECOND_NS // 2, stir.end_ns)
        share = 0.0 if words is None else 1.0 if words.is_wearer else self.settings.other_share
        pleasant = words.valence * share if words else 0.0
        from_cause = abs(pleasant) + (0.3 if seen else 0.0)
        from_eyes = max(0.0, (level or 0.0) - USUAL)
        if words is not None:
            kind, cause = CauseKind.HEARD, _few_words(words.text)
        else:
            kind, cause = (CauseKind.SEEN, seen) if seen else (CauseKind.UNKNOWN, "")
        return Emotionship(
            stir.start_ns,
            stir.end_ns,
            stir.peak_ns,
            self._emotion(words.valence if words else 0.0, level),
            pleasant,
            0.5 if level is None else level,
            self._confidence(words, share, level or 0.0),
            kind,
            cause,
            from_cause / (from_cause + from_eyes) if from_cause else 0.0,
        )

    def _emotion(self, pleasant: float, level: float | None) -> Emotion:
        """Quadrants of valence and arousal; unpleasant is sad only where the eyes are calm."""
        if pleasant > 0.0:
            return Emotion.HAPPY
        if pleasant < 0.0:
            return Emotion.SAD if level is not None and level < USUAL else Emotion.UNEASY
        is_strong = level is not None and level >= self.settings.strong
        return Emotion.MOVED if is_strong else Emotion.INTERESTED

    def _confidence(self, words: _Words | None, share: float, level: float) -> float:
        from_eyes = self.settings.eyes_confidence * level
        if words is None:
            return from_eyes
        # The eyes confirm that there is a feeling, not which one.
        sure = share * probability(words.valence) * (0.85 + 0.3 * max(0.0, level - USUAL))
        return min(self.settings.most_confidence, max(sure, from_eyes))

    def _words_between(self, from_ns: int, to_ns: int) -> _Words | None:
        near = [w for w in self._words if w.start_ns < to_ns and w.end_ns > from_ns]
        return max(near, key=lambda w: (w.is_wearer, abs(w.valence)), default=None)

    def _level_between(self, from_ns: int, to_ns: int) -> float | None:
        """The least usual arousal of a stretch."""
        near = (level.arousal for level in self._levels if from_ns <= level.t_ns <= to_ns)
        return max(near, key=lambda arousal: abs(arousal - USUAL), default=None)

    def _seen_between(self, from_ns: int, to_ns: int) -> str:
        labels: Counter[str] = Counter()
        for seen in self._seen:
            shared_ns = min(to_ns, seen.end_ns) - max(from_ns, seen.start_ns)
            if shared_ns > 0:
                labels[seen.label] += shared_ns
        return labels.most_common(1)[0][0] if labels else ""


def _end_ns(item: Utterance | AttentionEpisode | ObjectSeen | FaceSeen) -> int:
    return item.end_ns if isinstance(item, Utterance | AttentionEpisode) else item.t_ns


def _few_words(text: str, most: int = 10) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + " ..."
