"""A day's conversation as it goes: ``python -m app.transcript QUESTIONS OUT``.

The sample day is gone through with the language model of the settings and questions are put to it
at their times; what is asked and replied is written down as it comes, nothing left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, time
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.conversation import open_chat
from app.intake import Pace
from app.remembering import open_memory
from app.sample.script import Script, script
from app.session import Session
from app.settings import Settings, load_settings
from app.sound import ReplySound
from app.turns import Answered, Turns
from app.walk import build_sample, with_sample_voice
from app.widgets.words import MACHINE_ZONE
from firmware_bridge.connect import connect
from firmware_bridge.packets import SceneFrame
from llm.chat.model import ChatModel
from llm.quoting import age
from llm.voice.hibari import HibariVoice
from llm.why import WITHOUT_MEMORY, explain
from memory.records import Turn
from memory.store import Memory

HEAD = """# A day's conversation

Written by `python -m app.transcript docs/conversation.toml docs/conversation.md`, which goes
through the [sample day](../README.md#the-sample-day) with **{model}**, the language model that
runs on the wearer's own machine, and puts the questions of
[conversation.toml](conversation.toml) to it. Nothing is edited or left out, mistakes included.
Questions marked *aloud* are heard in the recording itself. Names are spelt as speech recognition
heard them, until the wearer spells one. Below some replies stands what they rest on, as
"why did you say that?" would tell it.
"""
WITHOUT_MODEL = "no language model"


class Question(BaseModel):
    """What the wearer asks.

    Attributes:
        at: When, on the day of the sample (UTC).
        why: Show what the reply rests on.
        holds: What a right reply holds; for tests.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: time
    words: Annotated[str, Field(min_length=2)]
    why: bool = False
    holds: tuple[str, ...] = ()

    @property
    def t_ns(self) -> int:
        """Unix time."""
        day = script().start.astimezone(UTC).date()
        return int(datetime.combine(day, self.at, UTC).timestamp()) * 1_000_000_000


class Questions(BaseModel):
    """What is asked over the day, in the order of time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Annotated[tuple[Question, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_in_order(self) -> Questions:
        for one, other in pairwise(self.question):
            if one.at >= other.at:
                raise ValueError(f"{other.words!r} must be asked after {one.words!r}")
        return self


class AskingTurns(Turns):
    """Puts typed questions at their times in a recording, besides those asked aloud."""

    def __init__(
        self, memory: Memory, chat: ChatModel | None, sound: ReplySound, asked: Sequence[Question]
    ) -> None:
        super().__init__(memory, chat, HibariVoice(), sound)
        self._open = list(asked)

    def __call__(self, item: Any) -> None:  # noqa: ANN401 - every packet and event passes here
        """Ask what is due."""
        while isinstance(item, SceneFrame) and self._open and self._open[0].t_ns <= item.t_ns:
            self.answer(self._open.pop(0).words, item.t_ns)
        super().__call__(item)


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read what is to be asked.

    Raises:
        ValueError: The file is no list of questions in the order of time.
    """
    return Questions.model_validate(tomllib.loads(path.read_text("utf-8"))).question


def converse(
    settings: Settings, memory: Memory, chat: ChatModel | None, asked: Sequence[Question]
) -> list[Answered]:
    """Go through the sample day and answer: in it what is asked in it, the rest from memory."""
    end_ns = script().start_ns + script().duration_ns
    within = [question for question in asked if question.t_ns < end_ns]
    sound = ReplySound(settings.replies, is_wanted=False)
    worn = AskingTurns(memory, chat, sound, within)
    device = connect(f"recording:{build_sample()}")
    Session(device, "sample", memory, worn, settings, Pace.FAST, lambda snapshot: None).run()
    worn.close()
    memory.consolidate(asked[-1].t_ns, MACHINE_ZONE, settings.memory.details_ns)
    later = Turns(memory, chat, HibariVoice(), sound)
    for question in asked[len(within) :]:
        later.answer(question.words, question.t_ns)
    later.close()
    return [*worn.answered, *later.answered]


def written(
    memory: Memory, answered: Sequence[Answered], asked: Sequence[Question], model: str
) -> str:
    """Return the conversation as Markdown."""
    why = {question.words for question in asked if question.why}
    turns = {turn.id: turn for turn in memory.turns()}
    lines = [HEAD.format(model=model)]
    scene = ""
    for one in answered:
        if (now := scene_at(script(), one.t_ns)) != scene:
            scene = now
            lines += [f"*{scene}*", ""]
        lines += _exchange(one)
        turn = turns.get(one.report.turn_id or 0)
        if one.asked in why and turn is not None:
            lines += [*_reasons(memory, turn), ""]
    return "\n".join(lines)


def scene_at(day: Script, t_ns: int) -> str:
    """Say what the recording shows at a time, or that it is over."""
    frame = (t_ns - day.start_ns) * day.frames // day.duration_ns
    for clip, first in zip(day.clips, day.starts(), strict=True):
        if first <= frame < first + clip.frames:
            return clip.description
    return "The glasses are off; everything below is asked of the memory."


def _exchange(one: Answered) -> list[str]:
    at = datetime.fromtimestamp(one.t_ns / 1e9, UTC).strftime("%H:%M:%S")
    aloud = ", *aloud*" if one.is_spoken else ""
    return [f"{at}{aloud} — {one.asked}", "", f"> {one.replied}", ""]


def _reasons(memory: Memory, turn: Turn) -> Iterator[str]:
    evidence = explain(memory, turn).evidence
    if not evidence:
        yield f"  * {WITHOUT_MEMORY}"
    for hit in evidence:
        yield f"  * {age(hit.t_ns, turn.t_ns)}: {hit.text}"


def main(
    questions: Annotated[Path, typer.Argument(help="TOML file of the questions.")],
    out: Annotated[Path, typer.Argument(help="Markdown file to write.")],
) -> None:
    """Go through the sample day, ask, and write down what was said."""
    asked = read_questions(questions)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        settings = with_sample_voice(load_settings(Path(folder)))
        memory = stack.enter_context(open_memory(settings, by_meaning=True))
        chat = stack.enter_context(open_chat(settings))
        answered = converse(settings, memory, chat, asked)
        model = settings.chat.model if chat is not None else WITHOUT_MODEL
        out.write_text(written(memory, answered, asked, model), "utf-8")


if __name__ == "__main__":
    typer.run(main)
