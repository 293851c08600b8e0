from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from memory.records import Fact, MemoryStoreError, Selection
from memory.store import Memory
from perception.events import Utterance
from tests.memory.day import START, URI, S, at, open_memory, said


def _record(memory: Memory, *utterances: Utterance) -> None:
    memory.begin(URI, START)
    for utterance in utterances:
        memory.record(utterance)


def _history(memory: Memory) -> list[tuple[str, int, int | None, int]]:
    return [(f.text, f.valid_from_ns, f.valid_until_ns, len(f.sources)) for f in memory.facts()]


def _open(memory: Memory) -> list[str]:
    return [fact.text for fact in memory.facts() if fact.valid_until_ns is None]


def _quote(text: str) -> str:
    return f'You said: "{text}"'


def test_a_change_closes_the_old_fact(memory: Memory) -> None:
    _record(memory, said(0, 2, "I live in York."), said(50, 52, "I moved to Leeds."))
    assert _history(memory) == [
        (_quote("I live in York."), at(0), at(50), 1),
        (_quote("I moved to Leeds."), at(50), None, 1),
    ]
    assert memory.contradictions() == []


def test_a_change_within_one_breath_closes_the_old_fact(memory: Memory) -> None:
    _record(memory, said(0, 4, "I live in York. No, I moved to Leeds."))
    assert _open(memory) == [_quote("No, I moved to Leeds.")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("I like coffee.", "I don't like coffee any more."),
        ("I work at the bank.", "I quit my job at the bank."),
        ("I take ibuprofen for my back.", "I stopped taking ibuprofen."),
        ("I'm 34.", "I'm 35."),
        ("I'm married to Tom.", "Tom and I broke up."),
        ("My dentist appointment is at three.", "My dentist appointment was moved to Monday."),
        ("I'm allergic to strawberries.", "I'm not allergic to strawberries any more."),
        ("Maya lives in Tartu.", "Maya moved to Riga."),
    ],
)  # fmt: skip
def test_what_changed_holds_no_longer(memory: Memory, before: str, after: str) -> None:
    _record(memory, said(0, 2, before), said(50, 52, after))
    assert _open(memory) == [_quote(after)]
    assert memory.contradictions() == []


def test_the_wearer_against_himself_stays_open_and_is_shown(memory: Memory) -> None:
    _record(memory, said(0, 2, "I live in York."), said(50, 52, "I live in Leeds."))
    (shown,) = memory.contradictions()
    assert (shown.subject, shown.slot) == ("wearer", "lives in")
    assert [fact.value for fact in shown.facts] == ["york", "leeds"]
    assert len(_open(memory)) == 2


def test_two_speakers_who_disagree_are_both_kept(memory: Memory) -> None:
    _record(
        memory,
        said(0, 2, "Hello, my name is Maya. I live in Riga.", "voice-1"),
        said(50, 52, "Maya moved to Tartu."),
    )
    (shown,) = memory.contradictions()
    assert {fact.value for fact in shown.facts} == {"riga", "tartu"}
    assert {fact.said_by for fact in shown.facts} == {"Maya", "wearer"}


def test_two_of_one_name_stay_two(memory: Memory) -> None:
    _record(
        memory,
        said(0, 2, "Hello, my name is Maya. I live in Riga.", "voice-1"),
        said(10, 12, "Hello, my name is Maya. I live in Tartu.", "voice-2"),
        said(50, 52, "Maya lives in Ghent."),
    )
    assert memory.contradictions() == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("I don't live in York any more.", "I live in Leeds."),
        ("I live in York.", "I live in an old mill."),
        ("I used to live in York.", "I live in Leeds."),
        ("My sister lives in York.", "My sister lives in Leeds."),
        ("I like tea.", "I like coffee."),
    ],
)
def test_what_can_both_be_true_is_no_contradiction(memory: Memory, one: str, two: str) -> None:
    _record(memory, said(0, 2, one), said(50, 52, two))
    assert memory.contradictions() == []


def test_what_was_said_in_one_breath_goes_together(memory: Memory) -> None:
    _record(memory, said(0, 2, "I'm a baker."), said(50, 54, "I'm a baker. I'm a poet."))
    assert {fact.value for fact in memory.facts()} == {"baker", "poet"}
    assert memory.contradictions() == []


SAID = (
    said(0, 2, "I live in York."),
    said(50, 52, "I moved to Leeds."),
    said(100, 102, "I live in York."),
    said(150, 152, "I live in York."),
    said(200, 202, "We moved to Oslo in May."),
)


