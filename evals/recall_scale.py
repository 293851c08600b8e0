"""How long does recall take among a hundred thousand memories, and among a million?

The stores are made up, see :mod:`evals.scale_store`; everything else is the real thing: the schema,
its triggers, and ``Memory.recall``. Embedding the cue is left out of its time. The rows below it
answer the same cues from the same store by one means each, without ranking or evidence.

``ATTUNE_SCALE=1000000 attune eval recall-scale`` measures a million. To write such a store takes a
quarter of an hour and more; ``ATTUNE_SCALE_STORES=FOLDER`` keeps it there for the next run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from evals.report import Cell, EvalReport, percentile
from evals.scale_cues import cues
from evals.scale_kept import Kept, store
from evals.scale_peers import GRAPH_AT_MOST, Peer, peers
from evals.scale_store import Language
from memory.recall.embedding import Vectors
from memory.records import Cue
from memory.store import Memory

SIZES = "10000,100000"
ROUNDS = 30
BARS_MS = {100_000: 20, 1_000_000: 100}
COLUMNS = (
    "system",
    "memories",
    "p50 ms",
    "p95 ms",
    "p95 ms of processor",
    "index s",
    "first ms",
    "MB",
    "nearest 10",
)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds by the clock, and of the processor: on a busy machine these tell more."""

    wall_ms: float
    cpu_ms: float

    @classmethod
    def now(cls) -> Spent:
        """Return the time spent so far."""
        return cls(time.perf_counter() * 1_000, time.thread_time() * 1_000)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.wall_ms - other.wall_ms, self.cpu_ms - other.cpu_ms)


class Apart:
    """An embedder that tells what it spent, so that recall can be timed without it."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.spent: list[Spent] = []

    @property
    def version(self) -> str:
        """Which vectors these are."""
        return self._language.version

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of texts, shape ``(n, 384)``."""
        started = Spent.now()
        vectors = self._language.embed(texts)
        self.spent.append(Spent.now() - started)
        return vectors


def timed(answer: Callable[[], object], apart: Apart | None = None) -> Spent:
    """Return what one answer took, less what embedding took."""
    if apart is not None:
        apart.spent.clear()
    started = Spent.now()
    answer()
    spent = Spent.now() - started
    for embedding in apart.spent if apart is not None else ():
        spent -= embedding
    return spent


def run() -> EvalReport:
    """Measure every size, one store at a time."""
    language = Language()
    rows: list[tuple[Cell, ...]] = []
    verdicts: dict[str, bool] = {}
    for size in map(int, os.environ.get("ATTUNE_SCALE", SIZES).split(",")):
        with store(language, size) as kept:
            p95_ms, measured = measure(kept, language, size)
        rows += measured
        if size in BARS_MS:
            verdicts[f"p95 at most {BARS_MS[size]} ms at {size:,} memories"] = (
                p95_ms <= BARS_MS[size]
            )
    return EvalReport(
        name="recall-scale",
        claim="Recall from large stores: time per cue, embedding it apart",
        columns=COLUMNS,
        rows=tuple(rows),
        verdicts=verdicts,
        notes=(
            f"HNSW only up to {GRAPH_AT_MOST:,} memories, whose graph takes minutes beyond that",
            f"{ROUNDS} cues of each kind, each asked once, the store's pages in the page cache",
            "index: writing the rows and all indexes, for a peer its own index; MB: memory taken",
            "nearest 10: share of the ten closest vectors by comparing all that are found",
            "vectors are made up, see evals/scale_store.py; peers neither rank nor give evidence",
            f"{os.cpu_count()} cores; load {os.getloadavg()[0]:.1f} as this ended",
        ),
    )


def measure(kept: Kept, language: Language, size: int) -> tuple[float, list[tuple[Cell, ...]]]:
    """Time recall and its peers on a store; return recall's p95 and the rows."""
    asked = list(cues(language, size, ROUNDS))
    apart = Apart(language)
    spent: dict[str, list[Spent]] = {}
    with Memory.open(kept.path, embedder=apart) as memory:
        before = resident_mb()
        first = timed(partial(memory.recall, Cue("the first word")), apart)
        taken_mb = resident_mb() - before
        for kind, cue in asked:
            spent.setdefault(kind, []).append(timed(partial(memory.recall, cue), apart))
    every = [one for times in spent.values() for one in times]
    rows = [_row("Attune, all cues", size, every, kept.index_s, first.wall_ms, taken_mb)]
    rows += [_row(f"  {kind}", size, times) for kind, times in spent.items()]
    rows += [_of_peer(peer, language, size, asked) for peer in peers(kept.path)]
    return percentile([one.wall_ms for one in every], 95), rows


def _of_peer(
    peer: Peer, language: Language, size: int, asked: list[tuple[str, Cue]]
) -> tuple[Cell, ...]:
    texts = [cue.text for _, cue in asked if cue.text]
    queries = list(language.embed(texts))
    spent = [
        timed(partial(peer.answer, text, query)) for text, query in zip(texts, queries, strict=True)
    ]
    share = None
    if peer.agreement is not None:
        share = float(np.mean([peer.agreement(query) for query in queries[::9] if query.any()]))
    return _row(peer.name, size, spent, peer.index_s, None, peer.mb, share)


def _row(
    system: str,
    size: int,
    spent: list[Spent],
    index_s: float | None = None,
    first_ms: float | None = None,
    mb: float | None = None,
    share: float | None = None,
) -> tuple[Cell, ...]:
    wall_ms = [one.wall_ms for one in spent]
    cpu_ms = percentile([one.cpu_ms for one in spent], 95)
    p50, p95 = percentile(wall_ms, 50), percentile(wall_ms, 95)
    return (system, size, p50, p95, cpu_ms, index_s, first_ms, mb, share)


def resident_mb() -> float:
    """Return the memory of this process that is in use now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
