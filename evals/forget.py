"""What is left after forgetting: rows, indexes, vectors, raw bytes and media, by kind of deletion.

Beside it, on the same week and the same deletions: the same rows deleted with plain SQL, with
``secure_delete``, and a store that deletes a memory and not what was derived from it.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from evals.data import life
from evals.data.life import DAY_NS, HOUR_NS, SECOND_NS, START_NS, Said
from evals.forget_traces import Baseline, Traces, begin, follow, traces_in, words_said
from evals.report import Cell, EvalReport, percentile
from firmware_bridge.packets import SceneFrame
from memory.clips.film import Film
from memory.recall.embedding import Embedder, Mpnet, Vectors
from memory.records import Cue, Selection
from memory.store import Memory

ROUNDS = 60
SEED = 20
COLUMNS = (
    "system",
    "deletion",
    "rounds",
    "rows gone",
    "words sought",
    "in rows",
    "in indexes",
    "in raw bytes",
    "clips left",
    "survivors lost",
    "median ms",
)

Asked = tuple[Selection, Callable[[Said], bool]]


@dataclass(slots=True)
class _Tally:
    rounds: int = 0
    rows: int = 0
    words: int = 0
    lost: int = 0
    traces: Traces = field(default_factory=Traces)
    times_ms: list[float] = field(default_factory=list)

    def add(self, rows: int, gone: list[str], left: Traces) -> None:
        """Count one round."""
        self.rounds, self.rows = self.rounds + 1, self.rows + rows
        self.words, self.traces = self.words + len(gone), self.traces + left

    def row(self, system: str, deletion: str, lost: int | None) -> tuple[Cell, ...]:
        left = self.traces
        median = percentile(self.times_ms, 50) if self.times_ms else None
        counts = (self.rounds, self.rows, self.words, left.in_rows, left.in_indexes)
        return (system, deletion, *counts, left.in_raw_bytes, left.clips, lost, median)


def run(rounds: int = ROUNDS, embedder: Embedder | None = None) -> EvalReport:
    """Forget at random and look for what is left.

    Args:
        rounds: How many deletions.
        embedder: Finds by meaning; the one of memory without one.
    """
    with tempfile.TemporaryDirectory() as folder:
        trial = _Trial(Path(folder), embedder or Mpnet())
        with trial.memory:
            for deletion, choose in _order(rounds):
                trial.round(deletion, choose)
    mine = trial.tallies
    rows = [tally.row("Attune", deletion, tally.lost) for deletion, tally in mine.items()]
    left = _sum(list(mine.values()))
    rows.append(left.row("Attune", "all", left.lost))
    others = trial.baselines.items()
    rows += [tally.row(baseline.value, "all", None) for baseline, tally in others]
    return EvalReport(
        "forget",
        "What is left after forgetting, searched for by words that occur once in a week",
        COLUMNS,
        tuple(rows),
        {
            "nothing that was to go is left anywhere": left.traces == Traces(),
            "nothing else is lost": left.lost == 0,
        },
        (
            f"A made-up week (seed {SEED}): {trial.total} sentences and lines with a word of"
            " their own, filmed moments, feelings, facts, answers and summaries.",
            "In indexes: documents that full text finds by the word, or whose vector is that of a"
            " deleted sentence. Raw bytes: database, write-ahead log, media and a fresh export.",
            "Clips left: of those in which a deleted word is heard or read. The baselines follow"
            " the same deletions in copies of the database; only the last leaves clips alone.",
        ),
    )


def _sum(tallies: list[_Tally]) -> _Tally:
    total = _Tally()
    for tally in tallies:
        total.rounds, total.rows = total.rounds + tally.rounds, total.rows + tally.rows
        total.words, total.lost = total.words + tally.words, total.lost + tally.lost
        total.traces += tally.traces
        total.times_ms += tally.times_ms
    return total


class _Trial:
    """One store that forgets bit by bit, and copies that follow it by other means."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder = folder
        self._embedder = embedder
        self._dice = random.Random(SEED)  # noqa: S311
        self.said: list[Said] = []
        self.memory = Memory.open(folder / "mine" / "memory.sqlite", embedder=embedder)
        self._live()
        for baseline in Baseline:
            begin(baseline, self.memory.path, folder)
        self.tallies: dict[str, _Tally] = {}
        self.baselines = {baseline: _Tally() for baseline in Baseline}

    def _live(self) -> None:
        """Record the week, with clips, names, questions and everything that is derived."""
        self.memory.begin("week", life.START_NS)
        film = Film(self.memory)
        for item, said in life.week(SEED):
            if isinstance(item, SceneFrame):
                film.update(item)
            else:
                film.on_event(item, self.memory.record(item))
            if said is not None:
                self.said.append(said)
        film.close()
        self.total = len(self.said)
        end_ns = self.said[-1].t_ns + 3_600 * SECOND_NS
        self.memory.end(1, end_ns)
        self.memory.consolidate(end_ns)
        for topic in life.TOPICS:
            for hit in self.memory.recall(Cue(topic, limit=3)):
                self.memory.add_turn(hit.t_ns + SECOND_NS, f"And {topic}?", hit.text, hit.sources)
        self.memory.consolidate(end_ns)

    def round(self, deletion: str, choose: Callable[[_Trial], Asked]) -> None:
        """Forget once; look for what should be gone, and for what should not be."""
        if not self.said:
            return
        selection, goes = choose(self)
        tally = self.tallies.setdefault(deletion, _Tally())
        going = {said.word for said in self.said if goes(said)}
        vectors = self._vectors_of(going)
        before, clips = words_said(self.memory.path), self._clips_of(going)
        started = time.perf_counter()
        report = self.memory.forget(selection)
        tally.times_ms.append((time.perf_counter() - started) * 1e3)
        after, rows = words_said(self.memory.path), sum(report.rows.values())
        tally.lost += len({said.word for said in self.said} - going - after)
        self.said = [said for said in self.said if said.word in after - going]
        gone = sorted(going | (before - after))
        left = traces_in(self.memory.path, gone, vectors) + self._elsewhere(gone)
        tally.add(rows, gone, left + Traces(clips=sum(clip.exists() for clip in clips)))
        for baseline, theirs in self.baselines.items():
            started = time.perf_counter()
            copy = follow(baseline, self.memory.path, self._folder)
            theirs.times_ms.append((time.perf_counter() - started) * 1e3)
            left = traces_in(copy, gone, vectors)
            if baseline is Baseline.MEMORY_ONLY:
                left += Traces(clips=len(clips))
            theirs.add(rows, gone, left)

    def pick(self, where: Callable[[Said], bool] = lambda said: True) -> Said:
        """Return something that is still remembered."""
        return self._dice.choice([said for said in self.said if where(said)] or self.said)

    def person_id(self, name: str) -> int:
        """Return who speaks with a voice."""
        if name == "wearer":
            return self.memory.wearer().id
        words = {said.word for said in self.said if said.person == name}
        return next(
            spoken.speaker.id
            for spoken in self.memory.spoken()
            if spoken.speaker is not None and words & set(spoken.text.rstrip(".").split())
        )

    def moment_id(self, said: Said) -> int | None:
        """Return the moment in which something was said, if it is still there."""
        within = self.memory.moments(said.t_ns, said.t_ns + 1)
        return within[0].id if within else None

    def _clips_of(self, words: set[str]) -> set[Path]:
        """Return the clips in which any of these words can be heard or read."""
        filmed = [said for said in self.said if said.word in words and said.is_filmed]
        moments = [m for said in filmed for m in self.memory.moments(said.t_ns, said.t_ns + 1)]
        return {moment.clip for moment in moments if moment.clip is not None}

    def _vectors_of(self, words: set[str]) -> Vectors:
        """Return the vectors of the sentences that hold any of these words."""
        told = (spoken.text for spoken in self.memory.spoken())
        return self._embedder.embed(
            [text for text in told if words & set(re.findall(r"\w+", text))]
        )

    def _elsewhere(self, gone: list[str]) -> Traces:
        """Look into an export, the media and what is recalled."""
        with tempfile.TemporaryDirectory() as folder:
            self.memory.export(Path(folder))
            files = [*Path(folder).rglob("*"), *self.memory.media.rglob("*")]
            raw = b"".join(path.read_bytes() for path in files if path.is_file())
        told = " ".join(hit.text for word in gone[:5] for hit in self.memory.recall(Cue(word)))
        return Traces(
            in_indexes=sum(word in told for word in gone),
            in_raw_bytes=sum(word.encode() in raw for word in gone),
        )