@pytest.mark.parametrize("order", list(permutations(range(len(SAID))))[::17])
def test_the_order_of_recordings_does_not_matter(tmp_path: Path, order: Sequence[int]) -> None:
    with open_memory(tmp_path) as memory:
        for number in order:
            recording_id = memory.begin(f"recording:/{number}", START + number)
            memory.record(SAID[number])
            memory.end(recording_id, at(300))
        assert _history(memory) == [
            (_quote("I live in York."), at(0), at(50), 1),
            (_quote("I moved to Leeds."), at(50), at(200), 1),
            (_quote("I live in York."), at(100), at(200), 2),
            (_quote("We moved to Oslo in May."), at(200), None, 1),
        ]


def test_forgetting_a_change_lets_the_old_fact_hold_again(memory: Memory) -> None:
    _record(memory, *SAID[:3])
    memory.forget(Selection(start_ns=at(40), end_ns=at(60)))
    assert _history(memory) == [(_quote("I live in York."), at(0), None, 2)]


def test_a_fact_forgotten_in_part_tells_nothing_of_what_went(memory: Memory) -> None:
    _record(memory, said(0, 2, "I live in York."), said(50, 52, "I live in York."))
    memory.forget(Selection(end_ns=at(10)))
    assert _history(memory) == [(_quote("I live in York."), at(50), None, 1)]


def test_forgetting_a_correction_lets_the_old_fact_hold_again(memory: Memory) -> None:
    _record(memory, said(0, 2, "I live in York."))
    memory.correct_fact(memory.facts()[0].id, "You live in Leeds.", at(90))
    memory.forget(Selection(start_ns=at(80), end_ns=at(100)))
    assert _history(memory) == [(_quote("I live in York."), at(0), None, 1)]


def test_a_correction_can_be_undone(memory: Memory) -> None:
    _record(memory, said(0, 2, "I live in York."))
    before = _history(memory)
    fact = memory.facts()[0]
    corrected = memory.correct_fact(fact.id, "You live in Leeds.", at(90))
    assert (corrected.slot, corrected.value) == ("lives in", "leeds")
    memory.reopen_fact(fact.id)
    assert _history(memory) == before


def test_a_fact_can_be_closed_and_opened_again(memory: Memory) -> None:
    _record(memory, said(0, 2, "I want to learn Spanish."))
    fact = memory.facts()[0]
    memory.close_fact(fact.id, at(90))
    assert _open(memory) == []
    memory.record(said(100, 102, "I want to learn Spanish."))
    assert len(_open(memory)) == 1, "said again after it was closed, it is a fact of its own"
    memory.reopen_fact(fact.id)
    assert _history(memory) == [(_quote("I want to learn Spanish."), at(0), None, 2)]
    with pytest.raises(MemoryStoreError, match="history"):
        memory.reopen_fact(fact.id)


def test_closing_holds_in_a_second_replay(memory: Memory) -> None:
    _record(memory, said(0, 2, "I like coffee."))
    memory.close_fact(memory.facts()[0].id, at(90))
    _record(memory, said(0, 2, "I like coffee."))
    assert _open(memory) == []


def test_confidence_never_grows_by_repetition_or_recall(memory: Memory) -> None:
    surer = Utterance(at(50), at(52), "I like coffee.", 1.0, "wearer", True, 1.0, SAID[0].embedding)
    _record(memory, said(0, 2, "I like coffee."), surer)
    (fact,) = memory.facts()
    assert fact.confidence == pytest.approx(0.9 * 0.95)


def test_facts_of_different_people_do_not_close_each_other(memory: Memory) -> None:
    _record(
        memory,
        said(0, 2, "I live in York."),
        said(10, 12, "I moved to Leeds.", "voice-1"),
        said(20, 22, "I moved to Leeds.", "voice-2"),
    )
    assert len(_open(memory)) == 3


def _about(memory: Memory, subject: str) -> list[Fact]:
    return memory.facts(subject, START + 1000 * S)


def test_a_doubtful_voice_is_not_the_wearers(memory: Memory) -> None:
    doubtful = Utterance(
        at(0), at(2), "I am allergic to nuts.", 0.9, "wearer", True, 0.3, SAID[0].embedding
    )
    _record(memory, doubtful, said(10, 12, "I am allergic to nuts.", "voice-3"))
    assert _about(memory, "wearer") == []
    first, second = memory.facts()
    assert first.said_by == first.subject == "someone"
    assert second.said_by == second.subject == memory.people()[-1].label
