"""A written stretch of life: who says, sees and feels what, and questions with gold answers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from assets.errors import AttuneError
from perception.events import CauseKind, Emotion

LIVES = Path(__file__).parents[1] / "scenarios"
TUNING = ("hydrologist", "joiner", "student", "cellist", "vet")
"""Lives whose questions may be looked at."""
REPORT = ("shepherd", "driver")
"""Lives that nobody mends anything by: figures come from these alone."""
CAST_FILE = "cast.toml"
WEARER = "me"
SECOND_NS = 1_000_000_000
PAUSE_S = 2.0
WORDS_PER_S = 2.5
LOOK_S = 6.0


class ScenarioError(AttuneError):
    """A scenario file says something that cannot be played or scored."""


class Doing(StrEnum):
    """What can happen in a scene, by the key that says so in the file."""

    SAYS = "says"
    LOOKS_AT = "looks_at"
    GLIMPSES = "glimpses"
    READS = "reads"
    FEELS = "feels"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happens.

    Attributes:
        id: For gold answers; made up from place and number where the file gives none.
        who: Who speaks, or is named; a key of the cast, or ``"me"``.
        text: The words, the label, the line breaks joined by newlines, the emotion, or the name.
        seen: The member of the cast whom the wearer looks at meanwhile, or an empty string.
        cause: Of a feeling.
    """

    id: str
    doing: Doing
    start_ns: int
    end_ns: int
    text: str
    who: str = WEARER
    seen: str = ""
    cause: str = ""
    cause_kind: CauseKind = CauseKind.UNKNOWN


@dataclass(frozen=True, slots=True)
class View:
    """What is in view when a question is asked."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    looks_at: str = ""
    objects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    writing: tuple[str, ...] = ()
    place: str = ""


Category = Literal[
    "fact",
    "update",
    "contradiction",
    "who",
    "time",
    "context",
    "profile",
    "stranger",
    "unanswerable",
    "safety",
]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold answer.

    A gold string is met by any of its alternatives, which ``|`` divides, as whole words; a ``*``
    stands for the rest of a word.

    Attributes:
        at: When, in local time.
        evidence: The happenings that hold the answer, all of them needed.
        any_evidence: One of ``evidence`` is enough.
        holds: What a right answer holds.
        lacks: What only a wrong one holds, such as the version that no longer is valid.
        strangers: What only somebody else said of themselves.
        unanswerable: The right answer is that nothing is known.
        warns: What a reply must warn of.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    at: datetime
    words: str
    category: Category
    view: View = View()
    evidence: tuple[str, ...] = ()
    any_evidence: bool = False
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    unanswerable: bool = False
    warns: tuple[str, ...] = ()

    @property
    def at_ns(self) -> int:
        """When, in Unix nanoseconds."""
        return local_ns(self.at)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that happens, and everything that is asked, in time order.

    Attributes:
        name: Of the life.
        names: What the wearer calls each member of the cast, empty for a stranger.
    """

    name: str
    names: Mapping[str, str]
    happenings: tuple[Happening, ...]
    questions: tuple[Question, ...]

    def days(self) -> list[date]:
        """Return the local days on which something happens or is asked, in order."""
        times = [happening.start_ns for happening in self.happenings]
        return sorted({day_of(t) for t in (*times, *(q.at_ns for q in self.questions))})


def local_ns(at: datetime) -> int:
    """Return a local time as Unix nanoseconds."""
    return round(at.astimezone().timestamp()) * SECOND_NS


def day_of(t_ns: int) -> date:
    """Return the local day of a time."""
    return datetime.fromtimestamp(t_ns / SECOND_NS).astimezone().date()


def holds(text: str, gold: str) -> bool:
    """Tell whether a text holds one of a gold string's alternatives, as whole words."""
    return any(_pattern(choice).search(text) for choice in gold.split("|"))


def read_lives(names: Iterable[str]) -> list[Scenario]:
    """Read whole lives by name.

    Raises:
        ScenarioError: Naming the file, the place in it, and what is wrong.
    """
    return [read_scenario(LIVES / name) for name in names]


def read_scenario(folder: Path) -> Scenario:
    """Read every file of a life and check that it can be played and scored.

    The ids of its questions begin with the folder's name, so that those of several lives differ.

    Raises:
        ScenarioError: Naming the file, the place in it, and what is wrong.
    """
    names = _cast(folder / CAST_FILE)
    happenings: list[Happening] = []
    questions: list[Question] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name != CAST_FILE:
            content = _load(path)
            happenings += _happenings(path.stem, content.get("scene", []), names)
            questions += (_question(path, raw) for raw in content.get("question", []))
    happenings.sort(key=lambda happening: happening.start_ns)
    questions.sort(key=lambda question: question.at)
    scenario = Scenario(folder.name, names, tuple(happenings), tuple(questions))
    _check(scenario)
    return scenario


_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
_OPTIONS = {"id", "seen", "heard", "sight"}


def _pattern(choice: str) -> re.Pattern[str]:
    end = "" if choice.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){re.escape(choice.rstrip('*'))}{end}", re.IGNORECASE)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError("unreadable", f"{path.name}: {error}") from error


def _cast(path: Path) -> dict[str, str]:
    members = _load(path).get("cast", {})
    taken = sorted({WEARER, *Doing, *_OPTIONS} & members.keys())
    if taken:
        raise ScenarioError("bad-cast", f"{path.name}: {taken[0]!r} means something else: rename")
    return {key: str(member.get("name", "")) for key, member in members.items()}