def _a_moment(trial: _Trial) -> Asked:
    filmed = trial.pick(lambda said: said.is_filmed and trial.moment_id(said) is not None)
    moment_id = trial.moment_id(filmed)
    if moment_id is None:
        return _a_span(trial)
    selection = Selection(moment_ids=(moment_id,))
    return selection, lambda said: said.stay == filmed.stay and said.is_filmed


def _a_span(trial: _Trial) -> Asked:
    start_ns = trial.pick().t_ns - SECOND_NS
    end_ns = start_ns + HOUR_NS
    return _within(trial, Selection(start_ns=start_ns, end_ns=end_ns), lambda said: True)


def _a_person(trial: _Trial) -> Asked:
    person = trial.pick(lambda said: said.person not in ("", "wearer")).person
    return Selection(person_ids=(trial.person_id(person),)), lambda said: said.person == person


def _a_topic(trial: _Trial) -> Asked:
    topic = trial.pick(lambda said: said.topic != "").topic
    return Selection(topics=(topic,)), lambda said: said.topic == topic


def _a_place(trial: _Trial) -> Asked:
    """Choose a place; a minute is there as long as a sentence that says so is remembered."""
    place = trial.pick(lambda said: said.names_place).place
    there = {
        (said.stay, said.is_filmed)
        for said in trial.said
        if said.names_place and said.place == place
    }
    return Selection(places=(place,)), lambda said: (said.stay, said.is_filmed) in there


