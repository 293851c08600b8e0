from __future__ import annotations

import pytest

from llm.companion import Companion
from llm.context import CurrentContext
from llm.initiative import Remark
from llm.turn import Origin
from llm.why import WITHOUT_MEMORY, explain, is_why, last_turn
from memory.records import Kind, Selection, Source
from memory.store import Memory
from perception.events import Box, SnippetOpened, TextSeen
from tests.llm.conftest import END_NS, START_NS, S, Writes

NOW = CurrentContext(END_NS)
SIGN = ("QUAY CLOSED", "FRIDAY 9 - 17")


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


def test_writing_is_shown_with_when_it_was_read_and_its_moment(memory: Memory) -> None:
    box = Box(100.0, 100.0, 200.0, 100.0)
    t_ns = START_NS + 290 * S
    memory.record(SnippetOpened(t_ns + S, t_ns))
    lines = [memory.record(TextSeen(t_ns + 2 * S, text, box, 0.95, True)) for text in SIGN]
    for line in filter(None, lines):
        turn = memory.add_turn(END_NS, "What did the sign say?", "The quay is closed.", (line,))
        (hit,) = explain(memory, turn).evidence
        assert all(text in hit.text for text in SIGN)
        assert hit.t_ns == t_ns + 2 * S
        moment = hit.moment_id
        assert moment is not None
        assert memory.moment(moment).start_ns == t_ns


def test_a_reply_from_writing_in_view_rests_on_it(memory: Memory) -> None:
    t_ns = END_NS - 5 * S
    box = Box(100.0, 100.0, 200.0, 100.0)
    for number, text in enumerate(SIGN):
        memory.record(TextSeen(t_ns + number, text, box, 0.95, True))
    context = CurrentContext(END_NS, writing=SIGN)
    companion = Companion(memory, Writes("The quay is closed on Friday."))
    ask(memory, "Where does Irma work?", -9)
    said = list(companion.reply("Is the harbour office open on Friday?", context, END_NS))
    assert [sentence.origin for sentence in said] == [Origin.MODEL]
    (hit,) = explain(memory, memory.turns()[-1]).evidence
    assert "QUAY CLOSED" in hit.text
