"""Does recall find the lines of long conversations that answer a question?

Every system gets the same lines: what a picture showed, then the words. Weights are fitted on four
conversations and judged on the fifth, in turn; the weights that ship are judged on the two
conversations that they were not fitted on.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from evals.data.locomo import ANSWERABLE, Question, QuestionKind, read_locomo
from evals.minilm import MiniLm
from evals.recall_fit import Example, Floats, fit
from evals.recall_peers import OWN_VECTORS, Search, peers
from evals.recall_store import CachedEmbedder, Store, spoken
from evals.report import Cell, EvalReport, percentile
from memory.recall.embedding import Embedder, Mpnet

# The weights that ship are fitted on these, see training/recall.py.
FITTED_ON = ("conv-26", "conv-41", "conv-43")
DEPTHS = (5, 10, 20)
ANSWERED = "that have an answer"
TURNED = "turned to the one who did not say it"
FOREIGN = "of another conversation"
FOREIGN_STEP = 5
BETTER_BY, BETTER_MULTI_HOP_BY = 0.10, 0.15
ATTUNE, SHIPPED = "Attune, weights of the other four", "Attune, as shipped"


@dataclass(slots=True)
class Tally:
    """The share of evidence found by each question, per conversation, kind and depth."""

    shares: dict[tuple[str, QuestionKind, int], list[float]] = field(default_factory=dict)
    spent_ms: list[float] = field(default_factory=list)

    def add(self, conversation: str, question: Question, found: Sequence[str]) -> None:
        """Count the answer to one question."""
        for depth in DEPTHS:
            share = len(question.evidence.intersection(found[:depth])) / len(question.evidence)
            self.shares.setdefault((conversation, question.kind, depth), []).append(share)

    def recall(
        self, depth: int, kinds: Iterable[QuestionKind], only: Iterable[str] | None = None
    ) -> float:
        """Return the mean over questions."""
        wanted, names = set(kinds), None if only is None else set(only)
        shares = [
            share
            for (name, kind, at), each in self.shares.items()
            if at == depth and kind in wanted and (names is None or name in names)
            for share in each
        ]
        return float(np.mean(shares)) if shares else 0.0


def run() -> EvalReport:
    """Record every conversation, ask every question of every system."""
    conversations = read_locomo()
    embedder = CachedEmbedder(Mpnet())
    with tempfile.TemporaryDirectory() as folder:
        stores = [Store.remember(c, Path(folder), embedder) for c in conversations]
        try:
            tallies = judge(stores, embedder, CachedEmbedder(MiniLm()))
            return report(stores, tallies, embedder)
        finally:
            for store in stores:
                store.close()


def judge(
    stores: Sequence[Store], embedder: CachedEmbedder, minilm: CachedEmbedder
) -> dict[str, Tally]:
    """Return what each system finds; ``embedder`` is that of the stores."""
    tallies: dict[str, Tally] = {}
    weights = weights_without_each(stores)
    for store in stores:
        questions = store.conversation.questions
        for question in questions:  # embedding a question is timed apart
            embedder.embed([question.text])
            minilm.embed([question.text])
            store.recall(question.text)
        systems = _systems(store, weights[store.conversation.name], embedder, minilm)
        for system, search in systems.items():
            tally = tallies.setdefault(system, Tally())
            for question in questions:
                started = time.perf_counter()
                found = search(question.text)
                tally.spent_ms.append((time.perf_counter() - started) * 1_000)
                tally.add(store.conversation.name, question, found)
    return tallies


def abstains(stores: Sequence[Store]) -> dict[str, float]:
    """Return how often recall as shipped gives nothing, by what the questions are about."""
    silent: dict[str, list[bool]] = {ANSWERED: [], TURNED: [], FOREIGN: []}
    for store, other in zip(stores, (*stores[1:], stores[0]), strict=True):
        for question in store.conversation.questions:
            about = ANSWERED if question.kind in ANSWERABLE else TURNED
            silent[about].append(not store.recall(question.text))
        for question in other.conversation.questions[::FOREIGN_STEP]:
            silent[FOREIGN].append(not store.recall(question.text))
    return {about: float(np.mean(each)) for about, each in silent.items()}


def weights_without_each(stores: Sequence[Store]) -> dict[str, Floats]:
    """Return for each conversation the weights fitted on all others."""
    examples = {store.conversation.name: answerable_examples(store) for store in stores}
    return {
        name: fit([e for other, each in examples.items() if other != name for e in each])
        for name in examples
    }


def answerable_examples(store: Store) -> list[Example]:
    """Return the candidates of every question that has an answer."""
    asked = (q for q in store.conversation.questions if q.kind in ANSWERABLE)
    return [example for q in asked if (example := store.example(q)) is not None]


def _systems(
    store: Store, weights: Floats, embedder: Embedder, minilm: Embedder
) -> dict[str, Search]:
    bare = {line.id: spoken(line) for line in store.conversation.lines()}
    return peers(store.texts, bare, embedder, minilm) | {
        ATTUNE: lambda text: store.recall_by(weights, text),
        SHIPPED: store.recall,
    }


def report(
    stores: Sequence[Store], tallies: Mapping[str, Tally], embedder: CachedEmbedder
) -> EvalReport:
    """Lay out what was found, and hold it against what was promised."""
    names = [store.conversation.name for store in stores]
    unseen = [name for name in names if name not in FITTED_ON]
    left_out = ", ".join(
        f"{name} {tallies[ATTUNE].recall(10, ANSWERABLE, [name]):.3f}" for name in names
    )
    silent = abstains(stores)
    indexed = ", ".join(f"{store.indexed_s:.1f}" for store in stores)
    return EvalReport(
        name="recall",
        claim="Share of the lines that answer a question among the first 5, 10 and 20 recalled",
        columns=("system", "questions", "@5", "@10", "@20", "p50 ms", "p95 ms"),
        rows=tuple(row for name, tally in tallies.items() for row in _rows(name, tally, unseen)),
        verdicts=_verdicts(tallies),
        notes=(
            f"@10 of each conversation with the weights of the other four: {left_out}",
            f"the weights that ship were fitted on {', '.join(FITTED_ON)}: their rows are of the"
            f" other conversations, {', '.join(unseen)}",
            f"index time, recording and embedding: {indexed} s for"
            f" {', '.join(str(len(store.lines)) for store in stores)} lines",
            f"times are without embedding the question, which takes"
            f" {percentile(embedder.spent_s, 50) * 1_000:.1f} ms (p50)",
            "nothing is recalled for "
            + ", ".join(f"{share:.0%} of questions {about}" for about, share in silent.items()),
            "every system gets each line as what its picture showed, then its words; the systems"
            " that are not said to lack the speaker get it in one sentence with the speaker's name",
        ),
    )


def _rows(name: str, tally: Tally, unseen: Sequence[str]) -> list[tuple[Cell, ...]]:
    only = unseen if name == SHIPPED else None
    found: list[tuple[Cell, ...]] = []
    for label, kinds in (("all", ANSWERABLE), *((k.label, (k,)) for k in ANSWERABLE)):
        shares = [tally.recall(depth, kinds, only) for depth in DEPTHS]
        times = [percentile(tally.spent_ms, p) if label == "all" else None for p in (50, 95)]
        found.append((name if label == "all" else "", label, *shares, *times))
    return found


def _verdicts(tallies: Mapping[str, Tally]) -> dict[str, bool]:
    """Hold recall against every peer, and against those without the vectors that it uses itself."""
    peers = {n: tally for n, tally in tallies.items() if n not in (ATTUNE, SHIPPED)}
    others = {n: tally for n, tally in peers.items() if OWN_VECTORS not in n}
    return {
        f"recall@10 of {what} at least {least} above the best peer{which}: {gain:+.3f}": gain
        >= least
        for held, which in ((others, ""), (peers, f", {OWN_VECTORS} given to peers too"))
        for what, kinds, least in (
            ("all questions", ANSWERABLE, BETTER_BY),
            ("multi-hop questions", (QuestionKind.MULTI_HOP,), BETTER_MULTI_HOP_BY),
        )
        for gain in [_gain(tallies[ATTUNE], held.values(), kinds)]
    }


def _gain(ours: Tally, peers: Iterable[Tally], kinds: Sequence[QuestionKind]) -> float:
    return ours.recall(10, kinds) - max(peer.recall(10, kinds) for peer in peers)
