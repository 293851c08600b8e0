from __future__ import annotations

import pytest

from llm.safety.things import Thing, things_in


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("The blue rope", [("blue", "rope")]),
        ("Ida's ladder, and my saw", [("ida",), ("ladder",), ("saw",)]),
        ("the dog at number nine", [("dog",), ("number", "nine")]),
        ("at nine on Tuesday", []),
        ("WET PAINT / RAIL", [("wet", "paint"), ("rail",)]),
        ("ein gr\u00fcner B\u00e4r", [("ein", "gr\u00fcner", "b\u00e4r")]),
        ("", []),
    ],
)
def test_a_thing_is_a_run_of_words(text: str, stems: list[tuple[str, ...]]) -> None:
    assert [thing.stems for thing in things_in(text)] == stems


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("the rope", "the blue rope", True),
        ("the blue rope", "the red rope", False),
        ("the old blue rope", "the thin blue rope", True),
        ("the rope", "the ladder", False),
    ],
)
def test_a_thing_may_be_told_more_fully_but_not_differently(
    one: str, other: str, is_same: bool
) -> None:
    (first,), (second,) = things_in(one), things_in(other)
    assert first.is_same(second) is second.is_same(first) is is_same


def test_a_place_is_known_by_the_word_before_it() -> None:
    assert things_in("gas under the floorboards") == (
        Thing(("gas",)),
        Thing(("floorboard",), "under"),
    )