def _in_a_day(choose: Callable[[_Trial], Asked]) -> Callable[[_Trial], Asked]:
    """Narrow a selection to a day in which it meets something."""

    def narrowed(trial: _Trial) -> Asked:
        selection, goes = choose(trial)
        t_ns = trial.pick(goes).t_ns
        start_ns = t_ns - (t_ns - START_NS) % DAY_NS
        return _within(trial, replace(selection, start_ns=start_ns, end_ns=start_ns + DAY_NS), goes)

    return narrowed


def _within(_trial: _Trial, selection: Selection, goes: Callable[[Said], bool]) -> Asked:
    start_ns, end_ns = selection.start_ns or 0, selection.end_ns or 0
    return (
        selection,
        lambda said: goes(said) and start_ns < said.t_ns + 3 * SECOND_NS and said.t_ns < end_ns,
    )


_NARROW = {
    "moment": _a_moment,
    "time span": _a_span,
    "person within a day": _in_a_day(_a_person),
    "topic within a day": _in_a_day(_a_topic),
    "place within a day": _in_a_day(_a_place),
}
_WIDE = {"person": _a_person, "topic": _a_topic, "place": _a_place}


def _order(rounds: int) -> list[tuple[str, Callable[[_Trial], Asked]]]:
    """Return what to forget: little at first, so that something is left to the end."""
    narrow = list(_NARROW.items())
    first = [narrow[number % len(narrow)] for number in range(max(0, rounds - 2 * len(_WIDE)))]
    return [*first, *_WIDE.items(), *_WIDE.items()][-rounds:]
