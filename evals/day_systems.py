"""Who answers in the month: the companion, the companion without one of its parts, baselines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

from evals.data.scenario import WEARER, Doing, Happening, Question, Scenario
from evals.month import Month
from llm.chat.model import ChatModel
from llm.common_ground import CommonGround, CurrentContext, gather
from llm.companion import Companion, Origin, TurnReport
from llm.grounding import UNKNOWN
from llm.prompt import plain, render
from memory.embedding import Embedder, Vectors
from memory.records import Cue, Fact, Hit, Kind, Source
from memory.stems import COMMON, WORD, stems
from memory.store import Memory

NOTES = 5
SHOWN = 0.6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system has to say to a question.

    Attributes:
        notes: What it rests on, the most useful first, as a language model would read it.
        shown: The happenings that the first remembered notes show, note by note.
        reply: What is said.
        is_warning: Some of it is a warning.
    """

    notes: tuple[str, ...]
    shown: tuple[frozenset[str], ...]
    reply: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Lived:
    """A month lived through.

    Attributes:
        foreign_facts: Facts about the wearer that rest on what somebody else said.
    """

    answers: Mapping[str, Answer]
    foreign_facts: tuple[str, ...] = ()


class System(Protocol):
    """Lives through a scenario and answers each question when it is asked."""

    def live(self, scenario: Scenario) -> Lived:
        """Return the answer to every question, by its id."""
        ...


class CachedEmbedder:
    """Gives the same text the same vector again without computing it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape ``(n, 384)``."""
        for text in dict.fromkeys(texts):
            if text not in self._vectors:
                self._vectors[text] = self._embedder.embed([text])
        return np.concatenate([self._embedder.embed([]), *(self._vectors[t] for t in texts)])


class NoHistory(Memory):
    """A memory that recalls nothing."""

    def recall(self, cue: Cue) -> list[Hit]:
        """Return nothing."""
        return []


class NoProfile(Memory):
    """A memory without facts about anybody."""

    def recall(self, cue: Cue) -> list[Hit]:
        """Return what fits except for facts."""
        return [hit for hit in super().recall(cue) if hit.kind != Kind.FACT]

    def facts(self, subject: str | int | None = None, at_ns: int | None = None) -> list[Fact]:
        """Return nothing."""
        return []


@dataclass(frozen=True, slots=True)
class Companioned:
    """The companion over a memory of its own.

    Attributes:
        embedder: Of the memory; without one recall goes by words only.
        chat: Without one, replies quote memory.
        memory: Which memory.
        sees: Knows what is in view when it is asked.
        is_asked: Which questions are put to it.
    """

    embedder: Embedder | None = None
    chat: ChatModel | None = None
    memory: type[Memory] = Memory
    sees: bool = True
    is_asked: Callable[[Question], bool] = lambda question: True

    def live(self, scenario: Scenario) -> Lived:
        """Record the month and answer from what is remembered by then."""
        with (
            TemporaryDirectory() as folder,
            self.memory.open(Path(folder) / "memory.sqlite", embedder=self.embedder) as memory,
        ):
            month = Month(scenario, memory)
            turns: list[TurnReport] = []
            companion = Companion(memory, self.chat, observer=turns.append)
            answers = {
                question.id: self._answer(question, memory, month, companion, turns)
                for question in month.live()
                if self.is_asked(question)
            }
            return Lived(answers, tuple(_foreign_facts(scenario, memory, month)))

    def _answer(
        self,
        question: Question,
        memory: Memory,
        month: Month,
        companion: Companion,
        turns: list[TurnReport],
    ) -> Answer:
        context = _context(question) if self.sees else CurrentContext(question.at_ns)
        ground = gather(memory, context, question.words, question.at_ns)
        prompt = render(ground)
        shown = [
            frozenset(_shown(question, source, sources, text, month))
            for source, sources, text in _remembered(ground)
            if source in prompt.sources
        ]
        spoken = list(companion.reply(question.words, context, question.at_ns))
        is_warning = any(sentence.origin is Origin.SAFETY for sentence in spoken)
        if is_warning:
            shown.insert(0, frozenset(_rested_on(turns[-1], memory, month)))
        return Answer(
            notes=prompt.notes,
            shown=tuple(shown[:NOTES]),
            reply=" ".join(sentence.text for sentence in spoken),
            is_warning=is_warning,
        )


def _context(question: Question) -> CurrentContext:
    view = question.view
    return CurrentContext(
        t_ns=question.at_ns,
        objects=view.objects,
        people=view.people,
        writing=view.writing,
        attended=view.looks_at,
        place=view.place,
    )


