from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.facts.profile import told_by_speaker, told_of_other
from memory.records import Category
from tests.memory.facts.profile_sentences import lasting, nothing


@pytest.mark.parametrize(("category", "slot", "sentence"), lasting()[::2])
def test_what_lasts_is_read_with_its_kind(category: str, slot: str, sentence: str) -> None:
    readings = [told.reading for told in told_by_speaker(sentence)]
    assert Category(category) in {reading.category for reading in readings}
    assert not slot or slot in {reading.slot for reading in readings}


@pytest.mark.parametrize("sentence", nothing()[::2])
def test_what_does_not_last_is_no_fact(sentence: str) -> None:
    assert told_by_speaker(sentence) == ()


def test_sentences_held_out_are_read_as_well() -> None:
    """Precision and recall of sentences that the rules were not made for."""
    told = [(row, told_by_speaker(row[2])) for row in lasting()[1::2]]
    found = [(row, readings) for row, readings in told if readings]
    junk = [sentence for sentence in nothing()[1::2] if told_by_speaker(sentence)]
    right = [row for row, readings in found if row[0] in {t.reading.category for t in readings}]
    assert len(found) / len(told) >= 0.9
    assert len(found) / (len(found) + len(junk)) >= 0.95
    assert len(right) / len(found) >= 0.95


@pytest.mark.parametrize(
    ("sentence", "slots"),
    [
        ("I live in Leeds and I work as a nurse.", {"lives in", "works as"}),
        ("I like tea, but I don't like coffee.", {"likes:tea", "likes:coffee"}),
    ],
)
def test_a_sentence_may_tell_two_things(sentence: str, slots: set[str]) -> None:
    assert {told.reading.slot for told in told_by_speaker(sentence)} == slots


@pytest.mark.parametrize(
    ("sentence", "is_update"),
    [
        ("I moved to Leeds.", True),
        ("No, I live in Leeds now.", True),
        ("I don't like coffee any more.", True),
        ("I live in Leeds.", False),
        ("I don't like coffee.", False),
    ],
)
def test_a_change_is_told_apart_from_a_statement(sentence: str, is_update: bool) -> None:
    (told,) = told_by_speaker(sentence)
    assert told.reading.is_update is is_update


@pytest.mark.parametrize(
    ("sentence", "category", "slot"),
    [
        ("He is my neighbour.", Category.RELATIONSHIP, ""),
        ("This is my cousin Bo.", Category.RELATIONSHIP, ""),
        ("She's allergic to nuts.", Category.SAFETY, "allergy:nuts"),
        ("He lives in Tartu.", Category.BACKGROUND, "lives in"),
        ("She's a vet.", Category.BACKGROUND, "works as"),
        ("Her name is Irma.", Category.BACKGROUND, "name"),
    ],
)
def test_a_remark_tells_about_the_person_in_view(
    sentence: str, category: Category, slot: str
) -> None:
    (reading,) = told_of_other(sentence)
    assert (reading.category, reading.slot) == (category, slot)


@pytest.mark.parametrize(
    "sentence",
    ["Is he my neighbour?", "The hedge is his.", "He is over there.", "She said she likes it.",
     "He is late again.", "Maybe she is a vet."],
)  # fmt: skip
def test_a_passing_remark_tells_nothing(sentence: str) -> None:
    assert told_of_other(sentence) == ()


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    told_by_speaker(text)
    told_of_other(text)
