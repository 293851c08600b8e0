"""One turn: a question in, sentences out, each with where its words came from."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum

from llm import grounding, telling
from llm.chat.model import ChatError, ChatModel
from llm.common_ground import CommonGround, gather
from llm.context import CurrentContext
from llm.direct import direct_answer
from llm.guard import may_be_said, speaks_for_another
from llm.manners import Command, command_of
from llm.naming import given_name
from llm.notes import lines_of
from llm.plan import Plan
from llm.planner import Exchange
from llm.prompt import Prompt, render
from llm.safety import Situation, cautions
from llm.small_talk import polite_answer
from llm.voice.sentences import SentenceSplitter
from llm.voice.speech import Speech, Voice
from llm.why import explain, is_why, last_turn, told
from memory.records import Kind, Notice, Person, Source, Turn
from memory.stems import stems
from memory.store import Memory

MAX_SENTENCES = 3
MAX_TOKENS = 80
STOP = ("\n", "Notes:")
WHO = "That is {}."
UNNAMED = "I don't know the name, but you can tell me."
NOBODY_KNOWN = "I don't know who that is."
NAMED = "Thank you. I will say {} from now on."
UNCLEAR = "But I did not hear that well."
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


_WHO = re.compile(r"^\W*(?:and )?who(?: is|'s|\u2019s) (?:this|that)\W*$", re.IGNORECASE)
_NAME = re.compile(r"\bname\b|\b(?:is|was) (?:he|she) called\b", re.IGNORECASE)
_REMEMBERED = frozenset({Origin.MODEL, Origin.QUOTE})


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


@dataclass(slots=True)
class RunningTurn:
    """One run of question and reply."""

    memory: Memory
    chat: ChatModel | None
    voice: Voice | None
    plan: Plan | None
    by_wearer: bool = True
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
        """Speak an answer and remember it as far as it was spoken."""
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
            name = given_name(words) if self.by_wearer else ""
            about = words.replace(name, "") if name else words
            self.ground = gather(self.memory, context, about, now_ns, self.plan)
            self._mark("recall_ms")
            if name and self.ground.asked.people:
                yield self._named(self.ground.asked.people[0], name), Origin.RULE
            else:
                yield from self._carefully(self.ground)

    def _named(self, person: Person, name: str) -> str:
        """Take up how the wearer calls somebody, which nobody but the wearer can change again."""
        self.memory.rename_person(person.id, name)
        self.sources = (Source(Kind.PERSON, person.id),)
        return NAMED.format(name)

    def _carefully(self, ground: CommonGround) -> Iterator[tuple[str, Origin]]:
        """Yield the reply, with what must be said whatever the model does."""
        notices = self.memory.notices(ground.now_ns)
        yield from self._cautions(notices, ground, "")
        yield from self._from_ground(ground)
        replied = " ".join(s.text for s in self.said if s.origin != Origin.SAFETY)
        yield from self._cautions(notices, ground, replied)

    def _cautions(
        self, notices: list[Notice], ground: CommonGround, reply: str
    ) -> Iterator[tuple[str, Origin]]:
        reminded = " ".join(turn.replied for turn in ground.turns)
        situation = Situation(ground.context, ground.words, ground.now_ns, reminded)
        said = {sentence.text for sentence in self.said}
        for caution in cautions(ground.facts, situation, reply, notices):
            if caution.text not in said:
                self.warned += caution.sources
                yield caution.text, Origin.SAFETY

    def _from_ground(self, ground: CommonGround) -> Iterator[tuple[str, Origin]]:
        is_due = ground.plan is not None and ground.plan.is_due
        if not is_due and (answer := polite_answer(ground.words)) is not None:
            yield answer, Origin.RULE
        elif grounding.has_nothing(ground):
            yield grounding.UNKNOWN, Origin.UNKNOWN
        elif _NAME.search(ground.words) and _are_unnamed(ground.asked.people):
            yield UNNAMED, Origin.UNKNOWN
        elif (ground.context.people or ground.context.objects) and _WHO.match(ground.words):
            known = ground.context.people[:1]
            yield WHO.format(*known) if known else NOBODY_KNOWN, Origin.VIEW
        else:
            yield from self._from_notes(ground)
            if self._is_doubtful(ground):
                yield UNCLEAR, Origin.RULE

    def _is_doubtful(self, ground: CommonGround) -> bool:
        """Tell whether the reply names what was heard badly, and nowhere else."""
        unclear = [hit for hit in ground.recalled if not ground.heard.is_clear(hit)]
        clear = [hit.text for hit in ground.recalled if hit not in unclear]
        known = (ground.words, ground.asked.text, *clear)
        replied = (sentence.text for sentence in self.said if sentence.origin in _REMEMBERED)
        names = grounding.specific_words(" ".join(replied)) - grounding.specific_words(
            " ".join(known)
        )
        return bool(names & grounding.specific_words(" ".join(hit.text for hit in unclear)))

    def _from_notes(self, ground: CommonGround) -> Iterator[tuple[str, Origin]]:
        if self.chat is not None:
            try:
                yield from self._from_model(self.chat, ground)
            except ChatError as error:
                self.error = error
        if all(sentence.origin == Origin.SAFETY for sentence in self.said):
            yield self._without_model(ground)

    def _from_model(self, chat: ChatModel, ground: CommonGround) -> Iterator[tuple[str, Origin]]:
        """Yield what the model says as far as it is grounded."""
        if (direct := direct_answer(ground)) is not None:
            self.sources = (Source(direct.hit.kind, direct.hit.id),)
            yield direct.text, Origin.QUOTE
            return
        prompt = render(ground)
        with closing(self._sentences(chat, prompt)) as sentences:
            for number, text in enumerate(sentences):
                if number == MAX_SENTENCES or speaks_for_another(text):
                    return
                if not may_be_said(text, ground, prompt):
                    return
                if number == 0 and not grounding.is_worth_saying(text, ground, prompt.lines):
                    return
                if number and not self._goes_on(text, ground):
                    return
                self.sources = prompt.sources
                yield text, Origin.MODEL

    def _goes_on(self, text: str, ground: CommonGround) -> bool:
        """Tell whether a further sentence still answers; a small model likes to read on."""
        asked = ground.asked
        if not asked.is_question or asked.is_about_view or asked.level is not None:
            return True
        said = " ".join(sentence.text for sentence in self.said)
        if grounding.is_admission(text) or grounding.rests_on_the_same(text, said, ground):
            return True
        return bool(set(stems(text)) & set(stems(f"{asked.text} {said}")))

    def _sentences(self, chat: ChatModel, prompt: Prompt) -> Generator[str]:
        splitter = SentenceSplitter()
        with closing(chat.stream(prompt.messages, MAX_TOKENS, STOP)) as pieces:
            for piece in pieces:
                self._mark("first_token_ms")
                yield from _speakable(splitter.push(piece))
        yield from _speakable(splitter.flush())

    def _without_model(self, ground: CommonGround) -> tuple[str, Origin]:
        """Return what is certain: the view, a memory word for word, or that nothing is known."""
        if telling.asks_for_view(ground) and (view := telling.describe_view(ground)):
            return view, Origin.VIEW
        if whole := telling.as_a_whole(ground):
            self.sources = tuple(Source(hit.kind, hit.id) for hit in whole)
            return " ".join(lines_of(*whole)), Origin.QUOTE
        hit = telling.best_hit(ground)
        if hit is not None:
            other = telling.other_side(ground, hit) if ground.asked.is_question else None
            quoted = (hit, telling.sequel(ground, hit), other)
            self.sources = tuple(Source(h.kind, h.id) for h in quoted if h is not None)
            return telling.told(ground, hit, other), Origin.QUOTE
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
        replied = " ".join(sentence.text for sentence in self.said)
        rests_on = (*self.warned, *self.sources, *self._in_view(replied))
        self.sources = tuple(dict.fromkeys(rests_on))
        if self.said:
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

    def _in_view(self, replied: str) -> list[Source]:
        """Return the writing in view that a reply repeats and that the question did not hold.

        A model has it from the current context, not from what was recalled.
        """
        if self.ground is None or not any(said.origin == Origin.MODEL for said in self.said):
            return []
        told = set(stems(replied)) - set(stems(self.ground.words))
        lines = (line for line in self.ground.context.writing if told & set(stems(line)))
        return self.memory.written(lines, self.ground.now_ns)

    def _mark(self, name: str) -> None:
        self.marks_ms.setdefault(name, (time.perf_counter() - self.started_s) * 1000.0)


def _are_unnamed(people: tuple[Person, ...]) -> bool:
    return bool(people) and not any(person.name for person in people)


def _speakable(sentences: list[str]) -> Iterator[str]:
    for sentence in map(grounding.clean, sentences):
        if any(character.isalnum() for character in sentence):
            yield sentence
