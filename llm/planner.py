"""One turn ahead: objective, next action, and what to look up for it.

After OS-1 (arXiv 2311.18251): the plan is made while nobody waits, and used by the next turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from llm.appointments import appointments
from llm.chat.model import ChatError, ChatModel, Message, Role
from llm.common_ground import CommonGround
from llm.guard import may_be_said
from llm.plan import Plan
from llm.prompt import Prompt, render
from llm.quoting import plain
from memory.records import Cue, Hit, Kind, Source, Turn
from memory.store import Memory

MAX_LOOK_UPS = 3
MAX_TOKENS = 120
SOON_NS = 24 * 3600 * 1_000_000_000

REQUEST = (
    "Do not answer now. Think one turn ahead and write one line of JSON, nothing else: "
    '{"objective": "what the wearer wants from this talk", '
    '"next_action": "what you should say or ask next", '
    '"look_up": ["at most three things to look up in memory"]}'
)
_TOLD = frozenset({Kind.FACT, Kind.UTTERANCE, Kind.TEXT, Kind.FEELING})
_OBJECT = re.compile(r"\{[^{}]*\}", re.DOTALL)

IsStopped = Callable[[], bool]
Line = Annotated[str, Field(min_length=2, max_length=160)]


class Draft(BaseModel):
    """What a model must write to have its plan taken up."""

    model_config = ConfigDict(extra="forbid", strict=True)

    objective: Line
    next_action: Annotated[str, Field(max_length=160)]
    look_up: Annotated[list[Line], Field(max_length=MAX_LOOK_UPS)]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn that is over, with everything that its reply could rest on."""

    ground: CommonGround
    turn: Turn


class Planner:
    """Plans the next turn from the last one; reads memory and writes nothing.

    A plan of a model that is no JSON of the right form, names what nobody told, or does what a
    sign ordered is dropped. Without a model, and in its place, a few rules plan.

    Args:
        memory: Where to look things up.
        chat: The language model, or None.
    """

    def __init__(self, memory: Memory, chat: ChatModel | None) -> None:
        self._memory, self._chat = memory, chat

    def plan(self, last: Exchange, is_stopped: IsStopped = lambda: False) -> Plan | None:
        """Plan with the model as far as it is not stopped, else by rules.

        Args:
            last: The turn to follow.
            is_stopped: Asked before every piece of the model's answer; when it says yes, the
                model is left at once.

        Raises:
            MemoryStoreError: Memory cannot be read.
        """
        draft = self._drafted(last, is_stopped) if self._chat is not None else None
        return self.plan_by_rules(last) if draft is None else self._looked_up(last, draft)

    def plan_by_rules(self, last: Exchange) -> Plan | None:
        """Plan without a model: the same exchange always gives the same plan, at once.

        An appointment that is due within a day comes first, then who was talked about.
        """
        ground = last.ground
        names = [person.label for person in ground.asked.people]
        appointment = self._appointment(ground)
        if appointment is not None:
            draft = Draft(
                objective="Be on time",
                next_action=f"Remind the wearer of this: {plain(appointment.text, 120)}",
                look_up=[],
            )
            sources = _sources(last, [appointment])
            return replace(self._looked_up(last, draft), sources=sources, is_due=True)
        if not names:
            return None
        draft = Draft(objective=f"Talk about {names[0][:100]}", next_action="", look_up=names[:1])
        return self._looked_up(last, draft)

    def _appointment(self, ground: CommonGround) -> Hit | None:
        """Return what is due within a day and was not told in this conversation."""
        told = {source for turn in ground.turns for source in turn.sources}
        for appointment in appointments(self._memory, ground.now_ns, SOON_NS):
            fact, source = appointment.fact, Source(Kind.FACT, appointment.fact.id)
            if source not in told:
                return Hit(Kind.FACT, fact.id, fact.t_ns, fact.text, 1.0, None, (source,))
        return None

    def _looked_up(self, last: Exchange, draft: Draft) -> Plan:
        known = {(hit.kind, hit.id) for hit in last.ground.recalled}
        found: dict[tuple[Kind, int], Hit] = {}
        for text in draft.look_up:
            cue = Cue(text, kinds=_TOLD, limit=MAX_LOOK_UPS + len(known))
            for hit in self._memory.recall(cue):
                if (hit.kind, hit.id) not in known:
                    found.setdefault((hit.kind, hit.id), hit)
        hits = tuple(found.values())[:MAX_LOOK_UPS]
        sources = _sources(last, hits)
        return Plan(last.turn.t_ns, draft.objective, draft.next_action, hits, sources)

    def _drafted(self, last: Exchange, is_stopped: IsStopped) -> Draft | None:
        assert self._chat is not None  # noqa: S101 - the caller has looked
        prompt = render(last.ground)
        try:
            written = _written(self._chat, _messages(prompt, last.turn), is_stopped)
        except ChatError:
            return None
        draft = read(written)
        if draft is None:
            return None
        lines = (draft.objective, draft.next_action, *draft.look_up)
        heard = replace(last.ground, turns=(*last.ground.turns, last.turn))
        # The first word of a line is capitalised whatever it is.
        said = (line[:1].lower() + line[1:] for line in lines)
        return draft if all(may_be_said(line, heard, prompt) for line in said) else None


def read(written: str) -> Draft | None:
    """Return the plan in what a model wrote, or None where there is none of the right form.

    A small model likes to give the form back as it is, which is no plan.
    """
    match = _OBJECT.search(written)
    if match is None:
        return None
    try:
        draft = Draft.model_validate_json(match[0])
    except ValidationError:
        return None
    if draft.objective in REQUEST:
        return None
    look_up = [plain(text) for text in draft.look_up]
    return Draft(
        objective=plain(draft.objective), next_action=plain(draft.next_action), look_up=look_up
    )


def _messages(prompt: Prompt, turn: Turn) -> tuple[Message, ...]:
    """Return the request behind the turn as it was, which a model that keeps it need not read."""
    reply = Message(Role.ASSISTANT, plain(turn.replied))
    return (*prompt.messages, reply, Message(Role.USER, REQUEST))


def _written(chat: ChatModel, messages: tuple[Message, ...], is_stopped: IsStopped) -> str:
    pieces: list[str] = []
    if is_stopped():
        return ""
    with closing(chat.stream(messages, MAX_TOKENS, ("\n\n",))) as stream:
        for piece in stream:
            pieces.append(piece)
            if is_stopped():
                return ""
    return "".join(pieces)


def _sources(last: Exchange, hits: Iterable[Hit]) -> tuple[Source, ...]:
    """Return the rows that a plan rests on: the exchange, what it rested on, and what was found."""
    turn = Source(Kind.TURN, last.turn.id)
    found = (Source(hit.kind, hit.id) for hit in hits)
    return tuple(dict.fromkeys((turn, *last.turn.sources, *found)))
