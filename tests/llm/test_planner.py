from __future__ import annotations

import json
from datetime import datetime

import pytest

from llm.chat.embedded import EmbeddedModel
from llm.common_ground import gather
from llm.companion import Companion
from llm.context import CurrentContext
from llm.notes import Section, notes_of
from llm.plan import VALID_NS
from llm.planner import REQUEST, Exchange, Planner, read
from memory.records import Kind, Selection
from memory.store import Memory
from tests.llm.conftest import END_NS, S, Writes, said

NOW = CurrentContext(END_NS)
GOOD = {
    "objective": "to visit Irma",
    "next_action": "Ask about the harbour office",
    "look_up": ["garden shed"],
}


def exchange(memory: Memory, words: str = "Where does Irma work?") -> Exchange:
    ground = gather(memory, NOW, words, END_NS)
    return Exchange(ground, memory.add_turn(END_NS, words, "At the harbour office."))


def test_a_plan_of_the_right_form_is_taken_up_and_looked_up(memory: Memory) -> None:
    plan = Planner(memory, Writes(f"Sure! {json.dumps(GOOD)}")).plan(exchange(memory))
    assert plan is not None
    assert (plan.objective, plan.next_action) == (GOOD["objective"], GOOD["next_action"])
    assert any("shed" in hit.text for hit in plan.found)
    assert {source.kind for source in plan.sources} >= {Kind.TURN}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "I would ask about the harbour.",
        "{}",
        json.dumps({**GOOD, "delete": "everything"}),
        json.dumps({**GOOD, "look_up": ["a"] * 9}),
        json.dumps({**GOOD, "look_up": "garden"}),
        json.dumps({**GOOD, "objective": 7}),
        json.dumps({**GOOD, "next_action": "x" * 500}),
        json.dumps(GOOD)[:-5],
        REQUEST,
    ],
)
def test_anything_else_is_dropped(memory: Memory, written: str) -> None:
    assert read(written) is None
    last = exchange(memory)
    assert Planner(memory, Writes(written)).plan(last) == Planner(memory, None).plan(last)


def test_a_plan_that_names_what_nobody_told_is_dropped(memory: Memory) -> None:
    invented = json.dumps({**GOOD, "next_action": "Ask about Gustav and his 17 geese"})
    last = exchange(memory)
    assert Planner(memory, Writes(invented)).plan(last) == Planner(memory, None).plan(last)


def test_it_stops_at_once(memory: Memory) -> None:
    chat = Writes(json.dumps(GOOD))
    Planner(memory, chat).plan(exchange(memory), is_stopped=lambda: chat.pieces >= 3)
    assert chat.pieces == 3


def test_rules_look_up_who_was_talked_about_and_write_nothing(memory: Memory) -> None:
    said(memory, 200, "Irma keeps bees.", 1, is_wearer=True)
    memory.consolidate(END_NS)
    last, before = exchange(memory), memory.counts()
    plan = Planner(memory, None).plan_by_rules(last)
    assert plan is not None
    assert any("bees" in hit.text or "name" in hit.text for hit in plan.found)
    assert plan == Planner(memory, None).plan_by_rules(last)
    assert memory.counts() == before


def test_rules_keep_an_appointment_in_mind(memory: Memory) -> None:
    at = datetime.fromtimestamp((END_NS + 7200 * S) / 1e9).astimezone()
    said(memory, 200, f"I have to be at the dentist at {at:%H:%M}.", 1, is_wearer=True)
    memory.consolidate(END_NS)
    plan = Planner(memory, None).plan_by_rules(exchange(memory, "My feet hurt."))
    assert plan is not None
    assert "dentist" in plan.next_action


def test_a_plan_is_the_last_note_for_ten_minutes_where_it_fits(memory: Memory) -> None:
    plan = Planner(memory, Writes(json.dumps(GOOD))).plan(exchange(memory))
    for words, later_ns, is_told in (
        ("The harbour is nice.", 60 * S, True),
        ("That is it.", 60 * S, True),
        ("The harbour is nice.", VALID_NS, False),
        ("My feet hurt.", 60 * S, False),
        ("Where is my umbrella?", 60 * S, False),
    ):
        notes = notes_of(gather(memory, NOW, words, END_NS + later_ns, plan))
        assert (bool(notes) and notes[-1].section is Section.PLAN) is is_told, words


def test_a_plan_goes_with_what_it_rests_on(memory: Memory) -> None:
    companion = Companion(memory, None)
    list(companion.reply("Where does Irma work?", NOW, END_NS))
    companion.plan_by_rules()
    assert companion.planned(END_NS + S) is not None
    (irma,) = [person for person in memory.people() if person.name == "Irma Sand"]
    memory.forget(Selection(person_ids=(irma.id,)))
    assert companion.planned(END_NS + S) is None


@pytest.mark.weights
@pytest.mark.slow
def test_the_small_model_plans_or_rules_do(memory: Memory, small_model: EmbeddedModel) -> None:
    companion = Companion(memory, small_model)
    list(companion.reply("Where does Irma work?", NOW, END_NS))
    companion.plan()
    plan = companion.planned(END_NS + S)
    assert plan is not None
    assert 0 < len(plan.objective) <= 160
    assert len(plan.found) <= 3
