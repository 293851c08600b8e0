from __future__ import annotations

import pytest

from llm.safety.allergies import article, cautions
from tests.llm.safety.statements import fact, situation

NUTS = fact("allergy:nuts", 'You said: "I\'m allergic to nuts."')
IDA = fact("allergy:nuts", 'Ida said: "I\'m allergic to nuts."', "Ida", "Ida")
SON = fact("son: allergy:nuts", 'You said: "My son is allergic to nuts."')


def test_what_one_cannot_have_is_told_with_the_fact() -> None:
    (caution,) = cautions([NUTS], situation("I'll have this.", writing=("HAZELNUT WAFER",)), "")
    assert caution.text.startswith(
        "Careful: you cannot tolerate nuts, and the writing in view says"
    )
    assert [source.id for source in caution.sources] == [NUTS.id]


@pytest.mark.parametrize(
    ("words", "writing"),
    [
        ("I'll have this.", ()),
        ("I'll have this.", ("NUT-FREE WAFER",)),
        ("I'll have this.", ("COCONUT",)),
        ("Where was that shop?", ("HAZELNUT WAFER",)),
        ("Am I allergic to nuts?", ()),
        ("", ()),
        ("\u00c7a va?", ("caf\u00e9 cr\u00e8me",)),
    ],
)
def test_what_holds_none_or_is_not_to_be_eaten_is_not_told(
    words: str, writing: tuple[str, ...]
) -> None:
    assert list(cautions([NUTS], situation(words, writing=writing), "")) == []


@pytest.mark.parametrize("value", ["no", "yes"])
def test_a_denied_allergy_is_none(value: str) -> None:
    denied = fact("allergy:nuts", 'You said: "I\'m not allergic to nuts."', value=value)
    shown = situation("I'll have this.", writing=("HAZELNUT",))
    assert bool(list(cautions([denied], shown, ""))) is (value == "yes")


@pytest.mark.parametrize(
    ("words", "people", "whose"),
    [
        ("I'll give Ida one of these.", (), "Ida"),
        ("Have one of these!", ("Ida",), "Ida"),
        ("I'll have one of these.", ("Ida",), ""),
        ("I'll give Bo one of these.", (), ""),
    ],
)
def test_the_allergy_of_another_counts_where_they_are_meant(
    words: str, people: tuple[str, ...], whose: str
) -> None:
    found = list(cautions([IDA], situation(words, people=people, writing=("HAZELNUT",)), ""))
    assert [caution.text.split(" cannot")[0] for caution in found] == (
        [f"Careful: {whose}"] if whose else []
    )


def test_those_close_to_the_wearer_are_called_theirs() -> None:
    (caution,) = cautions([SON], situation("I'll give my son praline."), "")
    assert "your son cannot tolerate nuts" in caution.text


def test_a_strangers_word_about_others_is_not_taken() -> None:
    rumour = fact(
        "bo: allergy:nuts", 'someone said: "Bo is allergic to nuts."', "someone", "someone"
    )
    assert list(cautions([rumour], situation("I'll give Bo praline."), "")) == []


def test_the_reply_is_held_against_it_too() -> None:
    (caution,) = cautions([NUTS], situation("What could I eat?"), "You could try the praline.")
    assert 'my answer speaks of "praline"' in caution.text
    assert list(cautions([NUTS], situation("What was it?"), 'Ida said: "Try the praline."')) == []


def test_no_facts_no_warning() -> None:
    assert list(cautions([], situation("I'll have the praline."), "")) == []


@pytest.mark.parametrize(
    ("label", "word"), [("apple", "an"), ("Egg", "an"), ("car", "a"), ("", "a")]
)
def test_the_article_goes_with_the_word(label: str, word: str) -> None:
    assert article(label) == word
