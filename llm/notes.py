"""The notes of a prompt: chosen by how useful they are, told in one order of sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from itertools import chain

from llm.common_ground import CommonGround
from llm.context import CurrentContext, Heard
from llm.quoting import age, day_of, quoted
from memory.records import Hit, Kind, Source
from memory.stems import stems

NOTES_TOKENS = 180
SUMMARY_TOKENS = 200
CHARS_PER_TOKEN = 3.5
HEARD_LINES = 2
_NUMBERING_CHARS = 3


class Section(IntEnum):
    """What a note is about, in the order in which a prompt tells it (that of OS-1)."""

    PROFILE = 0
    MEMORY = 1
    CONTEXT = 2
    CONVERSATION = 3
    LOOKED_UP = 4
    PLAN = 5


# How useful the best note of each kind is to a reply; what comes after it counts a step less.
_STEP = 0.1
_MEMORY = 1.0
_CLOCK = 1.1
_VIEW_ASKED_FOR = 1.05
_VIEW = 0.5
_PROFILE = 0.8
_CONVERSATION = 0.9
_REMINDED = 0.55
_TRIVIA = 0.45
_LOOKED_UP = 0.4
_PLAN = 0.3

_LABELS = {
    Kind.TEXT: "read",
    Kind.UTTERANCE: "heard",
    Kind.FACT: "heard",
    Kind.PERSON: "met",
    Kind.FEELING: "felt",
    Kind.CONTEXT: "noted",
    Kind.TURN: "told",
}
_CLOCK_ASKED_FOR = re.compile(r"\b(?:time|day|date|late|early|clock)\b", re.IGNORECASE)
_TIME_ASKED_FOR = re.compile(r"\b(?:when|time|day|date|long|ago|since)\b", re.IGNORECASE)
_OWN = re.compile(r'^You (said|asked)( of [^:"]*)?: "')
_LOOKED_AT = "You looked at: "
_LINE = re.compile(
    r"(?<=[.!?\"])(?<!Mr\.)(?<!Ms\.)(?<!Dr\.)(?<!Mrs\.)\s"
    r"(?=[A-Z][\w .'-]{0,40}? (?:(?:looked at|saw|read|said|asked):|seemed|felt)\s)"
)
_SPOKEN = frozenset({Kind.UTTERANCE, Kind.FACT})
_SCENE = frozenset({Kind.OBJECT, Kind.SIGHTING, Kind.MOMENT})


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the notes: a label of ours and a quotation.

    Attributes:
        usefulness: Higher stays longer when there is too little room.
        source: The row that it came from, or None for the view.
        is_own: The wearer's own words, which nobody else can put there.
    """

    section: Section
    label: str
    text: str
    usefulness: float
    source: Source | None = None
    is_own: bool = False

    def __str__(self) -> str:
        return f"{self.label}: {quoted(self.text)}"


def notes_of(ground: CommonGround, tokens: float = NOTES_TOKENS) -> tuple[Note, ...]:
    """Return the notes that find room, by section; nothing is told twice.

    What was changed since is left out: a small model tells it all the same, whatever its label.

    Each section that has something to tell keeps its most useful note before any gets a second
    one. What does not fit is left out whole, and makes room for what is shorter.
    """
    ranked = _distinct(sorted(_candidates(ground), key=lambda note: -note.usefulness))
    first = {note.section: note for note in reversed(ranked)}
    floor = [note for note in ranked if first[note.section] is note]
    kept = list(_within(floor + [note for note in ranked if note not in floor], tokens))
    return tuple(sorted(kept, key=lambda note: (note.section, -note.usefulness)))


def _distinct(notes: Iterable[Note]) -> list[Note]:
    kept: dict[tuple[str, str], Note] = {}
    for note in notes:
        kept.setdefault(("" if note.source else note.label, note.text), note)
    return list(kept.values())


def _within(notes: Iterable[Note], tokens: float) -> Iterator[Note]:
    left = tokens * CHARS_PER_TOKEN
    for note in notes:
        needed = len(str(note)) + _NUMBERING_CHARS
        if needed <= left:
            left -= needed
            yield note


