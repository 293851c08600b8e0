from __future__ import annotations

from dataclasses import replace

from memory.records import Cue
from memory.store import Memory
from tests.memory.day import START, URI, at, said

QUESTION = "They want it for the form. Which blood group am I?"


def test_the_words_of_a_turn_are_no_memory_of_it(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(0, 3, "My blood group is on the green form."))
    memory.record(said(60, 63, QUESTION))
    cue = Cue("Which blood group am I on the form?", now_ns=at(63))
    assert ["green" in hit.text for hit in memory.recall(cue)] == [True]
    later = replace(cue, now_ns=at(100))
    assert any(QUESTION in hit.text for hit in memory.recall(later))


def test_a_question_put_to_the_companion_answers_none(memory: Memory) -> None:
    memory.begin(URI, START)
    memory.record(said(0, 3, "what do I call my bicycle"))
    memory.record(said(60, 63, "The bicycle is called Pickle."))
    cue = Cue("What is my bicycle called?", now_ns=at(100))
    assert len(memory.recall(cue)) == 2, "it may have been put to anybody"
    memory.add_turn(at(3), "what do I call my bicycle", "I don't know.")
    assert ["Pickle" in hit.text for hit in memory.recall(cue)] == [True]
    memory.add_turn(at(63), "The bicycle is called Pickle.", "All right.")
    assert ["Pickle" in hit.text for hit in memory.recall(cue)] == [True]
