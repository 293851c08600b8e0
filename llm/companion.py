"""The companion: words in, spoken sentences out, from common ground."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum

from llm import grounding
from llm.chat.model import ChatError, ChatModel, Message, Role
from llm.common_ground import CommonGround, gather
from llm.context import CurrentContext
from llm.guard import may_be_said
from llm.initiative import Remark
from llm.manners import Command, command_of
from llm.plan import Plan
from llm.planner import Exchange, IsStopped, Planner
from llm.prompt import PREFIX, Prompt, render
from llm.safety import Situation, cautions
from llm.voice.sentences import SentenceSplitter
from llm.voice.speech import Speech, Voice
from llm.why import explain, is_why, last_turn, told
from memory.records import Fact, Notice, Source, Turn
from memory.store import Memory

MAX_SENTENCES = 3
MAX_TOKENS = 80
STOP = ("\n", "Notes:")
OBEYED = {
    Command.QUIET: "All right, I'll be quiet.",
    Command.NOT_NOW: "All right.",
    Command.TALK: "All right, I'm here.",
}


class Origin(StrEnum):
    """Where the words of a reply came from."""

    MODEL = "model"
    QUOTE = "quote"
    VIEW = "view"
    RULE = "rule"
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
        turn_id: The exchange in memory, or None where nothing was said.
    """

    origin: Origin | None
    sources: tuple[Source, ...]
    timings: TurnTimings
    error: ChatError | None
    is_complete: bool
    turn_id: int | None = None


