"""Turns: a question of the wearer becomes a spoken reply."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

from app.address import is_question
from app.companion.state import TranscriptLine, Who
from app.in_view import InView
from app.planning import Planning
from app.present import current_context
from app.sound import ReplySound
from llm.chat.model import ChatError, ChatModel
from llm.companion import Companion
from llm.initiative import Remark
from llm.turn import Sentence, TurnReport
from llm.voice.speech import Voice
from memory.store import Memory
from perception.events import SpeechOnset, Utterance

Yielding = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Answered:
    """A finished turn.

    Attributes:
        asked: Empty where the companion spoke unasked.
        is_spoken: The question was heard rather than typed.
        report: How it went: timings, sources, and why the model did not answer.
    """

    t_ns: int
    asked: str
    replied: str
    is_spoken: bool
    report: TurnReport


class Turns:
    """Answers the wearer's questions, one at a time; a sink of the loop.

    Args:
        memory: Where to recall from and to keep each exchange.
        chat: The language model, or None to quote memory.
        voice: Speaks.
        sound: Writes replies as WAV and plays them.
    """

    def __init__(
        self, memory: Memory, chat: ChatModel | None, voice: Voice, sound: ReplySound
    ) -> None:
        self.answered: list[Answered] = []
        self.sound = sound
        self._reports: list[TurnReport] = []
        self._companion = Companion(memory, chat, voice, observer=self._reports.append)
        self._planning = Planning(self._companion)
        self._is_busy: Callable[[], bool] = lambda: False
        self._view: InView | None = None
        self._yielding: Yielding = nullcontext
        self._is_waited_for = True
        self._one_at_a_time = threading.Lock()
        threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    @property
    def is_answering(self) -> bool:
        """A reply is being prepared or spoken."""
        return self._one_at_a_time.locked()

    @property
    def last_ms(self) -> float | None:
        """How long the last reply took to be heard."""
        return self.answered[-1].report.timings.first_sound_ms if self.answered else None

    def attach(
        self, view: InView, yielding: Yielding, is_busy: Callable[[], bool], wait: bool
    ) -> None:
        """Take part in a run of the loop.

        Args:
            view: What the wearer sees and hears.
            yielding: Entered while answering, so that heavy perception leaves the cores.
            is_busy: Tells whether heavy perception needs the cores.
            wait: The stream waits for the reply: a recording then gives the same memory always.
        """
        self._view, self._yielding, self._is_waited_for = view, yielding, wait
        self._is_busy = is_busy

    def close(self) -> None:
        """Plan no further, so that the language model can be closed."""
        self._planning.close()

    def __call__(self, item: Any) -> None:  # noqa: ANN401 - every packet and event passes here
        """Answer a question that the wearer has spoken."""
        if isinstance(item, SpeechOnset):
            self._planning.stop()
        elif isinstance(item, Utterance) and item.is_wearer and is_question(item.text):
            self.respond(item.text, item.end_ns)

    def respond(self, words: str, now_ns: int) -> None:
        """Answer spoken words: at once where the stream waits, else on another thread."""
        if self._is_waited_for:
            self.answer(words, now_ns, is_spoken=True)
        else:
            self.answer_soon(words, now_ns, is_spoken=True)

    def answer_soon(self, words: str, now_ns: int, is_spoken: bool = False) -> None:
        """Answer on another thread."""
        self._planning.stop()
        _start(lambda: self.answer(words, now_ns, is_spoken))

    def answer(
        self, words: str, now_ns: int, is_spoken: bool = False, by_wearer: bool = True
    ) -> Answered:
        """Answer and speak; returns when the last word has been handed to the speaker.

        Args:
            words: What was asked.
            now_ns: When.
            is_spoken: It was heard rather than typed.
            by_wearer: It is surely the wearer who asks; others may ask, and change nothing.

        Raises:
            MemoryStoreError: Memory cannot be read or written.
        """
        self._planning.stop()
        with self._one_at_a_time, self._yielding():
            context = current_context(self._view, words, now_ns)
            sentences = self._companion.reply(words, context, now_ns, by_wearer)
            answered = self._speak(sentences, now_ns, words, is_spoken)
            self._plan()
        return answered

    def volunteer(self, remark: Remark, now_ns: int) -> None:
        """Speak unasked: at once where the stream waits, else on another thread."""

        def speak() -> None:
            with self._one_at_a_time, self._yielding():
                self._speak(self._companion.volunteer(remark, now_ns), now_ns)

        if self._is_waited_for:
            speak()
        else:
            _start(speak)

    def _speak(
        self, sentences: Iterable[Sentence], now_ns: int, asked: str = "", is_spoken: bool = False
    ) -> Answered:
        said = []
        with self.sound.reply(now_ns) as sound:
            for sentence in sentences:
                sound.add(sentence.speech)
                said.append(sentence.text)
        answered = Answered(now_ns, asked, " ".join(said), is_spoken, self._reports[-1])
        self.answered.append(answered)
        if self._view is not None:
            self._tell(self._view, answered)
        return answered

    def _plan(self) -> None:
        """Plan the next turn, if there will be one with the wearer still there."""
        if self._view is None:
            return
        if self._is_waited_for:
            self._planning.by_rules()
        else:
            self._planning.begin(self._is_busy)

    def _warm_up(self) -> None:
        # A model that is absent is told with the first reply, which says so itself.
        with suppress(ChatError):
            self._companion.warm_up()

    def _tell(self, view: InView, answered: Answered) -> None:
        if answered.asked and not answered.is_spoken:
            view.say(TranscriptLine(answered.t_ns, Who.WEARER, "", answered.asked))
        view.say(
            TranscriptLine(
                answered.t_ns,
                Who.COMPANION,
                "",
                answered.replied,
                turn_id=answered.report.turn_id,
                is_unasked=not answered.asked,
            )
        )


def _start(work: Callable[[], object]) -> None:
    threading.Thread(target=work, name="turn", daemon=True).start()
