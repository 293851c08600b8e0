from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
from sqlalchemy import event, func, select

from memory.history import pyramid
from memory.history.likeness import Likeness
from memory.history.windows import PART_OF, day_window, window_at
from memory.records import Context, Cue, Kind, Level, Selection
from memory.schema import ContextRow, KeyRow, SourceRow, UntoldRow
from memory.store import Memory
from perception.events import CauseKind, Emotion, Event
from tests.memory.day import URI, S, at, felt, open_memory, said, thing

MINUTE = 60 * S
HOUR = 60 * MINUTE
FOUR = day_window(date(2026, 3, 2), UTC).start_ns
"""Four in the morning of a Monday."""


def later(hours: float) -> float:
    """Return seconds after the start of the test day, for the makers of events."""
    return (FOUR + hours * HOUR - at(0)) / S


def remember(memory: Memory, events: Sequence[Event], until_h: float) -> None:
    recording_id = memory.begin(URI, FOUR)
    for happened in events:
        memory.record(happened)
    memory.consolidate(FOUR + round(until_h * HOUR))
    memory.end(recording_id, FOUR + HOUR)


def kitchen_then_harbour() -> list[Event]:
    """Half an hour at the stove, then a moving meeting at the water."""
    day: list[Event] = []
    for minute in range(30):
        day.append(thing(later(minute / 60) + 1, "oven"))
        day.append(thing(later(minute / 60) + 2, "bowl"))
    day.append(said(later(0.9), later(0.9) + 2, "I'm meeting Ottilie at the harbour."))
    day.append(said(later(0.92), later(0.92) + 3, "The ferry leaves at nine.", "voice-1"))
    day.append(felt(later(0.92), later(0.92) + 4, Emotion.HAPPY, CauseKind.HEARD, "The ferry"))
    return day


def told(memory: Memory, level: Level) -> list[Context]:
    return memory.contexts(level=level)


def test_minutes_that_are_alike_become_one_context(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 30)
    assert len(told(memory, Level.MINUTE)) == 32
    assert [c.text for c in told(memory, Level.TEN_MINUTES)[:3]] == [
        "You looked at: oven, bowl."
    ] * 3
    (hour, *rest) = told(memory, Level.HOUR)
    assert (hour.summary, hour.start_ns, hour.end_ns) == (
        "You looked at: oven, bowl.",
        FOUR,
        FOUR + 30 * MINUTE,
    )
    assert any("ferry" in context.summary for context in rest)
    assert max(context.arousal for context in told(memory, Level.DAY)) == 0.6


def test_every_context_names_those_of_the_level_below(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 24 * 800)
    ids = {level: {c.id for c in told(memory, level)} for level in Level}
    for level, below in PART_OF.items():
        assert ids[level], level
        sources = [s for context in told(memory, level) for s in context.sources]
        assert {s.id for s in sources} == ids[below]
        assert len(sources) == len(ids[below]), "each part goes up once"
        assert {s.kind for s in sources} == {Kind.CONTEXT}


def test_a_level_is_told_five_minutes_after_its_window_has_closed(memory: Memory) -> None:
    remember(memory, [thing(later(0), "oven")], 14 / 60)
    assert told(memory, Level.TEN_MINUTES) == []
    memory.consolidate(FOUR + 15 * MINUTE)
    assert len(told(memory, Level.TEN_MINUTES)) == 1
    assert told(memory, Level.HOUR) == []


def test_late_words_and_earlier_recordings_reach_every_level(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 30)
    memory.begin("recording:/before", FOUR - 24 * HOUR)
    memory.record(said(later(-20), later(-20) + 2, "The walnuts are for Piet."))
    memory.record(said(later(0.01), later(0.01) + 2, "This dough needs saffron."))
    memory.consolidate(FOUR + 30 * HOUR)
    days = " ".join(c.text for c in told(memory, Level.DAY))
    assert "walnuts" in days
    assert "saffron" in days
    assert _count(memory, UntoldRow, UntoldRow.level.not_in(("week", "month", "year"))) == 0


def test_telling_again_changes_nothing(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 24 * 800)
    before = [told(memory, level) for level in Level]
    remember(memory, kitchen_then_harbour(), 24 * 800)
    assert [told(memory, level) for level in Level] == before


