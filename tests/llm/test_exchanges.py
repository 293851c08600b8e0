from __future__ import annotations

from llm.common_ground import gather
from llm.companion import Companion
from llm.context import CurrentContext
from memory.store import Memory
from tests.llm.conftest import END_NS, said

IDA = 3


def replied(memory: Memory, words: str) -> str:
    memory.consolidate(END_NS)
    spoken = Companion(memory, None).reply(words, CurrentContext(END_NS), END_NS)
    return " ".join(sentence.text for sentence in spoken)


def test_a_question_is_told_with_its_answer(memory: Memory) -> None:
    said(memory, 200, "Who has got the tall ladder?", 4)
    said(memory, 205, "It went to the Beckers.", IDA)
    reply = replied(memory, "Who has the tall ladder?")
    assert "the tall ladder?" in reply
    assert "went to the Beckers" in reply


def test_what_is_said_against_it_at_once_is_told_with_it(memory: Memory) -> None:
    said(memory, 200, "The beam is four metres long.", IDA)
    said(memory, 205, "Mine reads three metres ten.", 1, is_wearer=True)
    reply = replied(memory, "How long is the beam?")
    assert "four metres" in reply
    assert "But" in reply
    assert "three metres ten" in reply


def test_who_answers_much_later_answers_something_else(memory: Memory) -> None:
    said(memory, 200, "Who has got the tall ladder?", IDA)
    said(memory, 240, "The soup is hot.", 4)
    assert "soup" not in replied(memory, "Who has the tall ladder?")


def test_what_is_said_now_answers_nothing(memory: Memory) -> None:
    words = "I live above the ladder shop. Who lives above the ladder shop?"
    said(memory, 297, words, 1, is_wearer=True)
    memory.consolidate(END_NS)
    assert not gather(memory, CurrentContext(END_NS), words, END_NS).recalled
