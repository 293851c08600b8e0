from __future__ import annotations

import pytest

from llm.sustained import EVERY_NS, SustainedAttention

S = 1_000_000_000


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("", None),
        ("c c c c", None),
        ("c c c c c", "c"),
        ("c b c b c", "c"),
        ("c b b b c", None),
        ("b b b b b b c c c c c c", "c"),
        ("c c c c c c b", None),
    ],
)
def test_attention_that_stays_has_a_topic(labels: str, expected: str | None) -> None:
    attention = SustainedAttention()
    for number, label in enumerate(labels.split()):
        attention.see(number * EVERY_NS, label)
    assert attention.topic(len(labels.split()) * EVERY_NS) == expected


def test_a_glance_many_times_a_second_is_one_look() -> None:
    attention = SustainedAttention()
    for number in range(300):
        attention.see(number * S // 10, "cup")
    assert attention.topic(30 * S) is None


def test_attention_fades() -> None:
    attention = SustainedAttention()
    for number in range(10):
        attention.see(number * EVERY_NS, "cup")
    assert attention.topic(100 * S) == "cup"
    assert attention.topic(220 * S) == "cup"
    assert attention.topic(230 * S) is None


@pytest.mark.weights
def test_close_meanings_are_one_topic() -> None:
    from memory.recall.embedding import Mpnet

    attention = SustainedAttention(Mpnet())
    for number, label in enumerate(["a cup of coffee", "coffee cup", "cup of coffee"] * 2):
        attention.see(number * EVERY_NS, label)
    assert attention.topic(60 * S) == "cup of coffee"
    for number, label in enumerate(["bench", "a lamp", "bench", "a lamp", "river"] * 2, 6):
        attention.see(number * EVERY_NS, label)
    assert attention.topic(160 * S) is None