class Companion:
    """Talks with the wearer.

    Without a model, or when it fails, the best memory is quoted word for word. A question to which
    nothing remembered or seen belongs is answered by saying so, without asking the model. A reply
    that names what its notes do not hold, or that does what a sign or somebody else ordered, is
    replaced by the memory itself.

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
        self._planner = Planner(memory, chat)
        self._last: Exchange | None = None
        self._plan: Plan | None = None

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
        turn = _Turn(self._memory, self._chat, self._voice, self.planned(now_ns))
        try:
            self._on_busy(True)
            answer = turn.answer(words, context, now_ns)
            yield from turn.run(words, now_ns, answer, self._observer)
        finally:
            self._on_busy(False)
            self._last, self._plan = turn.exchange, None

    def volunteer(self, remark: Remark, now_ns: int) -> Generator[Sentence]:
        """Speak unasked, sentence by sentence; kept as an exchange in which nothing was asked.

        Raises:
            MemoryStoreError: Memory cannot be written.
        """
        turn = _Turn(self._memory, None, self._voice, None, sources=remark.sources)
        yield from turn.run("", now_ns, iter([(remark.text, Origin.QUOTE)]), self._observer)

    def plan(self, is_stopped: IsStopped = lambda: False) -> None:
        """Plan the next turn, with the model; meant for when nobody waits.

        Args:
            is_stopped: When it says yes, rules plan in place of the model.

        Raises:
            MemoryStoreError: Memory cannot be read.
        """
        last = self._last
        plan = self._planner.plan(last, is_stopped) if last is not None else None
        if last is self._last:
            self._plan = plan

    def plan_by_rules(self) -> None:
        """Plan the next turn at once, the same way every time, as a replay needs it."""
        self._plan = self._planner.plan_by_rules(self._last) if self._last is not None else None

    def planned(self, now_ns: int) -> Plan | None:
        """Return the plan unless it is too old, or something that it rests on was forgotten."""
        plan = self._plan
        if plan is None or not plan.is_valid(now_ns):
            return None
        return plan if all(self._memory.text_of(source) for source in plan.sources) else None


@dataclass(slots=True)
class _Turn:
    """One run of question and reply."""

    memory: Memory
    chat: ChatModel | None
    voice: Voice | None
    plan: Plan | None
    sources: tuple[Source, ...] = ()
    ground: CommonGround | None = None
    exchange: Exchange | None = None
    started_s: float = field(default_factory=time.perf_counter)
    marks_ms: dict[str, float] = field(default_factory=dict)
    said: list[Sentence] = field(default_factory=list)
    warned: tuple[Source, ...] = ()
    error: ChatError | None = None
    is_complete: bool = False

    def run(
        self,
        words: str,
        now_ns: int,
        answer: Iterator[tuple[str, Origin]],
        observer: Callable[[TurnReport], None],
    ) -> Generator[Sentence]:
        try:
            for text, origin in answer:
                yield self._spoken(text, origin)
            self.is_complete = True
        finally:
            turn = self._finish(words, now_ns, observer)
            self.exchange = Exchange(self.ground, turn) if self.ground and turn else None

    def answer(
        self, words: str, context: CurrentContext, now_ns: int
    ) -> Iterator[tuple[str, Origin]]:
        """Yield the sentences of the reply and where each comes from."""
        if (command := command_of(words)) is not None:
            yield OBEYED[command], Origin.RULE
        elif is_why(words) and (turn := last_turn(self.memory, now_ns)) is not None:
            self.sources = turn.sources
            for reason in told(explain(self.memory, turn), now_ns):
                yield reason, Origin.QUOTE
        else:
            self.ground = gather(self.memory, context, words, now_ns, self.plan)
            self._mark("recall_ms")
            yield from self._carefully(self.ground)

    def _carefully(self, ground: CommonGround) -> Iterator[tuple[str, Origin]]:
        """Yield the reply, with what must be said whatever the model does."""
        facts = self.memory.facts(at_ns=ground.now_ns)
        notices = self.memory.notices(ground.now_ns)
        yield from self._cautions(facts, notices, ground, "")
        yield from self._from_ground(ground)
        replied = " ".join(s.text for s in self.said if s.origin != Origin.SAFETY)
        yield from self._cautions(facts, notices, ground, replied)

    def _cautions(
        self, facts: list[Fact], notices: list[Notice], ground: CommonGround, reply: str
    ) -> Iterator[tuple[str, Origin]]:
        reminded = " ".join(turn.replied for turn in ground.turns)
        situation = Situation(ground.context, ground.words, ground.now_ns, reminded)
        said = {sentence.text for sentence in self.said}
        for caution in cautions(facts, situation, reply, notices):
            if caution.text not in said:
                self.warned += caution.sources
                yield caution.text, Origin.SAFETY

    def _from_ground(self, ground: CommonGround) -> Iterator[tuple[str, Origin]]:
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
                if number == MAX_SENTENCES or not may_be_said(text, ground, prompt):
                    return
                if number == 0 and not grounding.is_worth_saying(text, ground, prompt.lines):
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
        hit = grounding.best_hit(ground)
        if hit is not None:
            other = grounding.other_side(ground, hit)
            self.sources = tuple(Source(h.kind, h.id) for h in (hit, other) if h is not None)
            return grounding.told(ground, hit, other), Origin.QUOTE
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

    def _finish(
        self, words: str, now_ns: int, observer: Callable[[TurnReport], None]
    ) -> Turn | None:
        self._mark("total_ms")
        turn = None
        self.sources = tuple(dict.fromkeys((*self.warned, *self.sources)))
        if self.said:
            replied = " ".join(sentence.text for sentence in self.said)
            turn = self.memory.add_turn(now_ns, words, replied, self.sources)
        origin = self.said[0].origin if self.said else None
        timings = TurnTimings(**self.marks_ms)
        observer(
            TurnReport(
                origin,
                self.sources,
                timings,
                self.error,
                self.is_complete,
                turn_id=turn.id if turn else None,
            )
        )
        return turn

    def _mark(self, name: str) -> None:
        self.marks_ms.setdefault(name, (time.perf_counter() - self.started_s) * 1000.0)


def _speakable(sentences: list[str]) -> Iterator[str]:
    for sentence in map(grounding.clean, sentences):
        if any(character.isalnum() for character in sentence):
            yield sentence
