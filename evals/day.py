"""Does the companion know a month of its wearer's life, and what it does not know?

The month is invented and written by hand: what is said, read, seen and felt, and questions with
gold answers (evals/scenarios). Each system lives through it in a memory of its own and is asked as
time goes by; what comes later is not known yet. Nothing judges but strings and the evidence.

``python -m evals.day qwen2.5-1.5b 30`` puts every fifth question or so, thirty in all, to the
embedded language model too; the usual run has none, and replies quote what is remembered.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import get_args

from rich.console import Console

from evals.data.scenario import Category, Question, Scenario, read_scenario
from evals.day_scores import (
    Score,
    abstained,
    evidence,
    mean,
    reply_right,
    right_version,
    takes_for_wearers,
)
from evals.day_systems import (
    NOTES,
    Bm25,
    CachedEmbedder,
    Companioned,
    Dense,
    Lived,
    NoHistory,
    NoProfile,
    System,
    TextsOnly,
)
from evals.report import Cell, EvalReport
from llm.chat.embedded import EmbeddedModel
from memory.embedding import Embedder, MiniLm

CATEGORIES: tuple[str, ...] = get_args(Category)
MEASURES: Mapping[str, Score] = {
    f"evidence@{NOTES}": evidence,
    "right version": right_version,
    "reply right": reply_right,
}
FULL = "companion"
EVIDENCE_MIN = 0.8
VERSION_MIN = 0.9
ABSTAINED_MIN = 0.8
ABSTAINED_WRONGLY_MAX = 0.1
FALSE_ALARMS_MAX = 0.05
MARGIN = 0.1
"""What each part of common ground must add where it is needed."""


def systems(embedder: Embedder) -> dict[str, System]:
    """Return who lives through the month, by name."""
    return {
        FULL: Companioned(embedder),
        "no real-time context": Companioned(embedder, sees=False),
        "no history": Companioned(embedder, memory=NoHistory),
        "no profile": Companioned(embedder, memory=NoProfile),
        "BM25 alone": TextsOnly(Bm25),
        "MiniLM alone": TextsOnly(lambda: Dense(embedder)),
    }


def run() -> EvalReport:
    """Let every system live through the month, and score the questions of the report split."""
    scenario = read_scenario()
    embedder = CachedEmbedder(MiniLm())
    lived = {name: system.live(scenario) for name, system in systems(embedder).items()}
    return report(scenario, lived)


def report(scenario: Scenario, lived: Mapping[str, Lived]) -> EvalReport:
    """Lay out what each system got right, without the questions that may be looked at."""
    asked = [question for question in scenario.questions if question.split == "report"]
    rows = [
        (name, measure, *_cells(score, asked, month))
        for name, month in lived.items()
        for measure, score in MEASURES.items()
    ]
    return EvalReport(
        name="day",
        claim="A written month: what is found, and answered rightly, by kind of question",
        columns=("system", "measure", "all", *CATEGORIES),
        rows=(("", "questions", len(asked), *_counts(asked)), *rows),
        verdicts=_verdicts(asked, lived),
        notes=(
            f"{len(scenario.happenings)} events over {len(scenario.days())} days; replies quote "
            "memory, without a language model",
            f"evidence@{NOTES}: of the gold events, those that the first {NOTES} notes show; right "
            "version: noted, and before what no longer holds; reply right: all gold strings and no "
            "wrong one, or says that it does not know, or warns",
            "the baselines rank all that was said, read and felt, and quote the first",
        ),
    )


def _cells(score: Score, asked: list[Question], lived: Lived) -> list[Cell]:
    every = mean(score, asked, lived.answers)
    return [every, *(mean(score, _of(category, asked), lived.answers) for category in CATEGORIES)]


def _counts(asked: list[Question]) -> list[int]:
    return [len(_of(category, asked)) for category in CATEGORIES]


def _of(category: str, questions: Iterable[Question]) -> list[Question]:
    return [question for question in questions if question.category == category]


def _verdicts(asked: list[Question], lived: Mapping[str, Lived]) -> dict[str, bool]:
    full = lived[FULL]

    def found(name: str, *categories: str) -> float:
        among = [q for q in asked if not categories or q.category in categories]
        return mean(evidence, among, lived[name].answers) or 0.0

    def right(questions: Iterable[Question], name: str = FULL) -> float:
        return mean(reply_right, questions, lived[name].answers) or 0.0

    def abstentions(questions: list[Question]) -> float:
        return sum(abstained(full.answers[q.id]) for q in questions) / len(questions)

    unknown = [q for q in asked if q.unanswerable]
    known = [q for q in asked if q.evidence and not q.warns]
    stolen = [q for q in asked if takes_for_wearers(q, full.answers[q.id])]
    warned = [q for q in asked if q.warns]
    harmless = [q for q in asked if q.category == "safety" and not q.warns]
    version = mean(right_version, asked, full.answers) or 0.0
    best = max(found("BM25 alone"), found("MiniLM alone"))
    context = [q for q in asked if q.category == "context"]
    profile = [q for q in asked if q.category == "profile"]
    return {
        f"evidence@{NOTES} at least {EVIDENCE_MIN}": found(FULL) >= EVIDENCE_MIN,
        f"evidence@{NOTES} {MARGIN} above the better baseline": found(FULL) - best >= MARGIN,
        f"right version at least {VERSION_MIN}": version >= VERSION_MIN,
        f"abstains from at least {ABSTAINED_MIN} of what is unknown": abstentions(unknown)
        >= ABSTAINED_MIN,
        f"abstains from at most {ABSTAINED_WRONGLY_MAX} of what is known": abstentions(known)
        <= ABSTAINED_WRONGLY_MAX,
        "no stranger's fact is taken for the wearer's": not (stolen or full.foreign_facts),
        "warns of every danger": right(warned) == 1.0,
        f"false alarms at most {FALSE_ALARMS_MAX}": 1.0 - right(harmless) <= FALSE_ALARMS_MAX,
        f"real-time context adds {MARGIN} to replies where it is needed": right(context)
        - right(context, "no real-time context")
        >= MARGIN,
        f"history adds {MARGIN} to replies": right(known) - right(known, "no history") >= MARGIN,
        f"profile adds {MARGIN} to replies where it is needed": right(profile)
        - right(profile, "no profile")
        >= MARGIN,
    }


def _with_model(model: str, number: int) -> EvalReport:
    """Put an even sample of the reported questions to the language model."""
    scenario = read_scenario()
    asked = [question for question in scenario.questions if question.split == "report"]
    chosen = asked[:: max(1, len(asked) // number)][:number]
    with EmbeddedModel.start(model) as chat:
        chatting = Companioned(
            CachedEmbedder(MiniLm()), chat, is_asked=lambda question: question in chosen
        )
        lived = chatting.live(scenario)
    return EvalReport(
        name="day-with-model",
        claim=f"Replies of {model} to {len(chosen)} questions of the month",
        columns=("measure", "all", *CATEGORIES),
        rows=(
            ("questions", len(chosen), *_counts(chosen)),
            *((name, *_cells(score, chosen, lived)) for name, score in MEASURES.items()),
        ),
    )


if __name__ == "__main__":
    Console(width=200).print(_with_model(sys.argv[1], int(sys.argv[2])).table())
