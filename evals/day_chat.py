"""What a language model makes of the same notes, by the same gold strings.

``python -m evals.day_chat qwen2.5-1.5b 30`` lets the companion live through the reported months and
puts an even sample of their questions to an embedded model; minutes to an hour, by machine. Name a
life behind the number to take that one instead.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console

from evals.data.scenario import REPORT, Question, Scenario, read_lives
from evals.day import CATEGORIES, MEASURES, cells, counts
from evals.day_scores import takes_for_wearers
from evals.day_systems import CachedEmbedder, Companioned, Lived, System, pooled
from evals.report import EvalReport
from llm.chat.embedded import EmbeddedModel
from memory.recall.embedding import MiniLm


def run(model: str, number: int, lives: Sequence[str] = REPORT) -> EvalReport:
    """Put so many questions to a model, and for comparison to memory alone.

    Raises:
        ChatError: The model is not there.
    """
    scenarios = read_lives(lives)
    chosen = sample([question for each in scenarios for question in each.questions], number)
    embedder = CachedEmbedder(MiniLm())
    quoting = _live(Companioned(embedder, is_asked=chosen.__contains__), scenarios)
    with EmbeddedModel.start(model) as chat:
        talking = _live(Companioned(embedder, chat, is_asked=chosen.__contains__), scenarios)
    foreign = sum(takes_for_wearers(q, talking.answers[q.id]) for q in chosen)
    return EvalReport(
        name="day-chat",
        claim=f"Replies of {model} and of memory quoted to the same questions",
        columns=("system", "measure", "all", *CATEGORIES),
        rows=(
            ("", "questions", len(chosen), *counts(chosen)),
            *(
                (name, measure, *cells(score, chosen, lived))
                for name, lived in ((model, talking), ("quoted memory", quoting))
                for measure, score in MEASURES.items()
            ),
        ),
        verdicts={"no stranger's fact is taken for the wearer's": foreign == 0},
    )


def sample(questions: list[Question], number: int) -> list[Question]:
    """Return so many questions, evenly over the month."""
    number = min(number, len(questions))
    return [questions[position * len(questions) // number] for position in range(number)]


def _live(system: System, scenarios: Sequence[Scenario]) -> Lived:
    return pooled([system.live(scenario) for scenario in scenarios])


if __name__ == "__main__":
    report = run(sys.argv[1], int(sys.argv[2]), sys.argv[3:] or REPORT)
    Console(width=200).print(report.table())
