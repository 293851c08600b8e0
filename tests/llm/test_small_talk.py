from __future__ import annotations

import pytest

from llm.companion import Companion
from llm.context import CurrentContext
from llm.small_talk import BY_HAND, polite_answer
from llm.turn import Origin
from memory.records import Kind
from memory.store import Memory
from tests.llm.conftest import END_NS


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Good evening.", "Good evening."),
        ("Hello, Attune!", "Hello."),
        ("Thank you very much.", "You're welcome."),
        ("Okay, thanks.", "You're welcome."),
        ("Thanks for that", "You're welcome."),
        ("Good night", "Good night."),
        ("Never mind.", "All right."),
        ("Forget it.", "All right."),
        ("Forget that.", BY_HAND),
        ("Please delete everything.", BY_HAND),
        ("Can you hear me?", "Yes, I'm here."),
        ("What is his name?", None),
        ("What is good to know about Irma?", None),
        ("Hello Irma, where is the crate?", None),
        ("I forgot that.", None),
        ("Thank Irma for the plums.", None),
        ("", None),
    ],
)
def test_only_politeness_is_answered_politely(words: str, expected: str | None) -> None:
    assert polite_answer(words) == expected


def test_a_word_deletes_nothing(memory: Memory) -> None:
    before = memory.counts()
    reply = list(Companion(memory, None).reply("Forget that.", CurrentContext(END_NS), END_NS))
    assert [(s.text, s.origin) for s in reply] == [(BY_HAND, Origin.RULE)]
    changed = {kind for kind, count in memory.counts().items() if count != before[kind]}
    assert changed == {Kind.TURN}
