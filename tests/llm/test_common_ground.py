from __future__ import annotations

import pytest

from llm.common_ground import gather
from llm.context import CurrentContext
from memory.records import Kind, Level, Source
from memory.store import Memory
from tests.llm.conftest import END_NS, S, said

NOW = CurrentContext(END_NS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("What was written on the crate?", "HOLLOWAY PLUMS"),
        ("Where does Irma work?", "harbour office"),
        ("Where does Irmah work?", "harbour office"),
        ("Where is my umbrella?", "umbrella"),
    ],
)
def test_recalls_what_is_asked_for(memory: Memory, words: str, expected: str) -> None:
    assert expected in gather(memory, NOW, words, END_NS).recalled[0].text


def test_nothing_fits(memory: Memory) -> None:
    assert gather(memory, NOW, "Which tram goes to Ghent?", END_NS).recalled == ()


def test_he_is_the_person_in_view(memory: Memory) -> None:
    context = CurrentContext(END_NS, people=("Irma Sand",), attended="Irma Sand")
    ground = gather(memory, context, "Where does she work?", END_NS)
    assert [person.name for person in ground.asked.people] == ["Irma Sand"]
    assert "harbour office" in ground.recalled[0].text


def test_he_is_whom_the_conversation_is_about(memory: Memory) -> None:
    memory.add_turn(END_NS - S, "Who is Irma?", "You met Irma Sand.")
    ground = gather(memory, NOW, "Where does she work?", END_NS)
    assert ground.asked.text == "Where does Irma Sand work?"
    assert [turn.asked for turn in ground.turns] == ["Who is Irma?"]


def test_an_old_conversation_is_over(memory: Memory) -> None:
    memory.add_turn(END_NS - 3600 * S, "Who is Irma?", "You met Irma Sand.")
    assert gather(memory, NOW, "Where does she work?", END_NS).turns == ()


def test_a_memory_is_told_once_and_minutes_are_left_out(memory: Memory) -> None:
    said(memory, 200, "The plums go to the garden shed too.", 1, is_wearer=True)
    recalled = gather(memory, NOW, "What goes to the garden shed?", END_NS).recalled
    assert len({hit.text for hit in recalled}) == len(recalled) > 1
    assert Kind.CONTEXT not in {hit.kind for hit in recalled}


def test_time_words_exclude_what_happened_before(memory: Memory) -> None:
    day_ns = 86_400 * S
    later = CurrentContext(END_NS + 3 * day_ns)
    words = "Where does Irma work, what did she say today?"
    assert gather(memory, later, words, later.t_ns).recalled == ()
    assert gather(memory, later, words.replace(" today", ""), later.t_ns).recalled


def test_facts_about_the_wearer_come_with_remarks_only(memory: Memory) -> None:
    said(memory, 210, "I have a bad knee.", 1, is_wearer=True)
    memory.consolidate(END_NS)
    assert any("knee" in fact.text for fact in gather(memory, NOW, "My leg hurts.", END_NS).profile)
    assert gather(memory, NOW, "Where is my umbrella?", END_NS).profile == ()


def test_of_a_thing_said_twice_what_was_understood_last_counts(memory: Memory) -> None:
    said(memory, 200, "I'm a lecturer in music at the University of Latinum.", 3)
    said(memory, 250, "I'm a lecturer in music at the University of Nottingham.", 3)
    texts = [hit.text for hit in gather(memory, NOW, "Who is a lecturer?", END_NS).recalled]
    assert any("Nottingham" in text for text in texts)
    assert not any("Latinum" in text for text in texts)


def test_a_sight_makes_way_for_words_that_say_as_much(memory: Memory) -> None:
    said(memory, 102, "My umbrella stays at the door.", 1, is_wearer=True)
    recalled = gather(memory, NOW, "Where is my umbrella?", END_NS).recalled
    assert Kind.OBJECT not in {hit.kind for hit in recalled}
    assert "door" in recalled[0].text


def test_a_remark_calls_up_what_was_said_of_what_is_there(memory: Memory) -> None:
    context = CurrentContext(END_NS, objects=("lamp", "crate"), attended="crate")
    ground = gather(memory, context, "I am tired.", END_NS)
    assert ground.recalled == ()
    assert any("crate" in hit.text for hit in ground.reminded)
    assert gather(memory, context, "Where is my umbrella?", END_NS).reminded == ()


def test_a_question_without_words_of_its_own_takes_those_of_the_conversation(
    memory: Memory,
) -> None:
    assert gather(memory, NOW, "And then?", END_NS).recalled == ()
    memory.add_turn(END_NS - S, "Where does the crate go?", "To the garden shed.")
    assert any("shed" in hit.text for hit in gather(memory, NOW, "And then?", END_NS).recalled)


def test_earlier_exchanges_are_recalled_only_when_they_are_asked_for(memory: Memory) -> None:
    memory.add_turn(END_NS - 7200 * S, "Where is my umbrella?", "You saw it in the hall.")
    later = "What did I ask you about the umbrella?"
    assert "hall" in gather(memory, NOW, later, END_NS).earlier[0].text
    assert gather(memory, NOW, "Where is my umbrella?", END_NS).earlier == ()


def test_how_a_day_was_is_told_from_its_context(memory: Memory) -> None:
    day_ns = END_NS + 86_400 * S
    memory.consolidate(day_ns)
    ground = gather(memory, CurrentContext(day_ns), "How was my day yesterday?", day_ns)
    assert ground.recalled[0].kind is Kind.CONTEXT
    whole = {c.id for level in Level for c in memory.contexts(level=level) if level != "minute"}
    assert ground.recalled[0].id in whole
    asked = gather(memory, CurrentContext(day_ns), "Where does Irma work?", day_ns)
    assert Kind.CONTEXT not in {hit.kind for hit in asked.recalled}


def test_a_question_that_goes_on_is_asked_with_the_words_before_it(memory: Memory) -> None:
    memory.add_turn(END_NS - S, "Where does the crate go?", "It goes to the garden shed.")
    recalled = gather(memory, NOW, "And what was written on it?", END_NS).recalled
    assert any("HOLLOWAY PLUMS" in hit.text for hit in recalled)


def test_he_is_whom_the_last_reply_told_of_without_a_name(memory: Memory) -> None:
    said(memory, 200, "Good day. I paint boats.", 3)
    someone = next(p for p in memory.people() if not p.is_wearer and not p.name)
    told = memory.spoken(person_id=someone.id)[0]
    source = Source(Kind.UTTERANCE, told.id)
    memory.add_turn(END_NS - S, "Who was that?", "It was somebody who paints boats.", (source,))
    ground = gather(memory, NOW, "What is his name?", END_NS)
    assert [person.id for person in ground.asked.people] == [someone.id]
    assert ground.asked.text == "What is his name?"
    assert all("boats" in hit.text for hit in ground.recalled)
