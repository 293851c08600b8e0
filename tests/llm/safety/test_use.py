from __future__ import annotations

import pytest

from llm.safety.use import (
    is_for_oneself_only,
    is_for_others_only,
    is_planned,
    is_recalling,
    is_used,
)


@pytest.mark.parametrize(
    ("words", "used"),
    [
        ("", True),
        ("   ", True),
        ("I'll have one of these.", True),
        ("Is this all right?", True),
        ("Where did I eat this?", False),
        ("Who gave me these?", False),
        ("The weather changes.", False),
        ("J\u2019en prends", False),
    ],
)
def test_use_is_told_from_memory(words: str, used: bool) -> None:
    assert is_used(words) is used


@pytest.mark.parametrize(
    ("words", "recalled"),
    [
        ("When did I take it?", True),
        ("So, where was that?", True),
        ("What did Ida say?", True),
        ("What about this one?", False),
        ("I'll have what she had.", False),
        ("", False),
    ],
)
def test_asking_for_the_past_begins_nothing(words: str, recalled: bool) -> None:
    assert is_recalling(words) is recalled


@pytest.mark.parametrize(
    ("words", "planned"),
    [
        ("I'll light the stove.", True),
        ("I\u2019m off to the pond.", True),
        ("A dozen oysters, why not?", True),
        ("The stove was lit.", False),
        ("Lovely weather.", False),
    ],
)
def test_a_plan_is_told_from_a_remark(words: str, planned: bool) -> None:
    assert is_planned(words) is planned


@pytest.mark.parametrize(
    ("words", "others", "oneself"),
    [
        ("I'll give Ida some of this.", True, False),
        ("Can he have a biscuit?", True, False),
        ("I'll have it myself.", False, True),
        ("I'll have one and give Ida one.", False, False),
        ("Lovely.", False, False),
    ],
)
def test_for_whom_it_is(words: str, others: bool, oneself: bool) -> None:
    assert (is_for_others_only(words), is_for_oneself_only(words)) == (others, oneself)