def _happenings(
    file: str, scenes: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> Iterator[Happening]:
    for scene in scenes:
        place = f"{file}.toml, scene at {scene.get('at')}"
        if not isinstance(scene.get("at"), datetime):
            raise ScenarioError("bad-scene", f"{place}: give 'at' as a local date and time")
        t_ns = local_ns(scene["at"])
        for number, raw in enumerate(scene.get("events", [])):
            default_id = f"{file}-{scene['at']:%d-%H%M}-{number}"
            happening = _happening(f"{place}, event {number + 1}", default_id, raw, t_ns, names)
            t_ns = happening.end_ns + round(PAUSE_S * SECOND_NS)
            yield happening


def _happening(
    place: str, default_id: str, raw: Mapping[str, Any], start_ns: int, names: Mapping[str, str]
) -> Happening:
    kinds = set(raw) - _OPTIONS
    if len(kinds) != 1:
        raise ScenarioError("bad-event", f"{place}: say one thing that happens, got {sorted(raw)}")
    kind = kinds.pop()
    is_said = kind == WEARER or kind in names
    if not is_said and kind not in set(Doing) - {Doing.SAYS}:
        raise ScenarioError("bad-event", f"{place}: {kind!r} is neither in the cast nor a doing")
    doing = Doing.SAYS if is_said else Doing(kind)
    text = "\n".join(raw[kind]) if isinstance(raw[kind], list) else str(raw[kind])
    who = kind if is_said else text if doing is Doing.NAMES else WEARER
    _check_people(place, names, who, str(raw.get("seen", "")))
    if doing is Doing.NAMES and not names[who]:
        raise ScenarioError("bad-event", f"{place}: {who!r} has no name in {CAST_FILE}")
    if doing is Doing.FEELS and text not in set(Emotion):
        raise ScenarioError("bad-event", f"{place}: no emotion is called {text!r}")
    duration_s = 1.0 + len(text.split()) / WORDS_PER_S if is_said else LOOK_S
    cause_kind = next((k for key, k in _CAUSES.items() if key in raw), CauseKind.UNKNOWN)
    return Happening(
        id=str(raw.get("id", default_id)),
        doing=doing,
        start_ns=start_ns,
        end_ns=start_ns + round(duration_s * SECOND_NS),
        text=text,
        who=who,
        seen=str(raw.get("seen", "")),
        cause=str(raw.get("heard", raw.get("sight", ""))),
        cause_kind=cause_kind,
    )


_CAUSES = {"heard": CauseKind.HEARD, "sight": CauseKind.SEEN}


def _check_people(place: str, names: Mapping[str, str], *people: str) -> None:
    for person in people:
        if person not in ("", WEARER) and person not in names:
            raise ScenarioError("bad-event", f"{place}: {person!r} is not in {CAST_FILE}")


def _question(path: Path, raw: Mapping[str, Any]) -> Question:
    try:
        question = _QUESTION.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ScenarioError(
            "bad-question", f"{path.name}, question {raw.get('id')!r}: {where}: {first['msg']}"
        ) from error
    return replace(question, id=f"{path.parent.name}/{question.id}")


def _check(scenario: Scenario) -> None:
    _check_unique([happening.id for happening in scenario.happenings], "event")
    _check_unique([question.id for question in scenario.questions], "question")
    _check_unique([question.at_ns for question in scenario.questions], "question at the time")
    for one, other in zip(scenario.happenings, scenario.happenings[1:], strict=False):
        if other.start_ns < one.end_ns:
            raise ScenarioError("overlap", f"{other.id!r} begins before {one.id!r} is over")
    _check_named(scenario.happenings)
    known = {happening.id: happening for happening in scenario.happenings}
    for question in scenario.questions:
        _check_question(question, known)


def _check_named(happenings: Iterable[Happening]) -> None:
    """Check that whoever is named was seen speaking on that day: else nobody knows who is meant."""
    last: dict[tuple[str, date], Happening] = {}
    for happening in happenings:
        key = happening.who, day_of(happening.start_ns)
        if happening.doing is Doing.SAYS:
            last[key] = happening
        if happening.doing is Doing.NAMES and not (key in last and last[key].seen):
            raise ScenarioError(
                "nobody-to-name", f"let {happening.who!r} be seen speaking before {happening.id!r}"
            )


def _check_unique(values: list[Any], what: str) -> None:
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            raise ScenarioError("not-unique", f"more than one {what} {value!r}: rename one")
        seen.add(value)


def _check_question(question: Question, known: Mapping[str, Happening]) -> None:
    def fail(what: str) -> ScenarioError:
        return ScenarioError("bad-gold", f"question {question.id!r}: {what}")

    for event_id in question.evidence:
        if event_id not in known:
            raise fail(f"its evidence {event_id!r} is no event")
        if known[event_id].end_ns > question.at_ns:
            raise fail(f"its evidence {event_id!r} comes after it")
    if question.unanswerable and (question.evidence or question.holds or question.warns):
        raise fail("it cannot be unanswerable and have an answer")
    if not (question.unanswerable or question.evidence or question.holds or question.lacks):
        raise fail("it needs evidence, a string to hold or lack, or unanswerable = true")
    if (question.category == "safety") != bool(question.warns or not _has_answer(question)):
        raise fail("only a safety question warns, and it warns or lacks alarms alone")
    within = next((h for h in known.values() if h.start_ns < question.at_ns < h.end_ns), None)
    if within is not None:
        raise fail(f"it is asked while {within.id!r} happens")


def _has_answer(question: Question) -> bool:
    return bool(question.unanswerable or question.holds or question.evidence)
