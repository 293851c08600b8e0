"""The companion: words in, spoken sentences out, from common ground."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing

from llm.chat.model import ChatError, ChatModel, Message, Role
from llm.context import CurrentContext
from llm.initiative import Remark
from llm.plan import Plan
from llm.planner import Exchange, IsStopped, Planner
from llm.prompt import PREFIX
from llm.turn import Origin, RunningTurn, Sentence, TurnReport
from llm.voice.speech import Voice
from memory.store import Memory


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

    def reply(
        self, words: str, context: CurrentContext, now_ns: int, by_wearer: bool = True
    ) -> Generator[Sentence]:
        """Answer, sentence by sentence; closing the iterator interrupts the reply.

        The exchange is remembered as far as it was spoken, with the memories it rests on.

        Args:
            words: What the wearer said.
            context: What is going on.
            now_ns: The time of the question.
            by_wearer: The words are surely the wearer's, typed or in their voice; only then do
                they give somebody a name.

        Raises:
            MemoryStoreError: Memory cannot be read or written.
        """
        turn = RunningTurn(
            self._memory, self._chat, self._voice, self.planned(now_ns), by_wearer=by_wearer
        )
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
        turn = RunningTurn(self._memory, None, self._voice, None, sources=remark.sources)
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
