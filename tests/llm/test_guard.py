from __future__ import annotations

import pytest

from llm.guard import speaks_for_another


@pytest.mark.parametrize(
    "sentence",
    [
        "I felt moved by what I saw.",
        "I'm a lecturer at the harbour school.",
        "It is not mine.",
        "You met my neighbour.",
        "I took the cup.",
    ],
)
def test_the_companion_did_none_of_that(sentence: str) -> None:
    assert speaks_for_another(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I don't know his name.",
        "I am sorry to hear that.",
        "I think it was the harbour.",
        "You told me that it is broken.",
        'He said: "I\'m a lecturer."',
        "He said 'I love my boat' twice.",
        "You took your cup.",
        "I\u2019ll be quiet.",
    ],
)
def test_the_companion_may_say_so_of_itself(sentence: str) -> None:
    assert not speaks_for_another(sentence)
