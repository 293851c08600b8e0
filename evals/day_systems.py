"""Who answers in the month: the companion, whole or without one of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

from evals.data.scenario import WEARER, Question, Scenario
from evals.month import Month
from llm.chat.model import ChatModel
from llm.common_ground import CommonGround, gather
from llm.companion import Companion
from llm.context import CurrentContext
from llm.prompt import render
from llm.quoting import plain
from llm.turn import Origin, TurnReport
from memory.recall.embedding import Embedder, Vectors
from memory.records import Cue, Fact, Hit, Kind, Source
from memory.stems import stems
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


def pooled(months: Sequence[Lived]) -> Lived:
    """Return several lives as one."""
    answers = {key: answer for month in months for key, answer in month.answers.items()}
    return Lived(answers, tuple(fact for month in months for fact in month.foreign_facts))


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

    @property
    def version(self) -> str:
        """Which vectors these are."""
        return self._embedder.version

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape ``(n, 384)``."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        made = self._embedder.embed(missing)
        self._vectors |= zip(missing, made[:, None], strict=True)
        return np.concatenate([made[:0], *(self._vectors[text] for text in texts)])


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
        on_answer: Called with each question that was answered.
    """

    embedder: Embedder | None = None
    chat: ChatModel | None = None
    memory: type[Memory] = Memory
    sees: bool = True
    is_asked: Callable[[Question], bool] = lambda question: True
    on_answer: Callable[[Question], None] = lambda question: None

    def live(self, scenario: Scenario) -> Lived:
        """Record the month and answer from what is remembered by then."""
        with (
            TemporaryDirectory() as folder,
            self.memory.open(Path(folder) / "memory.sqlite", embedder=self.embedder) as memory,
        ):
            month = Month(scenario, memory)
            asking = _Asking(memory, month, self.chat)
            answers = {}
            for question in filter(self.is_asked, month.live()):
                answers[question.id] = asking.answer(question, self._context(question))
                self.on_answer(question)
            return Lived(answers, tuple(_foreign_facts(scenario, memory, month)))

    def _context(self, question: Question) -> CurrentContext:
        if not self.sees:
            return CurrentContext(question.at_ns)
        view = question.view
        return CurrentContext(
            t_ns=question.at_ns,
            objects=view.objects,
            people=view.people,
            writing=view.writing,
            attended=view.looks_at,
            place=view.place,
        )


class _Asking:
    """Puts questions to the companion and looks at what its replies rest on."""

    def __init__(self, memory: Memory, month: Month, chat: ChatModel | None) -> None:
        self._memory, self._month = memory, month
        self._turns: list[TurnReport] = []
        self._companion = Companion(memory, chat, observer=self._turns.append)

    def answer(self, question: Question, context: CurrentContext) -> Answer:
        """Return what the companion notes and says."""
        ground = gather(self._memory, context, question.words, question.at_ns)
        prompt = render(ground)
        shown = [
            frozenset(self._shown(question, source, sources, text))
            for source, sources, text in _remembered(ground)
            if source in prompt.sources
        ]
        spoken = list(self._companion.reply(question.words, context, question.at_ns))
        is_warning = any(sentence.origin is Origin.SAFETY for sentence in spoken)
        if is_warning:
            shown.insert(0, frozenset(self._rested_on(self._turns[-1])))
        return Answer(
            notes=prompt.lines,
            shown=tuple(shown[:NOTES]),
            reply=" ".join(sentence.text for sentence in spoken),
            is_warning=is_warning,
        )

    def _shown(
        self, question: Question, source: Source, sources: tuple[Source, ...], text: str
    ) -> Iterator[str]:
        """Yield the happenings that a note shows.

        A summary names many sources and retells few of them, so that it shows only what its own
        words hold.
        """
        if source.kind != Kind.CONTEXT:
            for row in (source, *sources):
                yield from self._month.ids_of(row)
            return
        told = set(stems(plain(text)))
        for event_id in question.evidence:
            own = set(stems(self._month.words_of(event_id)))
            if len(own & told) >= SHOWN * len(own):
                yield event_id

    def _rested_on(self, turn: TurnReport) -> Iterator[str]:
        """Yield the happenings that a spoken warning rests on; they need not be noted."""
        facts = {Source(Kind.FACT, fact.id): fact.sources for fact in self._memory.facts()}
        for source in turn.sources:
            for row in (source, *facts.get(source, ())):
                yield from self._month.ids_of(row)


def _remembered(ground: CommonGround) -> Iterator[tuple[Source, tuple[Source, ...], str]]:
    """Yield what was recalled, each with its sources and its words."""
    for hit in (*ground.recalled, *ground.reminded):
        yield Source(hit.kind, hit.id), hit.sources, hit.text
    for fact in ground.profile:
        yield Source(Kind.FACT, fact.id), fact.sources, fact.text


def _foreign_facts(scenario: Scenario, memory: Memory, month: Month) -> Iterator[str]:
    others = {h.id for h in scenario.happenings if h.who != WEARER}
    for fact in memory.facts("wearer"):
        if any(month.ids_of(source) & others for source in fact.sources):
            yield fact.text
