from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.sample.script import script
from app.transcript import Question, read_questions, scene_at, written
from app.turns import Answered
from llm.turn import Origin, TurnReport, TurnTimings
from memory.records import Kind, Source
from memory.store import Memory
from tests.conftest import REPOSITORY

QUESTIONS = REPOSITORY / "docs" / "conversation.toml"
TRANSCRIPT = REPOSITORY / "docs" / "conversation.md"
S = 1_000_000_000


def blocks() -> dict[str, str]:
    """The transcript's replies by their questions."""
    lines = TRANSCRIPT.read_text("utf-8").splitlines()
    asked = {n: line.split(" — ")[1] for n, line in enumerate(lines) if " — " in line}
    return {words: lines[n + 2] for n, words in asked.items()}


def test_the_committed_transcript_answers_the_committed_questions_rightly() -> None:
    asked, replies = read_questions(QUESTIONS), blocks()
    assert len(asked) >= 15
    words = [question.words for question in asked]
    assert [typed for typed in replies if typed in words] == words
    for question in asked:
        reply = replies[question.words]
        assert reply.startswith("> ")
        assert all(gold.casefold() in reply.casefold() for gold in question.holds), reply


@pytest.mark.parametrize(
    "text",
    [
        "question = []",
        '[[question]]\nat = 09:00:02\nwords = "Who?"\n[[question]]\nat = 09:00:01\nwords = "When?"',
        '[[question]]\nat = 09:00:02\nwords = "Who?"\nanswer = "Jon"',
        '[[question]]\nwords = "Who?"',
    ],
)
def test_a_list_that_cannot_be_asked_in_its_order_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "questions.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ValidationError):
        read_questions(file)


def test_a_scene_is_what_the_recording_shows() -> None:
    day = script()
    assert scene_at(day, day.start_ns) == day.clips[0].description
    assert scene_at(day, day.start_ns + day.duration_ns - 1) == day.clips[-1].description
    assert "off" in scene_at(day, day.start_ns + day.duration_ns)


def test_an_exchange_is_written_with_what_it_rests_on(empty: Memory) -> None:
    person = empty.wearer()
    fact = empty.add_fact("You keep bees.", script().start_ns, person.id)
    question = Question.model_validate({"at": "19:30:00", "words": "What do I keep?", "why": True})
    turn = empty.add_turn(
        question.t_ns, question.words, "You keep bees.", (Source(Kind.FACT, fact.id),)
    )
    report = TurnReport(Origin.MODEL, turn.sources, TurnTimings(), None, True, turn.id)
    answered = Answered(question.t_ns, turn.asked, turn.replied, is_spoken=False, report=report)
    lines = written(empty, [answered], [question], "a model").splitlines()
    assert "19:30:00 — What do I keep?" in lines
    assert "> You keep bees." in lines
    assert "  * 10 hours ago: You keep bees." in lines
