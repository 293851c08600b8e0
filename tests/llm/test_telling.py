from __future__ import annotations

from dataclasses import replace

import pytest

from llm import telling
from llm.common_ground import CommonGround
from llm.grounding import is_admission
from tests.llm.grounds import ground, weighed


@pytest.mark.parametrize(
    ("asked", "quoted"),
    [
        (weighed("Where is the tram?", 0.5, 0.8), 1),
        (weighed("Where is the tram?", 0.1, 0.2), None),
        (weighed("Where is the tram?", 0.5, 0.8, outdated=(1,)), 0),
        (weighed("Where is the tram?", 0.1, 0.8, outdated=(1,)), 0),
        (weighed("I like trams.", 0.1, 0.2), 0),
    ],
)
def test_the_likeliest_answer_that_still_holds_is_quoted(
    asked: CommonGround, quoted: int | None
) -> None:
    assert telling.best_hit(asked) == (None if quoted is None else asked.recalled[quoted])


@pytest.mark.parametrize(
    ("words", "text", "is_of_wearer"),
    [
        ("What did I play first?", 'Someone 45 said: "I started on the accordion."', False),
        ("What is my size?", 'Someone 45 said: "You take a forty."', True),
        ("What did the man tell me?", 'Someone 45 said: "I started on the accordion."', True),
        ("Where is my cup?", 'Ida said: "I put it on the shelf."', True),
        ("What do I play?", 'You said: "I play the cello."', True),
    ],
)
def test_what_a_stranger_says_of_themselves_is_not_the_wearers(
    words: str, text: str, is_of_wearer: bool
) -> None:
    asked = ground(words, text)

    reply = telling.told(asked, asked.recalled[0], None)

    assert is_admission(reply) is not is_of_wearer
    assert text[-8:] in reply


def test_the_day_is_told_where_it_is_asked_for() -> None:
    asked = ground("When did I see the heron?", "You said: A heron!")
    reply = telling.told(asked, asked.recalled[0], None)
    assert reply.endswith(": You said: A heron!")
    assert reply.startswith("On ")


@pytest.mark.parametrize(
    ("words", "one", "other", "is_told"),
    [
        ("How long is the crossing?", "It takes forty minutes.", "The crossing? An hour.", True),
        ("How long is the crossing?", "The crossing takes an hour.", "Yes, an hour.", False),
        ("Is the pump working?", "The pump is working fine.", "The pump is not working.", True),
        ("Where is the oar?", "The oar is here.", "Sign: OAR. He said: The oar is here.", False),
        ("Who mended the pump?", "I mended the pump.", "The pump was mended by Ida.", False),
    ],
)
def test_what_stands_against_a_memory_is_told_with_it(
    words: str, one: str, other: str, is_told: bool
) -> None:
    asked = ground(words, f'Ida said: "{one}"', f'You said: "{other}"')
    hit = telling.best_hit(asked)
    assert hit is not None
    against = telling.other_side(asked, hit)
    assert (against is not None) is is_told
    if against is not None:
        reply = telling.told(asked, hit, against)
        assert one in reply
        assert other in reply
        assert "But just now, " in reply


def test_what_follows_a_question_answers_for_nothing_else() -> None:
    asked = weighed("Which tram is mine?", 0.8, 0.8, 0.7)
    question, after, stated = asked.recalled
    question = replace(question, text='You asked: "Which tram is mine?"')
    told = replace(asked, recalled=(question, after, stated), sequels=((question, after),))
    assert telling.best_hit(told) == stated
    alone = replace(told, recalled=(question, after))
    assert telling.best_hit(alone) == question
    assert telling.told(alone, question, None).endswith(f"And {after.text}")
