from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from datetime import datetime

import pytest

from evals.data.scenario import SECOND_NS, Doing, Happening, Question, Scenario, read_lives
from evals.day import CATEGORIES
from evals.day_chat import QUOTED, report, sample
from evals.day_systems import Answer, Companioned, Lived
from evals.report import Cell, EvalReport
from llm.chat.model import Message
from llm.grounding import UNKNOWN

MODEL = "model"


class Echo:
    """A model that says the words of its first note."""

    name = "echo"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Generator[str]:
        self.asked.append(messages[-1].content)
        yield messages[-1].content.split("'")[1]

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def month() -> Scenario:
    [scenario] = read_lives(["joiner"])
    return scenario


def question(number: int, **gold: object) -> Question:
    fields = {"words": "When is it?", "category": "fact", **gold}
    return Question(str(number), datetime(2026, 3, 2, 9), **fields)  # type: ignore[arg-type]


def row(done: EvalReport, system: str, measure: str) -> dict[str, Cell]:
    cells = next(row for row in done.rows if row[:2] == (system, measure))
    return dict(zip(done.columns, cells, strict=True))


def test_a_sample_holds_each_category_by_its_share_over_the_whole_time(month: Scenario) -> None:
    chosen = sample(month.questions, 30)

    assert len(set(chosen)) == 30
    every, taken = (Counter(str(q.category) for q in qs) for qs in (month.questions, chosen))
    for category in CATEGORIES:
        assert abs(taken[category] - 30 * every[category] / len(month.questions)) < 1
    times = sorted(q.at_ns for q in month.questions)
    assert min(q.at_ns for q in chosen) < times[len(times) // 5]
    assert max(q.at_ns for q in chosen) > times[-len(times) // 5]
    assert set(sample(month.questions[:3], 30)) == set(month.questions[:3])


def test_only_what_is_asked_is_put_to_the_model() -> None:
    first, second = question(1, words="When is the rehearsal?"), question(2)
    start_ns = first.at_ns - 60 * SECOND_NS
    told = Happening("t", Doing.SAYS, start_ns, start_ns + SECOND_NS, "The rehearsal is at six.")
    chat, counted = Echo(), list[Question]()
    system = Companioned(chat=chat, is_asked={first}.__contains__, on_answer=counted.append)

    lived = system.live(Scenario("life", {}, (told,), (first, second)))

    assert lived.answers["1"].reply == "The rehearsal is at six."
    assert set(lived.answers) == {"1"}
    assert counted == [first]
    assert len(chat.asked) == 1


def test_model_and_quoted_memory_stand_beside_each_other() -> None:
    known = question(1, holds=("Sunday",), evidence=("e",))
    unnoted = question(2, holds=("noon",), evidence=("f",))
    unknown = question(3, category="unanswerable", unanswerable=True)
    notes = ("It is on Sunday.",)
    lived = {
        MODEL: Lived(
            {
                "1": Answer(notes, (frozenset({"e"}),), "On Sunday."),
                "2": Answer((), (), UNKNOWN),
                "3": Answer((), (), UNKNOWN),
            }
        ),
        QUOTED: Lived({key: Answer(notes, (), "It is raining.", True) for key in "123"}),
    }

    done = report(MODEL, [known, unnoted, unknown], lived)

    assert row(done, "", "questions")["all"] == 3
    assert row(done, MODEL, "reply right")["all"] == pytest.approx(2 / 3)
    assert row(done, QUOTED, "reply right")["all"] == 0.0
    assert row(done, MODEL, "noted")["fact"] == 0.5
    assert row(done, MODEL, "reply right where noted")["fact"] == 1.0
    assert row(done, MODEL, "abstains, known")["all"] == 0.5
    assert row(done, MODEL, "abstains, unknown")["all"] == 1.0
    assert row(done, QUOTED, "abstains, unknown")["unanswerable"] == 0.0
    assert row(done, QUOTED, "warns")["all"] == 1.0
    assert all(done.verdicts.values())


def test_a_strangers_fact_breaks_the_verdict() -> None:
    bees = question(1, category="stranger", unanswerable=True, strangers=("bees",))
    told = Lived({"1": Answer((), (), "You keep bees.")})

    done = report(MODEL, [bees], {MODEL: told, QUOTED: told})

    assert [what for what, ok in done.verdicts.items() if not ok] == list(done.verdicts)
