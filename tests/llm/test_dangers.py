"""Dangers and what only looks like them, in many voices: told, read and seen, then asked.

Of the first 156 every second one was never looked at while the rules were made, and of the pairs
from the 226th to the 277th every second one: they only count.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from evals.data.scenario import holds
from llm.context import CurrentContext, Heard
from llm.safety import Situation, cautions
from memory.store import Memory
from memory.units import MINUTE_NS
from perception.events import Box, TextSeen, Utterance
from tests.memory.day import unit

TOLD_AT = datetime(2026, 5, 4, 9)
ASKED_AT = datetime(2026, 5, 5, 12)
BOX = Box(100.0, 100.0, 200.0, 40.0)
CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("dangers.toml").read_text(encoding="utf-8")
)["case"]
DIVIDED = 156
OBLIQUE = 225
IN_PASSING = 277
PAIRS = [CASES[at : at + 2] for at in range(OBLIQUE, IN_PASSING, 2)]  # a danger and its twin
LOOKED_AT = [
    *CASES[:DIVIDED:2],
    *CASES[DIVIDED:OBLIQUE],
    *chain.from_iterable(PAIRS[::2]),
    *CASES[IN_PASSING:],
]
COUNTED = CASES[1:DIVIDED:2]
COUNTED_OBLIQUE = list(chain.from_iterable(PAIRS[1::2]))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a memory that remembers nothing yet."""
    path = tmp_path_factory.mktemp("empty") / "memory.sqlite"
    Memory.open(path).close()
    return path.read_bytes()


def local_ns(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000_000


def tell(memory: Memory, line: str, t_ns: int, voices: dict[str, int]) -> None:
    who, _, words = line.partition(": ")
    if who == "sign":
        for number, text in enumerate(words.split(" / ")):
            box = Box(BOX.x_px, BOX.y_px + 50 * number, BOX.width_px, BOX.height_px)
            memory.record(TextSeen(t_ns + number, text, box, 0.9, True))
        return
    is_wearer = who == "me"
    number = 0 if is_wearer else voices.setdefault(who, len(voices) + 1)
    voice_id = "wearer" if is_wearer else f"voice-{number}"
    end_ns = t_ns + 3_000_000_000
    voice = unit(number, 256)
    memory.record(Utterance(t_ns, end_ns, words, 0.9, voice_id, is_wearer, 0.95, voice))
    if who not in ("me", "stranger"):
        (said,) = memory.spoken(t_ns, end_ns)
        assert said.speaker is not None
        memory.rename_person(said.speaker.id, who)


def warnings(case: dict[str, Any], folder: Path, empty: bytes) -> list[str]:
    path = folder / "memory.sqlite"
    path.write_bytes(empty)
    told_ns = local_ns(case.get("told_at", TOLD_AT))
    now_ns = local_ns(case.get("at", ASKED_AT))
    view = dict(case.get("view", {}))
    heard = tuple(Heard(*line.split(": ", 1)) for line in view.pop("heard", ()))
    with Memory.open(path) as memory:
        memory.begin("recording:/day", told_ns)
        voices: dict[str, int] = {}
        for number, line in enumerate(case["told"]):
            tell(memory, line, told_ns + number * MINUTE_NS, voices)
        seen: dict[str, Any] = {name: tuple(labels) for name, labels in view.items()}
        context = CurrentContext(now_ns, heard=heard, **seen)
        situation = Situation(context, case["words"], now_ns)
        facts, notices = memory.facts(at_ns=now_ns), memory.notices(now_ns)
        found = cautions(facts, situation, case.get("reply", ""), notices)
    return [caution.text for caution in found]


def is_right(case: dict[str, Any], found: list[str]) -> bool:
    """Tell whether a danger was named with all that it must name, or nothing was said."""
    wanted = case.get("warns", ())
    if not wanted:
        return not found
    return any(all(holds(text, gold) for gold in wanted) for text in found)


@pytest.mark.parametrize("case", LOOKED_AT, ids=lambda case: case["words"])
def test_dangers_are_told_and_nothing_else(
    case: dict[str, Any], tmp_path: Path, empty: bytes
) -> None:
    found = warnings(case, tmp_path, empty)
    assert is_right(case, found), found


@pytest.mark.parametrize(
    ("cases", "least_warned", "least_quiet"),
    [(COUNTED, 0.9, 0.95), (COUNTED_OBLIQUE, 0.7, 0.9)],
    ids=["plain", "oblique"],
)
def test_what_was_never_looked_at_is_told_apart_as_well(
    cases: list[dict[str, Any]],
    least_warned: float,
    least_quiet: float,
    tmp_path: Path,
    empty: bytes,
) -> None:
    right = {True: 0, False: 0}
    for number, case in enumerate(cases):
        folder = tmp_path / str(number)
        folder.mkdir()
        right[bool(case.get("warns"))] += is_right(case, warnings(case, folder, empty))
    dangers = sum(bool(case.get("warns")) for case in cases)
    assert right[True] / dangers >= least_warned
    assert right[False] / (len(cases) - dangers) >= least_quiet


def test_a_correction_by_hand_silences_a_warning(tmp_path: Path) -> None:
    told_ns, now_ns = local_ns(TOLD_AT), local_ns(ASKED_AT)
    with Memory.open(tmp_path / "memory.sqlite") as memory:
        memory.begin("recording:/day", told_ns)
        tell(memory, "me: Choir is Thursdays at seven.", told_ns, {})
        situation = Situation(CurrentContext(now_ns), "Can I meet Ana on Thursday evening?", now_ns)
        assert cautions(memory.facts(at_ns=now_ns), situation)
        (fact,) = memory.facts("wearer")
        memory.close_fact(fact.id, now_ns - MINUTE_NS)
        assert not cautions(memory.facts(at_ns=now_ns), situation)
