"""Does the companion know a month of its wearer's life, and what it does not know?

The months are invented and written by hand: what is said, read, seen and felt, and questions with
gold answers (evals/scenarios). Each system lives through each in a memory of its own and is asked
as time goes by; what comes later is not known yet. Nothing judges but strings and the evidence.

Figures come from wearers by whom nothing was mended. There is no language model in it: replies
quote what is remembered. `attune eval day-chat` puts some of the questions to one,
evals/day_tuning.py shows what is missed in the lives that may be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from evals.data.scenario import REPORT, Category, Question, Scenario, read_lives
from evals.day_baselines import Bm25, Dense, TextsOnly
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
    CachedEmbedder,
    Companioned,
    Lived,
    NoHistory,
    NoProfile,
    System,
    pooled,
)
from evals.minilm import MiniLm
from evals.report import Cell, EvalReport
from memory.recall.embedding import Embedder, Mpnet

CATEGORIES: tuple[str, ...] = get_args(Category)
MEASURES: Mapping[str, Score] = {
    f"evidence@{NOTES}": evidence,
    "right version": right_version,
    "reply right": reply_right,
}
FULL = "companion"
EVIDENCE_MIN = 0.8
BASELINES = ("BM25 alone", "MiniLM alone", "MPNet alone")
VERSION_MIN = 0.9
ABSTAINED_MIN = 0.8
ABSTAINED_WRONGLY_MAX = 0.1
FALSE_ALARMS_MAX = 0.05
MARGIN = 0.1
"""What each part of common ground must add where it is needed."""


def systems(embedder: Embedder, minilm: Embedder) -> dict[str, System]:
    """Return who lives through the month, by name.

    Args:
        embedder: The one of memory.
        minilm: The one that others use.
    """
    return {
        FULL: Companioned(embedder),
        "no real-time context": Companioned(embedder, sees=False),
        "no history": Companioned(embedder, memory=NoHistory),
        "no profile": Companioned(embedder, memory=NoProfile),
        "BM25 alone": TextsOnly(Bm25),
        "MiniLM alone": TextsOnly(lambda: Dense(minilm)),
        "MPNet alone": TextsOnly(lambda: Dense(embedder)),
    }


def run() -> EvalReport:
    """Let every system live through the months of the report split, and score its questions."""
    scenarios = read_lives(REPORT)
    embedder, minilm = CachedEmbedder(Mpnet()), CachedEmbedder(MiniLm())
    lived = {
        name: pooled([system.live(scenario) for scenario in scenarios])
        for name, system in systems(embedder, minilm).items()
    }
    return report(scenarios, lived)


def report(scenarios: Sequence[Scenario], lived: Mapping[str, Lived]) -> EvalReport:
    """Lay out what each system got right, over all lives."""
    asked = [question for scenario in scenarios for question in scenario.questions]
    happenings = sum(len(scenario.happenings) for scenario in scenarios)
    days = sum(len(scenario.days()) for scenario in scenarios)
    figures = _figures(asked, lived)
    rows = [
        (name, measure, *cells(score, asked, month))
        for name, month in lived.items()
        for measure, score in MEASURES.items()
    ]
    return EvalReport(
        name="day",
        claim="Written months: what is found, and answered rightly, by kind of question",
        columns=("system", "measure", "all", *CATEGORIES),
        rows=(
            ("", "questions", len(asked), *counts(asked)),
            *rows,
            *_by_life(scenarios, lived[FULL]),
        ),
        verdicts=_verdicts(figures),
        notes=(
            _told(figures),
            f"{len(scenarios)} wearers, {happenings} events over {days} days; replies quote "
            "memory, without a language model",
            f"evidence@{NOTES}: of the gold events, those that the first {NOTES} notes show, or "
            "the facts that a warning rests on",
            "right version: noted, and before what no longer holds",
            "reply right: has all gold strings and no wrong one, abstains, or warns",
            "the baselines rank all that was said, read and felt, and quote the first",
        ),
    )


def _by_life(scenarios: Sequence[Scenario], lived: Lived) -> Iterator[tuple[Cell, ...]]:
    for scenario in scenarios:
        for measure, score in MEASURES.items():
            yield f"{FULL}, {scenario.name}", measure, *cells(score, scenario.questions, lived)


def cells(score: Score, asked: Sequence[Question], lived: Lived) -> list[Cell]:
    """Return the mean of a score over all questions and over those of each category."""
    every = mean(score, asked, lived.answers)
    return [every, *(mean(score, _of(category, asked), lived.answers) for category in CATEGORIES)]


def counts(asked: list[Question]) -> list[int]:
    """Return how many questions of each category there are."""
    return [len(_of(category, asked)) for category in CATEGORIES]


def _of(category: str, questions: Iterable[Question]) -> list[Question]:
    return [question for question in questions if question.category == category]


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the verdicts are about; shares of questions, except for the counts."""

    evidence: float
    baseline: float
    version: float
    abstained: float
    abstained_wrongly: float
    foreign: int
    warned: float
    false_alarms: float
    other_warnings: float
    context_gain: float
    history_gain: float
    profile_gain: float


