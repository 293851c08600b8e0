"""A scenario as a wearer's glasses perceive it, recorded into a real memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

import numpy as np

from evals.data.scenario import (
    SECOND_NS,
    WEARER,
    Doing,
    Happening,
    Question,
    Scenario,
    day_of,
)
from memory.people import WEARER_KEY
from memory.records import Source
from memory.store import Memory
from perception.events import (
    AttentionEpisode,
    Box,
    Embedding,
    Emotion,
    Emotionship,
    Event,
    FaceSeen,
    ObjectSeen,
    PersonSeen,
    SnippetClosed,
    SnippetOpened,
    TextSeen,
    Utterance,
)

FACE_EVERY_NS = SECOND_NS // 2
QUESTION_NS = 3 * SECOND_NS
BOX = Box(700.0, 400.0, 200.0, 160.0)
LINE_PX = 40.0
TRANSCRIPT_CONFIDENCE = 0.9
VOICE_CONFIDENCE = 0.95
SEEN_CONFIDENCE = 0.85
FEELING_CONFIDENCE = 0.7
FEELING_INFLUENCE = 0.5

# Valence and arousal, where the circumplex of Russell (1980) has them.
_AFFECT = {
    Emotion.CALM: (0.4, 0.2),
    Emotion.INTERESTED: (0.4, 0.5),
    Emotion.HAPPY: (0.8, 0.6),
    Emotion.MOVED: (0.5, 0.8),
    Emotion.UNEASY: (-0.5, 0.7),
    Emotion.SAD: (-0.7, 0.4),
}


class Month:
    """Lives through a scenario, one recording a day, and stops at each question.

    People whom the wearer has named are known from then on; everybody else is a new stranger every
    day, as with real glasses, where nobody unnamed has a template.

    Args:
        scenario: What happens.
        memory: Records it.
    """

    def __init__(self, scenario: Scenario, memory: Memory) -> None:
        self._scenario, self._memory = scenario, memory
        self._numbers = {who: n for n, who in enumerate(scenario.names, 1)}
        self._known: dict[str, str] = {}
        self._last_heard: dict[str, Happening] = {}
        self._tracks = count(1)
        self._ids: dict[Source, set[str]] = {}
        self._words = {happening.id: happening.text for happening in scenario.happenings}

    def live(self) -> Iterator[Question]:
        """Record day after day; yield each question when it is asked."""
        for day in self._scenario.days():
            yield from self._live_day(day)

    def ids_of(self, source: Source) -> set[str]:
        """Return the happenings that a remembered row holds."""
        return self._ids.get(source, set())

    def words_of(self, happening_id: str) -> str:
        """Return what was said, read, seen or felt in a happening."""
        return self._words[happening_id]

    def _live_day(self, day: date) -> Iterator[Question]:
        happenings = [h for h in self._scenario.happenings if day_of(h.start_ns) == day]
        questions = [q for q in self._scenario.questions if day_of(q.at_ns) == day]
        entries: list[Happening | Question] = [*happenings, *questions]
        entries.sort(key=_begins_ns)
        recording_id = self._memory.begin(f"scenario:{day}", _begins_ns(entries[0]))
        end_ns = _begins_ns(entries[0])
        for entry in entries:
            if isinstance(entry, Happening):
                self._happen(entry)
                end_ns = entry.end_ns
                continue
            self._memory.consolidate(end_ns)
            self._hear(entry)
            end_ns = entry.at_ns
            yield entry
        self._memory.end(recording_id, end_ns + SECOND_NS)
        self._memory.consolidate(end_ns + SECOND_NS)
        self._last_heard.clear()

    def _hear(self, question: Question) -> None:
        start_ns = question.at_ns - QUESTION_NS
        self._memory.record(self._utterance(question.words, WEARER, start_ns, question.at_ns))

    def _happen(self, happening: Happening) -> None:
        if happening.doing is Doing.NAMES:
            self._name(happening)
            return
        for event in self._events(happening):
            source = self._memory.record(event)
            if source is not None:
                self._ids.setdefault(source, set()).add(happening.id)
        if happening.doing is Doing.SAYS:
            self._last_heard[happening.who] = happening

    def _name(self, happening: Happening) -> None:
        heard = self._last_heard[happening.who]
        speakers = {line.speaker for line in self._memory.spoken(heard.start_ns, heard.end_ns)}
        for speaker in filter(None, speakers):
            self._memory.rename_person(speaker.id, self._scenario.names[happening.who])
            self._known[happening.who] = f"known-{speaker.id}"

    def _events(self, happening: Happening) -> Iterator[Event]:
        match happening.doing:
            case Doing.SAYS:
                yield from self._speech(happening)
            case Doing.GLIMPSES:
                yield _object(happening, is_attended=False)
            case Doing.LOOKS_AT | Doing.READS:
                yield from _look(happening)
            case Doing.FEELS:
                yield _feeling(happening)

    def _speech(self, said: Happening) -> Iterator[Event]:
        track_id = next(self._tracks) if said.seen else 0
        if said.seen:
            for t_ns in range(said.start_ns, said.end_ns, FACE_EVERY_NS):
                yield FaceSeen(t_ns, track_id, "", BOX, SEEN_CONFIDENCE, is_attended=True)
        yield self._utterance(said.text, said.who, said.start_ns, said.end_ns)
        if said.seen:
            yield PersonSeen(
                start_ns=said.start_ns,
                end_ns=said.end_ns,
                key_ns=(said.start_ns + said.end_ns) // 2,
                track_id=track_id,
                person_id=self._known.get(said.seen, f"person-{self._numbers[said.seen]}"),
                box=BOX,
                confidence=SEEN_CONFIDENCE,
                attended_ns=said.end_ns - said.start_ns,
                embedding=_unit(self._numbers[said.seen], 128),
            )

    def _utterance(self, text: str, who: str, start_ns: int, end_ns: int) -> Utterance:
        is_wearer = who == WEARER
        number = 0 if is_wearer else self._numbers[who]
        voice_id = WEARER_KEY if is_wearer else self._known.get(who, f"voice-{number}")
        return Utterance(
            start_ns=start_ns,
            end_ns=end_ns,
            text=text,
            confidence=TRANSCRIPT_CONFIDENCE,
            voice_id=voice_id,
            is_wearer=is_wearer,
            voice_confidence=VOICE_CONFIDENCE,
            embedding=_unit(number, 256),
        )


def _begins_ns(entry: Happening | Question) -> int:
    return entry.start_ns if isinstance(entry, Happening) else entry.at_ns


def _look(look: Happening) -> Iterator[Event]:
    """Attention holds on a thing or on writing, and a moment is kept of it."""
    label = look.text if look.doing is Doing.LOOKS_AT else ""
    yield SnippetOpened(look.start_ns + SECOND_NS, look.start_ns)
    if label:
        yield _object(look, is_attended=True)
    for number, line in enumerate([] if label else look.text.split("\n")):
        box = Box(BOX.x_px, BOX.y_px + LINE_PX * number, BOX.width_px, LINE_PX)
        yield TextSeen(_middle_ns(look) + number, line, box, SEEN_CONFIDENCE, is_attended=True)
    x_px, y_px = BOX.center_px
    episode = AttentionEpisode(
        look.start_ns, look.end_ns, _middle_ns(look), x_px, y_px, BOX, label, SEEN_CONFIDENCE
    )
    yield SnippetClosed(look.start_ns, look.end_ns, (episode,))


def _object(look: Happening, is_attended: bool) -> ObjectSeen:
    return ObjectSeen(_middle_ns(look), look.text, BOX, SEEN_CONFIDENCE, is_attended)


def _feeling(felt: Happening) -> Emotionship:
    emotion = Emotion(felt.text)
    valence, arousal = _AFFECT[emotion]
    return Emotionship(
        start_ns=felt.start_ns,
        end_ns=felt.end_ns,
        peak_ns=_middle_ns(felt),
        emotion=emotion,
        valence=valence,
        arousal=arousal,
        confidence=FEELING_CONFIDENCE,
        cause_kind=felt.cause_kind,
        cause=felt.cause,
        influence=FEELING_INFLUENCE,
    )


def _middle_ns(happening: Happening) -> int:
    return (happening.start_ns + happening.end_ns) // 2


def _unit(seed: int, size: int) -> Embedding:
    """Return somebody's face or voice: a fixed direction of its own."""
    vector = np.random.default_rng(seed).normal(size=size)
    return (vector / np.linalg.norm(vector)).astype(np.float32)
