from __future__ import annotations

import itertools

import pytest

from llm.cues import read_question
from llm.versions import newest_first
from memory.records import Hit, Kind
from memory.units import DAY_NS


def hits(*told: str) -> list[Hit]:
    return [
        Hit(Kind.UTTERANCE, number, number * DAY_NS, text, 1.0, None, ())
        for number, text in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("question", "older", "newer", "is_outdated"),
    [
        ("When is the recital?", 'Ida said: "The recital is at five."',
         'Ida said: "The recital is at six."', True),
        ("When is the recital?", 'Ida said: "The recital is at five."',
         'Bo said: "The recital is at six."', False),
        ("When is the recital?", 'Ida said: "The recital is at five."',
         'Bo said: "They moved the recital to six."', True),
        ("Where is the ladder?", 'You said: "The ladder is in the shed."',
         'Bo said: "I moved your ladder to the cellar."', True),
        ("Is the shop open?", 'Ida said: "The shop is open."',
         'Bo said: "The shop is open."', False),
        ("What did Ida say about the recital?", 'Ida said: "The recital is at five."',
         'Ida said: "The recital is at six."', False),
        ("When is the recital?", 'Ida said: "The recital is at five."',
         'Ida said: "The soup is at six."', False),
    ],
)  # fmt: skip
def test_what_was_said_last_of_a_thing_counts(
    question: str, older: str, newer: str, is_outdated: bool
) -> None:
    told = hits(older, newer)
    asked = read_question(question, [], (), "", 0)
    ordered, outdated = newest_first(told, asked)
    assert outdated == ((told[0],) if is_outdated else ())
    assert ordered == (tuple(reversed(told)) if is_outdated else tuple(told))


def test_the_order_in_which_versions_are_recalled_does_not_matter() -> None:
    told = hits(*(f'Ida said: "The recital is at {hour}."' for hour in ("five", "six", "seven")))
    asked = read_question("When is the recital?", [], (), "", 0)
    for order in itertools.permutations(told):
        ordered, outdated = newest_first(order, asked)
        assert ordered[0] == told[2]
        assert set(outdated) == set(told[:2])


def test_without_the_newer_version_the_older_one_holds_again() -> None:
    older, _ = hits('Ida said: "The recital is at five."', 'Ida said: "The recital is at six."')
    asked = read_question("When is the recital?", [], (), "", 0)
    assert newest_first([older], asked) == ((older,), ())
