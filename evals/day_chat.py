"""What a language model makes of the same notes, by the same gold strings.

``python -m evals.day_chat qwen2.5-1.5b 30`` lets the companion live through the month and puts an
even sample of the reported questions to an embedded model; minutes to an hour, by machine.
"""

from __future__ import annotations

import sys

from rich.console import Console

from evals.data.scenario import Question, read_scenario
from evals.day import CATEGORIES, MEASURES, cells, counts
from evals.day_scores import takes_for_wearers
from evals.day_systems import CachedEmbedder, Companioned
from evals.report import EvalReport
from llm.chat.embedded import EmbeddedModel
from memory.recall.embedding import MiniLm


def run(model: str, number: int) -> EvalReport:
    """Put so many questions to a model, and for comparison to memory alone.

    Raises:
        ChatError: The model is not there.
    """
    scenario = read_scenario()
    chosen = sample([q for q in scenario.questions if q.split == "report"], number)
    embedder = CachedEmbedder(MiniLm())
    quoting = Companioned(embedder, is_asked=chosen.__contains__).live(scenario)
    with EmbeddedModel.start(model) as chat:
        talking = Companioned(embedder, chat, is_asked=chosen.__contains__).live(scenario)
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


if __name__ == "__main__":
    Console(width=200).print(run(sys.argv[1], int(sys.argv[2])).table())
