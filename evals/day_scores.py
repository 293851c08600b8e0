"""How good an answer is, by gold strings and gold evidence alone: no model judges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from evals.data.scenario import Question, holds
from evals.day_systems import Answer
from llm.grounding import is_admission

Score = Callable[[Question, Answer], float | None]

_QUOTATION = re.compile(r'"[^"]*"')
_BY_SOMEBODY_ELSE = re.compile(
    r"\b(?!you\b)\w+ (?:said|says|told|mentioned|claimed)\b", re.IGNORECASE
)


def evidence(question: Question, answer: Answer) -> float | None:
    """Return which share of the evidence the notes show, None where there is none to show."""
    if not question.evidence:
        return None
    found = set().union(*answer.shown) & set(question.evidence)
    if question.any_evidence:
        return float(bool(found))
    return len(found) / len(question.evidence)


def reply_right(question: Question, answer: Answer) -> float | None:
    """Tell whether the reply is right, None where no string could tell.

    It abstains where nothing is known, warns where it must, and otherwise holds what it should and
    none of what it should not.
    """
    if question.unanswerable:
        return float(abstained(answer))
    wanted = (*question.holds, *question.warns)
    if not wanted and not question.lacks:
        return None
    is_wrong = any(holds(answer.reply, gold) for gold in question.lacks)
    return float(not is_wrong and all(holds(answer.reply, gold) for gold in wanted))


def right_version(question: Question, answer: Answer) -> float | None:
    """Tell whether the notes name what holds now, and before anything that no longer does.

    None where the question has no wrong version.
    """
    if not (question.holds and question.lacks):
        return None
    right = [all(holds(note, gold) for gold in question.holds) for note in answer.notes]
    wrong = [any(holds(note, gold) for gold in question.lacks) for note in answer.notes]
    outdated = [w and not r for r, w in zip(right, wrong, strict=True)]
    if True not in right:
        return 0.0
    return float(True not in outdated or right.index(True) < outdated.index(True))


def abstained(answer: Answer) -> bool:
    """Tell whether a reply admits, in its own words, not to know."""
    return is_admission(_QUOTATION.sub("", answer.reply))


def takes_for_wearers(question: Question, answer: Answer) -> bool:
    """Tell whether a note or the reply has as the wearer's own what a stranger said."""
    return any(
        holds(text, gold) and not _BY_SOMEBODY_ELSE.search(text)
        for text in (*answer.notes, answer.reply)
        for gold in question.strangers
    )


def mean(
    score: Score, questions: Iterable[Question], answers: Mapping[str, Answer]
) -> float | None:
    """Return the mean of a score over the questions that it applies to, None without any."""
    values = [score(question, answers[question.id]) for question in questions]
    counted: Sequence[float] = [value for value in values if value is not None]
    return sum(counted) / len(counted) if counted else None
