"""What the companion misses in the lives that may be looked at.

``python -m evals.day_tuning`` prints each miss with the notes and the reply, and the means of each
life; name some lives to see those alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from rich.console import Console

from evals.data.scenario import TUNING, Question, Scenario, read_lives
from evals.day import MEASURES
from evals.day_scores import mean
from evals.day_systems import Answer, Companioned, Lived
from memory.recall.embedding import Mpnet


def misses(scenario: Scenario, lived: Lived) -> Iterator[tuple[Question, Answer, list[str]]]:
    """Yield each question with the answer and the measures that it misses."""
    for question in scenario.questions:
        answer = lived.answers[question.id]
        scores = {name: score(question, answer) for name, score in MEASURES.items()}
        missed = [name for name, value in scores.items() if value is not None and value < 1.0]
        if missed:
            yield question, answer, missed


def main() -> None:
    """Print the misses of each life, and the means."""
    console = Console(width=120, highlight=False, markup=False)
    for scenario in read_lives(sys.argv[1:] or TUNING):
        lived = Companioned(Mpnet()).live(scenario)
        for question, answer, missed in misses(scenario, lived):
            _print_miss(console, question, answer, missed)
        for name, score in MEASURES.items():
            share = mean(score, scenario.questions, lived.answers)
            console.print(f"{scenario.name}, {name}: {share:.3f}")


def _print_miss(console: Console, question: Question, answer: Answer, missed: list[str]) -> None:
    console.print(f"\n{question.category} {question.id}: {question.words}")
    console.print(f"  missed: {', '.join(missed)}")
    console.print(f"  gold: {' + '.join((*question.evidence, *question.holds))}")
    console.print(f"  reply: {answer.reply}")
    for note in answer.notes:
        console.print(f"  - {note}")


if __name__ == "__main__":
    main()
