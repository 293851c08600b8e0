"""The companion: words in, spoken sentences out, from common ground."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum

from llm import grounding
from llm.chat.model import ChatError, ChatModel, Message, Role
from llm.common_ground import CommonGround, CurrentContext, gather
from llm.prompt import PREFIX, Prompt, render
from llm.safety import Situation, cautions
from llm.voice.sentences import SentenceSplitter
from llm.voice.speech import Speech, Voice
from memory.records import Fact, Source
from memory.store import Memory

MAX_SENTENCES = 3
MAX_TOKENS = 80
STOP = ("\n", "Notes:")


class Origin(StrEnum):
    """Where the words of a reply came from."""

    MODEL = "model"
    QUOTE = "quote"
    VIEW = "view"
    UNKNOWN = "unknown"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply.

    Attributes:
        speech: Its sound; empty without a voice.
    """

    text: str
    origin: Origin
    speech: tuple[Speech, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnTimings:
    """Milliseconds from the call of :meth:`Companion.reply`; None for what did not happen."""

    recall_ms: float | None = None
    first_token_ms: float | None = None
    first_sentence_ms: float | None = None
    first_sound_ms: float | None = None
    total_ms: float | None = None


@dataclass(frozen=True, slots=True)
class TurnReport:
    """How a turn went, without its content.

    Attributes:
        origin: Of the first sentence, or None where nothing was said.
        sources: What the reply rests on, as remembered with it.
        error: Why the model did not answer, to be shown to the wearer, or None.
        is_complete: The listener heard it to the end.
    """

    origin: Origin | None
    sources: tuple[Source, ...]
    timings: TurnTimings
    error: ChatError | None
    is_complete: bool


class Companion:
    """Talks with the wearer.

    Without a model, or when it fails, the best memory is quoted word for word. A question to which
    nothing remembered or seen belongs is answered by saying so, without asking the model. A reply
    that names what its notes do not hold is replaced by the memory itself.

    Args:
        memory: Where to recall from and to keep each exchange.
        chat: The language model, or None.
        voice: Speaks each sentence, or None for text alone.
        on_busy: Called with True when a turn begins and False when it is over, so that heavy
            perception can leave the processor to the reply.
        observer: Gets a report of each turn.
    """

    def __init__(
        self,
        memory: Memory,
        chat: ChatModel | None,
        voice: Voice | None = None,
        on_busy: Callable[[bool], None] = lambda is_busy: None,
        observer: Callable[[TurnReport], None] = lambda report: None,
    ) -> None:
        self._memory, self._chat, self._voice = memory, chat, voice
        self._on_busy, self._observer = on_busy, observer

    def warm_up(self) -> None:
        """Let the model compute what all prompts begin with, so that the first turn is as quick.

        Raises:
            ChatError: The model does not answer.
        """
        if self._chat is None:
            return
        try:
            with closing(self._chat.stream((*PREFIX, Message(Role.USER, "Notes:")), 1)) as pieces:
                next(pieces)
        except ChatError as error:
            if error.code != "bad-reply":  # one token may well be an empty answer
                raise

    def reply(self, words: str, context: CurrentContext, now_ns: int) -> Generator[Sentence]:
        """Answer, sentence by sentence; closing the iterator interrupts the reply.

        The exchange is remembered as far as it was spoken, with the memories it rests on.

        Args:
            words: What the wearer said.
            context: What is going on.
            now_ns: The time of the question.

        Raises:
            MemoryStoreError: Memory cannot be read or written.
        """
        return _Turn(self._memory, self._chat, self._voice).run(
            words, context, now_ns, self._on_busy, self._observer
        )


@dataclass(slots=True)
class _Turn:
    """One run of question and reply."""

    memory: Memory
    chat: ChatModel | None
    voice: Voice | None
    started_s: float = field(default_factory=time.perf_counter)
    marks_ms: dict[str, float] = field(default_factory=dict)
    said: list[Sentence] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    warned: tuple[Source, ...] = ()
    error: ChatError | None = None
    is_complete: bool = False

    def run(
        self,
        words: str,
        context: CurrentContext,
        now_ns: int,
        on_busy: Callable[[bool], None],
        observer: Callable[[TurnReport], None],
    ) -> Generator[Sentence]:
        on_busy(True)
        try:
            ground = gather(self.memory, context, words, now_ns)
            self._mark("recall_ms")
            facts = self.memory.facts(at_ns=now_ns)
            for text in self._cautions(facts, ground, ""):
                yield self._spoken(text, Origin.SAFETY)
            for text, origin in self._answer(ground):
                yield self._spoken(text, origin)
            replied = " ".join(s.text for s in self.said if s.origin != Origin.SAFETY)
            for text in self._cautions(facts, ground, replied):
                yield self._spoken(text, Origin.SAFETY)
            self.is_complete = True
        finally:
            on_busy(False)
            self._finish(words, now_ns, observer)

    def _cautions(self, facts: list[Fact], ground: CommonGround, reply: str) -> Iterator[str]:
        """Yield what must be said whatever the model does, each once."""
        reminded = " ".join(turn.replied for turn in ground.turns)
        situation = Situation(ground.context, ground.words, ground.now_ns, reminded)
        said = {sentence.text for sentence in self.said}
        for caution in cautions(facts, situation, reply):
            if caution.text not in said:
                self.warned += caution.sources
                yield caution.text

    def _answer(self, ground: CommonGround) -> Iterator[tuple[str, Origin]]:
        if grounding.has_nothing(ground):
            yield grounding.UNKNOWN, Origin.UNKNOWN
            return
        if self.chat is not None:
            try:
                yield from self._from_model(self.chat, ground)
            except ChatError as error:
                self.error = error
        if all(sentence.origin == Origin.SAFETY for sentence in self.said):
            yield self._without_model(ground)

    def _from_model(self, chat: ChatModel, ground: CommonGround) -> Iterator[tuple[str, Origin]]:
        """Yield what the model says as far as it is grounded."""
        prompt = render(ground)
        with closing(self._sentences(chat, prompt)) as sentences:
            for number, text in enumerate(sentences):
                if number == MAX_SENTENCES or not grounding.is_grounded(text, ground, prompt.notes):
                    return
                if number == 0 and not grounding.is_worth_saying(text, ground, prompt.notes):
                    return
                self.sources = prompt.sources
                yield text, Origin.MODEL

    def _sentences(self, chat: ChatModel, prompt: Prompt) -> Generator[str]:
        splitter = SentenceSplitter()
        with closing(chat.stream(prompt.messages, MAX_TOKENS, STOP)) as pieces:
            for piece in pieces:
                self._mark("first_token_ms")
                yield from _speakable(splitter.push(piece))
        yield from _speakable(splitter.flush())

    def _without_model(self, ground: CommonGround) -> tuple[str, Origin]:
        """Return what is certain: the view, a memory word for word, or that nothing is known."""
        if ground.asked.is_about_view and (view := grounding.describe_view(ground)):
            return view, Origin.VIEW
        has_model = self.chat is not None and self.error is None
        hit = grounding.answer_hit(ground) if has_model else grounding.best_hit(ground)
        if hit is not None:
            self.sources = (Source(hit.kind, hit.id),)
            return hit.text, Origin.QUOTE
        if not ground.asked.is_question:
            return grounding.ACKNOWLEDGED, Origin.UNKNOWN
        return grounding.UNKNOWN, Origin.UNKNOWN

    def _spoken(self, text: str, origin: Origin) -> Sentence:
        self._mark("first_sentence_ms")
        speech = tuple(self.voice.speak(text)) if self.voice else ()
        if speech:
            self._mark("first_sound_ms")
        sentence = Sentence(text, origin, speech)
        self.said.append(sentence)
        return sentence

    def _finish(self, words: str, now_ns: int, observer: Callable[[TurnReport], None]) -> None:
        self._mark("total_ms")
        self.sources = tuple(dict.fromkeys((*self.warned, *self.sources)))
        if self.said:
            replied = " ".join(sentence.text for sentence in self.said)
            self.memory.add_turn(now_ns, words, replied, self.sources)
        origin = self.said[0].origin if self.said else None
        timings = TurnTimings(**self.marks_ms)
        observer(TurnReport(origin, self.sources, timings, self.error, self.is_complete))

    def _mark(self, name: str) -> None:
        self.marks_ms.setdefault(name, (time.perf_counter() - self.started_s) * 1000.0)


def _speakable(sentences: list[str]) -> Iterator[str]:
    for sentence in map(grounding.clean, sentences):
        if any(character.isalnum() for character in sentence):
            yield sentence