def _figures(asked: list[Question], lived: Mapping[str, Lived]) -> _Figures:
    full = lived[FULL]
    known = [q for q in asked if q.evidence and not q.warns]

    def found(name: str) -> float:
        return mean(evidence, asked, lived[name].answers) or 0.0

    def right(questions: list[Question], name: str = FULL) -> float:
        return mean(reply_right, questions, lived[name].answers) or 0.0

    def gain(questions: list[Question], without: str) -> float:
        return right(questions) - right(questions, without)

    return _Figures(
        evidence=found(FULL),
        baseline=max(map(found, BASELINES)),
        version=mean(right_version, asked, full.answers) or 0.0,
        abstained=_abstained([q for q in asked if q.unanswerable], full),
        abstained_wrongly=_abstained(known, full),
        foreign=len(full.foreign_facts)
        + sum(takes_for_wearers(q, full.answers[q.id]) for q in asked),
        warned=right([q for q in asked if q.warns]),
        false_alarms=1.0 - right([q for q in asked if q.category == "safety" and not q.warns]),
        other_warnings=mean(
            lambda _, answer: float(answer.is_warning),
            [q for q in asked if q.category != "safety"],
            full.answers,
        )
        or 0.0,
        context_gain=gain(_of("context", asked), "no real-time context"),
        history_gain=gain(known, "no history"),
        profile_gain=gain(_of("profile", asked), "no profile"),
    )


def _abstained(questions: list[Question], lived: Lived) -> float:
    return mean(lambda _, answer: float(abstained(answer)), questions, lived.answers) or 0.0


def _verdicts(figures: _Figures) -> dict[str, bool]:
    return {
        f"evidence@{NOTES} at least {EVIDENCE_MIN}": figures.evidence >= EVIDENCE_MIN,
        f"evidence@{NOTES} {MARGIN} above the best baseline": figures.evidence - figures.baseline
        >= MARGIN,
        f"right version at least {VERSION_MIN}": figures.version >= VERSION_MIN,
        f"abstains from at least {ABSTAINED_MIN} of what is unknown": figures.abstained
        >= ABSTAINED_MIN,
        f"abstains from at most {ABSTAINED_WRONGLY_MAX} of what is known": figures.abstained_wrongly
        <= ABSTAINED_WRONGLY_MAX,
        "no stranger's fact is taken for the wearer's": figures.foreign == 0,
        "warns of every danger": figures.warned == 1.0,
        f"false alarms at most {FALSE_ALARMS_MAX}": figures.false_alarms <= FALSE_ALARMS_MAX,
        f"real-time context adds {MARGIN} to replies where it is needed": figures.context_gain
        >= MARGIN,
        f"history adds {MARGIN} to replies": figures.history_gain >= MARGIN,
        f"profile adds {MARGIN} to replies where it is needed": figures.profile_gain >= MARGIN,
    }


def _told(figures: _Figures) -> str:
    return (
        f"the companion abstained from {figures.abstained:.2f} of what is unknown and "
        f"{figures.abstained_wrongly:.2f} of what is known, warned of {figures.warned:.2f} of the "
        f"dangers, raised false alarms at {figures.false_alarms:.2f} of what is harmless, spoke a "
        f"warning at {figures.other_warnings:.2f} of the other questions, and took "
        f"{figures.foreign} facts of others for the wearer's"
    )
