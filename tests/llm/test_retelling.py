from __future__ import annotations

import pytest

from llm.retelling import retold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'You said: "I\'m leaving these plums in my shed."',
            "You said you were leaving the plums in your shed.",
        ),
        ('You said: "I am allergic to nuts."', "You said you are allergic to nuts."),
        ('You said: "My key hangs behind the door."', "You said your key hangs behind the door."),
        ('Irma said: "I\'m a potter in Bergen."', "Irma is a potter in Bergen."),
        ('Irma said: "Well, I teach pottery."', "Irma teaches pottery."),
        ("On the tin you looked at was written: PLUMS / 450 g", "It said PLUMS, 450 g."),
        (
            'In view was written: EXIT. You said then: "I\'m going home."',
            "It said EXIT.",
        ),
    ],
)
def test_a_memory_is_told_to_the_wearer(text: str, expected: str) -> None:
    assert retold(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'You said: "I\'m meeting Jon tomorrow."',
        'You said: "I owe you ten euros."',
        'You said: "We are going home."',
        'You said: "The kettle is broken."',
        'You said of Irma: "She is my sister."',
        'Irma said: "I\'m tired, my feet hurt."',
        'Irma said: "I gave it to Jon."',
        'Irma said: "I\'m a potter. I live in Bergen."',
        'Irma asked: "Am I late?"',
        "You looked at a tin.",
        "On the page was written: " + "word " * 30,
    ],
)
def test_what_would_change_its_meaning_is_left_in_its_own_words(text: str) -> None:
    assert retold(text) is None
