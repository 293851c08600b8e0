"""What a language model makes of memory, beside memory quoted to the same questions.

The companion lives through each reported month twice, with the embedded model and without one, and
a sample of the questions is put to both. Strings and evidence judge, as in ``attune eval day``.

``attune eval day-chat`` takes the default model and thirty questions of each life, a quarter of an
hour on two cores. ``python -m evals.day_chat qwen2.5-0.5b 15 LIFE...`` takes another model, number
or life.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from evals.data.scenario import REPORT, Question, Scenario, holds, read_lives
from evals.day import CATEGORIES, MEASURES, cells, counts
from evals.day_scores import abstained, mean, reply_right, takes_for_wearers
from evals.day_systems import Answer, CachedEmbedder, Companioned, Lived, pooled
from evals.report import Cell, EvalReport
from llm.chat.embedded import DEFAULT_MODEL, EmbeddedModel
from memory.recall.embedding import Mpnet

QUESTIONS_PER_LIFE = 30
QUOTED = "quoted memory"
MARGIN = 0.1
"""What a model must add to what memory alone gets right."""
ABSTAINED_MIN = 0.75

_Count = Callable[[Question], None]


def run(
    model: str = DEFAULT_MODEL, number: int = QUESTIONS_PER_LIFE, lives: Sequence[str] = REPORT
) -> EvalReport:
    """Put so many questions of each life to a model, and for comparison to memory alone.

    Raises:
        ChatError: The model is not there.
    """
    scenarios = read_lives(lives)
    asked = [question for each in scenarios for question in sample(each.questions, number)]
    embedder = CachedEmbedder(Mpnet())
    with EmbeddedModel.start(model) as chat, _progress() as bars:
        lived = {
            name: _live(
                Companioned(
                    embedder,
                    voice,
                    is_asked=asked.__contains__,
                    on_answer=_counting(bars, name, len(asked)),
                ),
                scenarios,
            )
            for name, voice in ((QUOTED, None), (model, chat))
        }
    return report(model, asked, lived)


def sample(questions: Sequence[Question], number: int) -> list[Question]:
    """Return so many questions: each category by its share, evenly over time."""
    ordered = sorted(questions, key=lambda question: CATEGORIES.index(question.category))
    number = min(number, len(ordered))
    return [ordered[position * len(ordered) // number] for position in range(number)]


def report(model: str, asked: list[Question], lived: Mapping[str, Lived]) -> EvalReport:
    """Lay out what the model and memory alone got right of the same questions.

    Args:
        model: Its name, a key of ``lived``.
        asked: What was put to both.
        lived: Answers by system.
    """
    right = {
        name: mean(reply_right, asked, months.answers) or 0.0 for name, months in lived.items()
    }
    unknown = [question for question in asked if question.unanswerable]
    answers = lived[model].answers
    foreign = sum(takes_for_wearers(question, answers[question.id]) for question in asked)
    return EvalReport(
        name="day-chat",
        claim=f"Written months: replies of {model} beside memory quoted to the same questions",
        columns=("system", "measure", "all", *CATEGORIES),
        rows=(
            ("", "questions", len(asked), *counts(asked)),
            *(row for name in (model, QUOTED) for row in _rows(name, asked, lived[name])),
        ),
        verdicts={
            f"replies {MARGIN} above quoted memory": right[model] - right[QUOTED] >= MARGIN,
            f"abstains from at least {ABSTAINED_MIN} of what is unknown": not unknown
            or (mean(_abstains, unknown, answers) or 0.0) >= ABSTAINED_MIN,
            "no stranger's fact is taken for the wearer's": foreign == 0,
        },
        notes=(
            f"{len(asked)} questions, each category by its share in its life, evenly over time",
            "noted: the notes hold all gold strings of the reply; what is not noted, no reply "
            "can hold",
            "reply right, evidence and version as in `attune eval day`",
        ),
    )


def _rows(name: str, asked: list[Question], lived: Lived) -> Iterator[tuple[Cell, ...]]:
    for measure, score in MEASURES.items():
        yield name, measure, *cells(score, asked, lived)
    yield name, "noted", *cells(_noted, asked, lived)
    noted = [question for question in asked if _noted(question, lived.answers[question.id])]
    yield name, "reply right where noted", *cells(reply_right, noted, lived)
    known = [question for question in asked if question.evidence and not question.warns]
    yield name, "abstains, known", *cells(_abstains, known, lived)
    unknown = [question for question in asked if question.unanswerable]
    yield name, "abstains, unknown", *cells(_abstains, unknown, lived)
    yield name, "warns", *cells(lambda _, answer: float(answer.is_warning), asked, lived)


def _abstains(_: Question, answer: Answer) -> float:
    return float(abstained(answer))


def _noted(question: Question, answer: Answer) -> float | None:
    """Tell whether the notes hold all that a right reply holds, None where it need hold nothing."""
    if not question.holds:
        return None
    return float(all(any(holds(note, gold) for note in answer.notes) for gold in question.holds))


def _live(system: Companioned, scenarios: Sequence[Scenario]) -> Lived:
    return pooled([system.live(scenario) for scenario in scenarios])


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True))


def _counting(bars: Progress, name: str, number: int) -> _Count:
    bar = bars.add_task(name, total=number)
    return lambda _: bars.advance(bar)


def main(model: str = DEFAULT_MODEL, number: str = str(QUESTIONS_PER_LIFE), *lives: str) -> None:
    """Print the figures of another model, number or life."""
    Console(width=200).print(run(model, int(number), lives or REPORT).table())


if __name__ == "__main__":
    main(*sys.argv[1:])
