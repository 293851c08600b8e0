from __future__ import annotations

import pytest

from llm.companion import Companion
from llm.context import CurrentContext
from llm.initiative import Remark
from llm.why import WITHOUT_MEMORY, explain, is_why, last_turn
from memory.records import Kind, Selection, Source
from memory.store import Memory
from tests.llm.conftest import END_NS, S

NOW = CurrentContext(END_NS)


def ask(memory: Memory, words: str, at_s: int = 0) -> str:
    sentences = Companion(memory, None).reply(words, NOW, END_NS + at_s * S)
    return " ".join(sentence.text for sentence in sentences)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Why did you say that?", True),
        ("How do you know?", True),
        ("What makes you say so?", True),
        ("Who told you that?", True),
        ("Why that?", True),
        ("Why did Irma say that?", False),
        ("Why is the shop closed?", False),
        ("Do you know the way?", False),
    ],
)
def test_a_question_for_reasons(words: str, expected: bool) -> None:
    assert is_why(words) is expected


def test_the_reasons_are_the_memories_word_for_word(memory: Memory) -> None:
    ask(memory, "Where does Irma work?")
    reasons = ask(memory, "Why did you say that?", 5)
    assert reasons.startswith("Because ")
    assert "Irma Sand said" in reasons
    assert "harbour office" in reasons
    assert "minutes ago" in reasons
    why = memory.turns()[-1]
    assert why.sources == memory.turns()[0].sources
    assert ask(memory, "How do you know?", 9) == reasons, "it is not about itself"


def test_what_rests_on_no_memory_says_so(memory: Memory) -> None:
    ask(memory, "Which tram goes to Ghent?")
    assert ask(memory, "Why did you say that?", 5) == WITHOUT_MEMORY


def test_what_was_forgotten_is_no_reason(memory: Memory) -> None:
    turn = memory.add_turn(END_NS, "Who is here?", "Irma.", (Source(Kind.UTTERANCE, 999),))
    assert explain(memory, turn).evidence == ()
    memory.forget(Selection(everything=True))
    assert last_turn(memory, END_NS + S) is None


def test_something_said_unasked_has_its_reason_too(memory: Memory) -> None:
    remark = Remark("5 minutes ago you said something.", (Source(Kind.UTTERANCE, 1),))
    (said,) = Companion(memory, None).volunteer(remark, END_NS)
    assert said.text == remark.text
    (turn,) = memory.turns()
    assert (turn.asked, turn.replied) == ("", remark.text)
    assert "garden shed" in ask(memory, "Why did you say that?", 5)


def test_a_command_is_acknowledged_and_kept(memory: Memory) -> None:
    assert ask(memory, "Keep quiet.") == "All right, I'll be quiet."
    assert memory.turns()[0].asked == "Keep quiet."