def test_what_is_told_does_not_depend_on_how_often(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with open_memory(tmp_path / "a") as once, open_memory(tmp_path / "b") as often:
        remember(once, kitchen_then_harbour(), 30)
        often.begin(URI, FOUR)
        for n, happened in enumerate(kitchen_then_harbour()):
            often.record(happened)
            if n % 7 == 0:
                often.consolidate(FOUR + n * MINUTE // 2 + MINUTE)
        often.consolidate(FOUR + 30 * HOUR)
        for level in Level:
            assert _texts(often, level) == _texts(once, level)


def test_a_forgotten_word_leaves_every_level_down_to_the_bytes(tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        remember(memory, kitchen_then_harbour(), 24 * 800)
        assert "Ottilie" in " ".join(c.text for c in told(memory, Level.YEAR))
        (span,) = [u for u in memory.spoken() if "Ottilie" in u.text]
        memory.forget(Selection(start_ns=span.start_ns, end_ns=span.end_ns))
        for level in Level:
            assert told(memory, level), level
            assert "Ottilie" not in " ".join(c.text for c in told(memory, level))
        stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"ottilie" not in stored.lower()
        assert b"ferry" in stored


def test_contexts_left_with_nothing_go_with_their_keys(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 24 * 800)
    memory.forget(Selection(start_ns=FOUR, end_ns=FOUR + HOUR))
    assert [context for level in Level for context in told(memory, level)] == []
    assert _count(memory, KeyRow) == 0
    assert _count(memory, SourceRow, SourceRow.derived_kind == Kind.CONTEXT) == 0


def test_a_new_name_is_told_on_every_level(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 24 * 800)
    (someone,) = [person for person in memory.people() if not person.is_wearer]
    memory.rename_person(someone.id, "Ingrid")
    for level in Level:
        texts = " ".join(c.text for c in told(memory, level))
        assert "Ingrid said" in texts, level
        assert "omeone" not in texts, level


def test_details_fade_and_summaries_stay(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 30)
    moving = [c for c in told(memory, Level.MINUTE) if c.arousal > 0.5]
    memory.consolidate(FOUR + 24 * HOUR * 9)
    for context in told(memory, Level.MINUTE):
        assert context.summary
        assert bool(context.detail) == (context.id in {c.id for c in moving})
    before = _texts(memory, Level.MINUTE)
    memory.rename_person(2, "Ingrid")
    memory.rename_person(2, "")
    assert _texts(memory, Level.MINUTE) == before, "what has faded stays faded"


def test_contexts_do_not_crowd_out_the_evidence(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 24 * 800)
    best = memory.recall(Cue("When does the ferry leave?"))[0]
    assert best.kind in (Kind.UTTERANCE, Kind.FACT)
    found = memory.recall(Cue("ferry", kinds=frozenset({Kind.CONTEXT}), limit=20))
    assert {hit.id for hit in found} & {c.id for c in told(memory, Level.TEN_MINUTES)}


def test_windows_of_another_time_zone_are_told_anew(memory: Memory) -> None:
    remember(memory, kitchen_then_harbour(), 0)
    nepal = timezone(timedelta(hours=5, minutes=45))
    memory.consolidate(FOUR + 40 * HOUR, nepal)
    memory.begin(URI, FOUR)
    memory.record(said(later(0.3), later(0.3) + 2, "This dough needs saffron."))
    memory.consolidate(FOUR + 40 * HOUR, UTC)
    for level, below in PART_OF.items():
        parts = Counter(s.id for context in told(memory, level) for s in context.sources)
        assert set(parts.values()) <= {1}
        if level not in (Level.WEEK, Level.MONTH, Level.YEAR):
            assert set(parts) == {context.id for context in told(memory, below)}, level


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")])
@pytest.mark.parametrize("level", list(Level))
def test_windows_tile_time(level: Level, zone: ZoneInfo) -> None:
    """Also through the two days of 2026 on which clocks change."""
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)):
        t_ns = day_window(day, zone).start_ns - 1
        for _ in range(30):
            window = window_at(level, t_ns, zone)
            assert window.start_ns <= t_ns < window.end_ns
            assert window_at(level, window.start_ns, zone) == window
            assert window_at(level, window.end_ns - 1, zone) == window
            if level in PART_OF:
                part = window_at(PART_OF[level], t_ns, zone)
                assert window.start_ns <= part.start_ns < part.end_ns <= window.end_ns
            t_ns = window.end_ns


def test_neighbours_are_held_against_the_first_of_their_segment() -> None:
    angles = {"a": 0.0, "b": 30.0, "c": 40.0, "d": 75.0}
    rows = [ContextRow(summary=name) for name in angles]
    runs = pyramid.segments(rows, Level.TEN_MINUTES, Likeness(_Compass(angles)))
    assert [[row.summary for row in run] for run in runs] == [["a", "b"], ["c", "d"]]


class _Compass:
    """Turns names into directions in a plane."""

    version = "compass"

    def __init__(self, angles: dict[str, float]) -> None:
        self._angles = angles

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        turned = np.radians([self._angles[text] for text in texts])
        return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def test_a_window_never_holds_more_than_a_few() -> None:
    rows = [ContextRow(summary=f"word{n} thing{n}") for n in range(40)]
    runs = pyramid.segments(rows, Level.DAY, Likeness(None))
    assert len(runs) == 6
    assert [row for run in runs for row in run] == rows


def test_a_day_costs_the_same_after_a_month(memory: Memory) -> None:
    """Consolidation looks at what changed, not at what there is: counted in statements."""
    memory.begin(URI, FOUR)
    costs = []
    for day in range(31):
        for n in range(3):
            memory.record(thing(later(24 * day + n * 1.3), f"thing{(day * 3 + n) % 50}"))
        with _statements(memory) as counted:
            memory.consolidate(FOUR + 24 * HOUR * day + 25 * HOUR)
        costs.append(counted[0])
    assert max(costs[22:27]) <= max(costs[8:13]), "Tuesday to Saturday, two weeks later"
    assert {c.start_ns for c in told(memory, Level.WEEK)} >= {FOUR + 168 * HOUR * w for w in (0, 3)}


class _statements:  # noqa: N801 - reads as a phrase
    """Counts the statements that a block sends to the database."""

    def __init__(self, memory: Memory) -> None:
        self._engine = memory._database.engine
        self._count = [0]

    def __enter__(self) -> list[int]:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self._count

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, *_: object) -> None:
        self._count[0] += 1


def _texts(memory: Memory, level: Level) -> list[tuple[str, str, int, int]]:
    return [(c.summary, c.detail, c.start_ns, c.end_ns) for c in told(memory, level)]


def _count(memory: Memory, table: type[object], *conditions: object) -> int:
    with memory._database.read() as session:
        rows = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
        return session.scalar(rows) or 0