def _candidates(ground: CommonGround) -> Iterator[Note]:
    for rank, fact in enumerate(ground.profile):
        useful, source = _PROFILE - rank * _STEP, Source(Kind.FACT, fact.id)
        yield Note(Section.PROFILE, "about you", fact.text, useful, source, is_own=True)
    holding = [hit for hit in ground.recalled if hit not in ground.outdated]
    yield from _memories(ground, holding, Section.MEMORY, _MEMORY)
    yield from _memories(ground, ground.reminded, Section.MEMORY, _REMINDED)
    if ground.asked.is_about_view or not ground.asked.is_question:
        useful = _VIEW_ASKED_FOR if ground.asked.is_about_view else _VIEW
        yield from _view(ground.context, useful)
    if _CLOCK_ASKED_FOR.search(ground.words):
        yield Note(Section.CONTEXT, "now", _clock(ground.now_ns), _CLOCK)
    yield from _memories(ground, ground.earlier, Section.CONVERSATION, _CONVERSATION)
    yield from _planned(ground)


def _planned(ground: CommonGround) -> Iterator[Note]:
    """Tell as much of the plan as bears on what the wearer says now.

    A small model follows whatever plan it reads: told to somebody who speaks of something else, it
    makes the reply worse than none.
    """
    if ground.plan is None:
        return
    said = set(stems(ground.asked.text))
    found = [hit for hit in ground.plan.found if said & set(stems(hit.text)) or not said]
    yield from _memories(ground, found, Section.LOOKED_UP, _LOOKED_UP)
    action = ground.plan.next_action
    is_due = ground.plan.is_due and not ground.asked.is_question
    if action and (is_due or not said or said & set(stems(action))):
        yield Note(Section.PLAN, "plan", action, _PLAN)


def _memories(
    ground: CommonGround, hits: Iterable[Hit], section: Section, best: float
) -> Iterator[Note]:
    for rank, hit in enumerate(hits):
        label = f"{_LABELS.get(hit.kind, 'seen')} {_when(hit, ground)}"
        is_own = hit.kind in _SPOKEN and bool(_OWN.match(hit.text))
        source = Source(hit.kind, hit.id)
        is_trivia = hit.kind in _SCENE and not ground.asked.is_question
        useful = (min(best, _TRIVIA) if is_trivia else best) - rank * _STEP
        for line in lines_of(hit):
            yield Note(section, label, line, useful, source, is_own)


def _when(hit: Hit, ground: CommonGround) -> str:
    """Say when a memory is from, with the day where a question asks for a time.

    Then a model need not count back, and what was said of "tomorrow" can be told.
    """
    is_timed = ground.asked.is_question and _TIME_ASKED_FOR.search(ground.words)
    day = f"on {day_of(hit.t_ns)}, " if is_timed else ""
    return day + age(hit.t_ns, ground.now_ns)


def lines_of(*hits: Hit) -> list[str]:
    """Return memories as they are, but what is told of a stretch of time line by line.

    What was merely looked at is left out where there is more to tell.
    """
    split = (_LINE.split(hit.text) if hit.kind is Kind.CONTEXT else [hit.text] for hit in hits)
    lines = list(chain.from_iterable(split))
    return [line for line in lines if not line.startswith(_LOOKED_AT)] or lines


def _view(context: CurrentContext, useful: float) -> Iterator[Note]:
    """Tell the current context, what is attended first."""
    in_view = [label for label in (*context.people, *context.objects) if label != context.attended]
    told = [
        ("you look at", context.attended),
        ("in view", ", ".join(dict.fromkeys(in_view))),
        ("written in view", " / ".join(context.writing)),
        *(("heard just now", f"{h.speaker} said: '{h.text}'") for h in _lately(context)),
        ("you seem", context.feeling),
        ("place", context.place),
    ]
    for rank, (label, text) in enumerate(line for line in told if line[1]):
        yield Note(Section.CONTEXT, label, text, useful - rank * _STEP)


def _lately(context: CurrentContext) -> Sequence[Heard]:
    return context.heard[-HEARD_LINES:]


def _clock(now_ns: int) -> str:
    return datetime.fromtimestamp(now_ns / 1e9).astimezone().strftime("%A %-d %B, %H:%M")
