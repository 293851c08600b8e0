"""A made-up week of a wearer, each of whose sentences holds one word that occurs nowhere else.

What should go with a deletion can then be told from the week itself, without asking the store.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from firmware_bridge.packets import SceneFrame
from perception.events import (
    AttentionEpisode,
    Box,
    CauseKind,
    Embedding,
    Emotion,
    Emotionship,
    Event,
    ObjectSeen,
    PersonSeen,
    SnippetClosed,
    SnippetOpened,
    TextSeen,
    Utterance,
)

PLACES = ("kitchen", "office", "library", "garden", "clinic", "museum")
TOPICS = ("pottery", "taxes", "sailing", "violin", "insulin", "divorce")
PEOPLE = ("Amara", "Bruno", "Celia", "Dmitri")
SECOND_NS = 1_000_000_000
START_NS = 1_767_225_600 * SECOND_NS
DAYS = 7
STAYS_A_DAY = 9
HOUR_NS = 3_600 * SECOND_NS
DAY_NS = 24 * HOUR_NS
_BOX = Box(8, 8, 24, 24)
_SENTENCES = (
    "I think the {topic} of {word} is what matters.",
    "We spoke about {topic} and {word} for a while.",
    "My {word} has to do with {topic}.",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence or line of the week.

    Attributes:
        word: Occurs in it and nowhere else.
        person: Who said it; empty for writing.
        topic: What it is about, if anything.
        stay: Which stay it belongs to.
        is_filmed: It is within the moment of its stay, which is its first minute.
        names_place: It says where the wearer is.
    """

    word: str
    t_ns: int
    person: str
    topic: str
    place: str
    stay: int
    is_filmed: bool
    names_place: bool = False


Week = list[tuple[Event | SceneFrame, Said | None]]


def week(seed: int, pictures: int = 8) -> Week:
    """Return everything of the week in time order.

    Args:
        seed: Gives another week.
        pictures: How many pictures each moment has.
    """
    return list(_Writer(random.Random(seed), pictures).stays())  # noqa: S311


class _Writer:
    def __init__(self, dice: random.Random, pictures: int) -> None:
        self._dice = dice
        self._pictures = pictures
        self._said = 0

    def stays(self) -> Iterator[tuple[Event | SceneFrame, Said | None]]:
        for number in range(DAYS * STAYS_A_DAY):
            day, hour = divmod(number, STAYS_A_DAY)
            yield from self._stay(number, START_NS + day * DAY_NS + hour * HOUR_NS)

    def _stay(self, number: int, start_ns: int) -> Iterator[tuple[Event | SceneFrame, Said | None]]:
        """Two minutes at one place: a moment with somebody, then a minute without."""
        place, topic = self._dice.choice(PLACES), self._dice.choice(TOPICS)
        person = self._dice.choice(PEOPLE)

        def at(seconds: float) -> int:
            return start_ns + round(seconds * SECOND_NS)

        def said(t: float, who: str, form: str, is_filmed: bool) -> tuple[Event, Said]:
            word = self._word()
            text = form.format(word=word, topic=topic, place=place)
            about = topic if "{topic}" in form else ""
            is_there = "{place}" in form
            note = Said(word, at(t), who, about, place, number, is_filmed, is_there)
            return _utterance(at(t), at(t + 3), text, who), note

        def written(t: float, is_filmed: bool) -> tuple[Event, Said]:
            word = self._word()
            text = TextSeen(at(t), f"{topic} {word} {word[::-1]}", _BOX, 0.9, is_attended=True)
            return text, Said(word, at(t), "", topic, place, number, is_filmed)

        yield SnippetOpened(at(3), at(2)), None
        for picture in range(self._pictures):
            yield self._picture(at(3 + picture / 15)), None
        yield ObjectSeen(at(4), "cup", _BOX, 0.8, is_attended=True), None
        yield said(5, "wearer", "We are in the {place} with a {word}.", is_filmed=True)
        yield said(10, person, self._dice.choice(_SENTENCES), is_filmed=True)
        yield written(14, is_filmed=True)
        yield _sighting(at(4), at(16), person, number), None
        emotion = self._dice.choice(list(Emotion))
        cause = (CauseKind.SEEN, "cup")
        yield Emotionship(at(9), at(12), at(10), emotion, 0.4, 0.6, 0.7, *cause, 0.5), None
        episode = AttentionEpisode(at(2), at(18), at(8), 20.0, 20.0, _BOX, "cup", 0.9)
        yield SnippetClosed(at(2), at(18), (episode,)), None
        yield self._picture(at(19)), None
        yield said(65, "wearer", "I am still in the {place}, without the {word}.", False)
        yield said(70, self._dice.choice(PEOPLE), self._dice.choice(_SENTENCES), False)
        yield said(80, "wearer", "I moved to {word} last year.", is_filmed=False)
        yield written(90, is_filmed=False)

    def _word(self) -> str:
        """Return a new word that no ending is taken from."""
        self._said += 1
        return f"q{self._said:05d}" + "".join(self._dice.choices("bcdfgkmpt", k=6))

    def _picture(self, t_ns: int) -> SceneFrame:
        noise = np.random.default_rng(self._dice.randrange(2**32))
        image = noise.integers(0, 255, (48, 64, 3)).astype(np.uint8)
        return SceneFrame(t_ns, t_ns // SECOND_NS, image)


def _utterance(start_ns: int, end_ns: int, text: str, who: str) -> Utterance:
    voice = who if who == "wearer" else f"voice-{who}"
    return Utterance(start_ns, end_ns, text, 0.9, voice, who == "wearer", 0.95, _unit(who, 256))


def _sighting(start_ns: int, end_ns: int, who: str, track: int) -> PersonSeen:
    middle_ns = (start_ns + end_ns) // 2
    vector = _unit(who, 128)
    return PersonSeen(
        start_ns, end_ns, middle_ns, track, f"person-{who}", _BOX, 0.9, 2 * SECOND_NS, vector
    )


def _unit(who: str, size: int) -> Embedding:
    vector = np.random.default_rng(sum(who.encode())).normal(size=size)
    return (vector / np.linalg.norm(vector)).astype(np.float32)
