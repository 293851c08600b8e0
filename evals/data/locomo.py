"""LoCoMo: long conversations of two people over months, with questions and where the answers lie.

Maharana et al., Evaluating very long-term conversational memory of LLM agents, ACL 2024.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from evals.data.folder import DataError, part

FILE = ("memory", "locomo.json")

_SESSION = re.compile(r"session_(\d+)")
_TURN_ID = re.compile(r"D(\d+):0*(\d+)")
_TIME_FORMAT = "%I:%M %p on %d %B, %Y"


class QuestionKind(IntEnum):
    """The categories of the set, by their numbers there."""

    MULTI_HOP = 1
    TEMPORAL = 2
    OPEN_DOMAIN = 3
    SINGLE_HOP = 4
    UNANSWERABLE = 5

    @property
    def label(self) -> str:
        """The name in words."""
        return self.name.lower().replace("_", "-")


ANSWERABLE = tuple(kind for kind in QuestionKind if kind != QuestionKind.UNANSWERABLE)


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of a conversation.

    Attributes:
        id: As evidence names it, e.g. ``"D3:11"``.
        caption: Of the picture that was shown with it, or empty.
    """

    id: str
    speaker: str
    text: str
    caption: str


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting; ``start`` is when it began."""

    start: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the ids of the lines that answer it, each of which the conversation has."""

    text: str
    kind: QuestionKind
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Two people over months."""

    name: str
    speakers: tuple[str, str]
    sessions: tuple[Session, ...]
    questions: tuple[Question, ...]

    def lines(self) -> Iterator[Line]:
        """Yield every line, oldest first."""
        for session in self.sessions:
            yield from session.lines


def read_locomo() -> tuple[Conversation, ...]:
    """Read every conversation; questions whose evidence it lacks are left out.

    Raises:
        DataError: ``no-data``, or ``damaged-data`` naming what is missing.
    """
    path = part(*FILE)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_conversation(one) for one in raw)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError("damaged-data", f"{path} is not the LoCoMo file: {error!r}") from error


def _conversation(raw: Mapping[str, Any]) -> Conversation:
    said = raw["conversation"]
    numbers = sorted(int(match[1]) for key in said if (match := _SESSION.fullmatch(key)))
    sessions = tuple(
        Session(
            datetime.strptime(said[f"session_{n}_date_time"], _TIME_FORMAT).replace(tzinfo=UTC),
            tuple(_line(turn) for turn in said[f"session_{n}"]),
        )
        for n in numbers
    )
    known = {line.id for session in sessions for line in session.lines}
    questions = tuple(q for one in raw["qa"] if (q := _question(one, known)).evidence)
    speakers = (said["speaker_a"], said["speaker_b"])
    return Conversation(raw["sample_id"], speakers, sessions, questions)


def _line(raw: Mapping[str, Any]) -> Line:
    return Line(raw["dia_id"], raw["speaker"], raw["text"], raw.get("blip_caption", ""))


def _question(raw: Mapping[str, Any], known: set[str]) -> Question:
    """Read a question; its evidence is written in more than one way."""
    named = (f"D{d}:{n}" for words in raw["evidence"] for d, n in _TURN_ID.findall(words))
    kind = QuestionKind(raw["category"])
    return Question(raw["question"], kind, frozenset(named) & known)