def _remembered(ground: CommonGround) -> Iterator[tuple[Source, tuple[Source, ...], str]]:
    """Yield what was recalled, each with its sources and its words."""
    for hit in ground.recalled:
        yield Source(hit.kind, hit.id), hit.sources, hit.text
    for fact in ground.profile:
        yield Source(Kind.FACT, fact.id), fact.sources, fact.text


def _shown(
    question: Question, source: Source, sources: tuple[Source, ...], text: str, month: Month
) -> Iterator[str]:
    """Yield the evidence that a note shows.

    A summary names many sources and retells few of them, so that it shows only what its own words
    hold.
    """
    if source.kind == Kind.CONTEXT:
        told = set(stems(plain(text)))
        for event_id in question.evidence:
            own = set(stems(month.words_of(event_id)))
            if len(own & told) >= SHOWN * len(own):
                yield event_id
        return
    for row in (source, *sources):
        yield from month.ids_of(row)


def _rested_on(turn: TurnReport, memory: Memory, month: Month) -> Iterator[str]:
    """Yield the happenings that a spoken warning rests on; they need not be among the notes."""
    facts = {Source(Kind.FACT, fact.id): fact.sources for fact in memory.facts()}
    for source in turn.sources:
        for row in (source, *facts.get(source, ())):
            yield from month.ids_of(row)


def _foreign_facts(scenario: Scenario, memory: Memory, month: Month) -> Iterator[str]:
    others = {h.id for h in scenario.happenings if h.who != WEARER}
    for fact in memory.facts("wearer"):
        if any(month.ids_of(source) & others for source in fact.sources):
            yield fact.text


class Ranker(Protocol):
    """Ranks texts by how well they fit a question."""

    def add(self, text: str) -> None:
        """Take one more text."""
        ...

    def best(self, words: str, limit: int) -> list[int]:
        """Return the positions of the texts that fit best, best first."""
        ...


@dataclass(frozen=True, slots=True)
class TextsOnly:
    """A baseline: everything said, read and felt so far as sentences, ranked by one method.

    The reply is the first of them, word for word.
    """

    ranker: Callable[[], Ranker]

    def live(self, scenario: Scenario) -> Lived:
        """Answer each question from the sentences before it."""
        ranker, answers = self.ranker(), {}
        told: list[tuple[str, str]] = []
        named: dict[str, str] = {}
        waiting = list(reversed(scenario.happenings))
        for question in scenario.questions:
            while waiting and waiting[-1].end_ns <= question.at_ns:
                happening = waiting.pop()
                if happening.doing is Doing.NAMES:
                    named[happening.who] = scenario.names[happening.who]
                else:
                    told.append((happening.id, _sentence(happening, named)))
                    ranker.add(told[-1][1])
            best = [told[position] for position in ranker.best(question.words, NOTES)]
            answers[question.id] = Answer(
                notes=tuple(text for _, text in best),
                shown=tuple(frozenset({event_id}) for event_id, _ in best),
                reply=best[0][1] if best else UNKNOWN,
            )
        return Lived(answers)


def _sentence(happening: Happening, named: Mapping[str, str]) -> str:
    speaker = "You" if happening.who == WEARER else named.get(happening.who, "Someone")
    text = happening.text.replace("\n", " / ")
    match happening.doing:
        case Doing.SAYS:
            return f'{speaker} said: "{text}"'
        case Doing.READS:
            return f"You read: {text}."
        case Doing.FEELS:
            return f"You seemed {text}: {happening.cause}."
        case _:
            return f"You saw a {text}."


class Bm25:
    """Full text with Porter's stems, ranked by BM25 (Robertson and Zaragoza 2009)."""

    def __init__(self) -> None:
        self._texts = sqlite3.connect(":memory:")
        self._texts.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'porter')")

    def add(self, text: str) -> None:
        """Take one more text."""
        self._texts.execute("INSERT INTO texts (text) VALUES (?)", (text,))

    def best(self, words: str, limit: int) -> list[int]:
        """Return the positions of the texts that share rare words with the question."""
        meaningful = [word for word in WORD.findall(words) if word.casefold() not in COMMON]
        terms = " OR ".join(f'"{word}"' for word in meaningful)
        if not terms:
            return []
        found = self._texts.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank, rowid LIMIT ?",
            (terms, limit),
        )
        return [row[0] - 1 for row in found]


class Dense:
    """Sentence vectors, ranked by cosine; something always fits."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: list[Vectors] = []

    def add(self, text: str) -> None:
        """Take one more text."""
        self._vectors.append(self._embedder.embed([text]))

    def best(self, words: str, limit: int) -> list[int]:
        """Return the positions of the texts nearest in meaning."""
        if not self._vectors:
            return []
        cosines = np.concatenate(self._vectors) @ self._embedder.embed([words])[0]
        return [int(position) for position in np.argsort(-cosines, kind="stable")[:limit]]
