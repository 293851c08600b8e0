"""What the companion misses in the month, among the questions that may be looked at.

``python -m evals.day_tuning`` prints each miss of the tuning split with the notes and the reply.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from evals.data.scenario import Question, Scenario, read_scenario
from evals.day import MEASURES
from evals.day_systems import Answer, Companioned, Lived
from memory.recall.embedding import MiniLm


def is_open(question: Question) -> bool:
    """Tell whether a question's misses may be looked at."""
    return question.split == "tuning"


def misses(scenario: Scenario, lived: Lived) -> Iterator[tuple[Question, Answer, list[str]]]:
    """Yield each open question with the answer and the measures that it misses."""
    for question in filter(is_open, scenario.questions):
        answer = lived.answers[question.id]
        scores = {name: score(question, answer) for name, score in MEASURES.items()}
        missed = [name for name, value in scores.items() if value is not None and value < 1.0]
        if missed:
            yield question, answer, missed


def main() -> None:
    """Print the misses."""
    console = Console(width=120, highlight=False, markup=False)
    scenario = read_scenario()
    lived = Companioned(MiniLm(), is_asked=is_open).live(scenario)
    for question, answer, missed in misses(scenario, lived):
        console.print(f"\n{question.category} {question.id}: {question.words}")
        console.print(f"  missed: {', '.join(missed)}")
        console.print(f"  gold: {' + '.join((*question.evidence, *question.holds))}")
        console.print(f"  reply: {answer.reply}")
        for note in answer.notes:
            console.print(f"  - {note}")


if __name__ == "__main__":
    main()
