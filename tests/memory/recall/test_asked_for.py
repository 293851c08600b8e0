from __future__ import annotations

import pytest

from memory.recall.asked_for import can_answer, content, differ


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What did the roof repair cost?", "The roof was repaired in June.", False),
        ("What did the roof repair cost?", "The roof repair was four hundred.", True),
        ("How much was the rent?", "One letter, one bill for the rent.", False),
        ("How many chairs do we need?", "We need twelve chairs.", True),
        ("How many chairs do we need?", "The chairs are in the hall.", False),
        ("When is the recital?", "The recital is on the third of May.", True),
        ("When is the recital?", "The recital will be lovely.", False),
        ("What colour is the new door?", "The new door is heavy.", False),
        ("What colour is the new door?", "The new door is dark green.", True),
        ("What is her phone number?", "Her phone is broken, all two of them.", False),
        ("What is her phone number?", "Her number is 555 0199.", True),
        ("How often does the bus go?", "The bus goes every half hour.", True),
        ("How long is the crossing?", "The crossing takes an hour.", True),
        ("Which day was it that the roof came off?", "There goes the roof!", True),
        ("On what date was the roof repaired?", "The roof is as good as new.", True),
        ("What day is the recital?", "The recital will be lovely.", False),
        ("Who repaired the roof?", "The roof was repaired.", True),
        ("Whom did I hear on the phone?", "A cell phone was in view.", False),
        ("So who was that?", "You looked at a person.", False),
        ("How much was it?", 'It said: SALE. You said then: "We have two of them."', False),
    ],
)
def test_an_answer_is_of_the_kind_asked_for(question: str, text: str, expected: bool) -> None:
    assert can_answer(question, text) is expected


def test_what_is_asked_for_is_not_what_it_is_about() -> None:
    assert content("How much did the wine cost?") == {"wine"}
    assert content("Who brought the wine?") == {"brought", "wine"}


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        ("How long is the crossing?", "It takes forty minutes.", "It takes an hour.", True),
        ("How much is the fee?", "It is 40.", "The fee is 45.", True),
        ("How much is the fee?", "It is fifty.", "Fifty, I think.", False),
        ("Who pays the fee?", "Two of us.", "Three of us.", False),
    ],
)
def test_two_amounts_differ(question: str, one: str, other: str, expected: bool) -> None:
    assert differ(question, one, other) is expected
