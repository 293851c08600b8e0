"""Turns: a question of the wearer becomes a spoken reply."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

from app.address import is_question
from app.companion.state import TranscriptLine, Who
from app.in_view import InView
from app.present import current_context
from app.sound import ReplySound
from llm.chat.model import ChatError, ChatModel
from llm.companion import Companion, TurnReport
from llm.voice.speech import Voice
from memory.store import Memory
from perception.events import Utterance

Yielding = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Answered:
    """A finished turn.

    Attributes:
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

    def attach(self, view: InView, yielding: Yielding, wait: bool) -> None:
        """Take part in a run of the loop.

        Args:
            view: What the wearer sees and hears.
            yielding: Entered while answering, so that heavy perception leaves the cores.
            wait: The stream waits for the reply: a recording then gives the same memory always.
        """
        self._view, self._yielding, self._is_waited_for = view, yielding, wait

    def __call__(self, item: Any) -> None:  # noqa: ANN401 - every packet and event passes here
        """Answer a question that the wearer has spoken."""
        if isinstance(item, Utterance) and item.is_wearer and is_question(item.text):
            if self._is_waited_for:
                self.answer(item.text, item.end_ns, is_spoken=True)
            else:
                self.answer_soon(item.text, item.end_ns, is_spoken=True)

    def answer_soon(self, words: str, now_ns: int, is_spoken: bool = False) -> None:
        """Answer on another thread."""
        threading.Thread(
            target=self.answer, args=(words, now_ns, is_spoken), name="turn", daemon=True
        ).start()

    def answer(self, words: str, now_ns: int, is_spoken: bool = False) -> Answered:
        """Answer and speak; returns when the last word has been handed to the speaker.

        Raises:
            MemoryStoreError: Memory cannot be read or written.
        """
        with self._one_at_a_time, self._yielding(), self.sound.reply(now_ns) as sound:
            context = current_context(self._view, words, now_ns)
            said = []
            for sentence in self._companion.reply(words, context, now_ns):
                sound.add(sentence.speech)
                said.append(sentence.text)
            answered = Answered(now_ns, words, " ".join(said), is_spoken, self._reports[-1])
            self.answered.append(answered)
        if self._view is not None:
            self._tell(self._view, answered)
        return answered

    def _warm_up(self) -> None:
        # A model that is absent is told with the first reply, which says so itself.
        with suppress(ChatError):
            self._companion.warm_up()

    def _tell(self, view: InView, answered: Answered) -> None:
        if not answered.is_spoken:
            view.say(TranscriptLine(answered.t_ns, Who.WEARER, "", answered.asked))
        view.say(TranscriptLine(answered.t_ns, Who.COMPANION, "", answered.replied))
