from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from llm.companion import Companion
from llm.context import CurrentContext, Heard
from llm.safety import Situation, cautions
from llm.turn import Origin
from memory.facts.allergens import found_in
from memory.facts.schedule import due_ns
from memory.records import Kind
from memory.store import Memory
from memory.units import MINUTE_NS
from perception.events import Utterance
from tests.memory.day import open_memory, unit

NOON = datetime(2026, 5, 5, 12, 0)  # a Tuesday, in local time


def at(day: int = 5, hour: int = 12, minute: int = 0) -> int:
    return int(datetime(2026, 5, day, hour, minute).timestamp()) * 1_000_000_000


NOW_NS = at()


def told(
    memory: Memory, text: str, t_ns: int, voice: str = "wearer", confidence: float = 0.9
) -> None:
    is_wearer = voice == "wearer"
    embedding = unit(1 if is_wearer else 2, 256)
    end_ns = t_ns + 2_000_000_000
    memory.record(Utterance(t_ns, end_ns, text, 0.9, voice, is_wearer, confidence, embedding))


def warned(
    tmp_path: Path,
    facts: list[tuple[str, str]] | str,
    words: str,
    reply: str = "",
    *,
    said_ns: int = at(4, 9),
    now_ns: int = NOW_NS,
    context: dict[str, tuple[Any, ...]] | None = None,
) -> list[str]:
    """Return the warnings after facts were told, a string being told by the wearer."""
    with open_memory(tmp_path) as memory:
        memory.begin("recording:/day", said_ns)
        spoken = [("wearer", facts)] if isinstance(facts, str) else facts
        for number, (voice, text) in enumerate(spoken):
            told(memory, text, said_ns + number * MINUTE_NS, voice)
        now = CurrentContext(now_ns, **(context or {}))  # type: ignore[arg-type]
        situation = Situation(now, words, now_ns)
        found = cautions(memory.facts(at_ns=now_ns), situation, reply)
        return [caution.text for caution in found]


NUTS = "I'm allergic to peanuts."
IBUPROFEN = "I've just taken my ibuprofen."
WARFARIN = "The doctor told me I must not take aspirin with warfarin."
DENTIST = "I have a dentist appointment tomorrow at half past twelve."


@pytest.mark.parametrize(
    ("fact", "words", "context", "expected"),
    [
        (NUTS, "What is this?", {"writing": ("CRUNCHY PEANUT BUTTER",)}, "peanut"),
        (NUTS, "What is this?", {"writing": ("Ingredients: sugar, GROUNDNUT oil",)}, "groundnut"),
        (NUTS, "What is this?", {"writing": ("PEANUT", "BUTTER")}, "peanut"),
        (NUTS, "Can I eat the satay?", {}, "satay"),
        (NUTS, "What now?", {"heard": (Heard("Olga", "Try these peanuts."),)}, "Olga"),
        ("I'm lactose intolerant.", "What is that?", {"writing": ("Cheese toast",)}, "cheese"),
        ("I'm allergic to milk.", "What is it?", {"writing": ("contains whey powder",)}, "whey"),
        ("I'm allergic to eggs.", "I'll have the mayonnaise sandwich.", {}, "mayonnaise"),
        ("I'm allergic to shellfish.", "Should I order the prawns?", {}, "prawns"),
        ("I'm allergic to walnuts.", "What is this?", {"writing": ("may contain nuts",)}, "nuts"),
        ("I have coeliac disease.", "What is this?", {"writing": ("wheat flour",)}, "wheat"),
        ("I'm allergic to penicillin.", "What is this?", {"writing": ("Amoxicillin 500",)}, "amox"),
        ("I'm allergic to bee stings.", "What is it?", {"writing": ("Beehives, keep off",)}, "bee"),
        ("I'm allergic to cats.", "Where am I?", {"objects": ("cat", "sofa")}, "cat"),
        (IBUPROFEN, "Should I take another ibuprofen?", {}, "taken my ibuprofen"),
        (WARFARIN, "I'm going to take an aspirin.", {}, "aspirin"),
        (WARFARIN, "What is this?", {"writing": ("ASPIRIN 100 mg",)}, "aspirin"),
        (DENTIST, "Where is my umbrella?", {}, "due in 30 minutes"),
        (DENTIST, "I'll meet Jonas today at one.", {}, "dentist"),
        ("I take ramipril at noon.", "Where is my umbrella?", {}, "ramipril"),
        ("I like tea.", "Can I cross here?", {"objects": ("car", "tree")}, "car in view"),
    ],
)  # fmt: skip
def test_dangers_are_told(
    tmp_path: Path, fact: str, words: str, context: dict[str, tuple[Any, ...]], expected: str
) -> None:
    said_ns = NOW_NS - 40 * MINUTE_NS if fact == IBUPROFEN else at(4, 9)
    found = warned(tmp_path, fact, words, said_ns=said_ns, context=context)
    assert len(found) == 1
    assert expected.casefold() in found[0].casefold()


@pytest.mark.parametrize(
    ("fact", "words", "context"),
    [
        (NUTS, "What time is it?", {}),
        (NUTS, "Am I allergic to peanuts?", {}),
        (NUTS, "Where did I leave the peanut butter?", {}),
        (NUTS, "What is this?", {"writing": ("Peanut-free cookies",)}),
        (NUTS, "What is this?", {"writing": ("Made without peanuts",)}),
        (NUTS, "Can I eat the coconut cake?", {"writing": ("coconut, nutmeg",)}),
        (NUTS, "What was that?", {"heard": (Heard("you", "I had peanuts as a child."),)}),
        (NUTS, "What was that?", {"heard": (Heard("Olga", "I am allergic to peanuts too."),)}),
        ("I'm not allergic to eggs any more.", "Can I eat the eggs?", {}),
        ("I'm allergic to milk.", "What is this?", {"writing": ("oat milk", "peanut butter")}),
        ("I'm allergic to milk.", "What is it?", {"writing": ("dairy-free ice cream",)}),
        ("I have a gluten intolerance.", "What is it?", {"writing": ("gluten-free bread",)}),
        ("I'm allergic to nuts.", "Can I eat the doughnuts?", {}),
        ("I like peanuts.", "Can I eat the peanuts?", {}),
        ("My daughter is allergic to nuts.", "Can I eat the nuts?", {}),
        ("Maya is allergic to nuts.", "Can I eat the nuts?", {}),
        (IBUPROFEN, "When did I take my ibuprofen?", {}),
        (IBUPROFEN, "Should I take another ibuprofen?", {}),
        (WARFARIN, "Should I take my warfarin?", {}),
        (DENTIST, "When is my dentist appointment?", {}),
        ("I have a dentist appointment tomorrow at three.", "Where is my umbrella?", {}),
        ("I take ramipril at eight in the evening.", "Where is my umbrella?", {}),
        (NUTS, "What does the sign say?", {"objects": ("car", "bus")}),
        (NUTS, "Who sings that cross-country song?", {"objects": ("car",)}),
        (NUTS, "Can I cross here?", {"objects": ("traffic light", "tree")}),
    ],
)  # fmt: skip
def test_what_is_no_danger_is_not_told(
    tmp_path: Path, fact: str, words: str, context: dict[str, tuple[Any, ...]]
) -> None:
    assert warned(tmp_path, fact, words, context=context) == []


def test_a_planned_reply_is_checked_too(tmp_path: Path) -> None:
    reply = "You could try the satay at the corner."
    assert "satay" in warned(tmp_path, NUTS, "What could I eat?", reply)[0]
    assert warned(tmp_path, NUTS, "What is new?", "You are allergic to peanuts.") == []
    (text,) = warned(tmp_path, NUTS, "How?", "Walk across the road.", context={"objects": ("bus",)})
    assert "bus" in text


@pytest.mark.parametrize(
    ("facts", "people", "words", "whose"),
    [
        ([("wearer", "Maya is allergic to nuts.")], ("Maya",), "What is this?", "Maya is"),
        ([("wearer", "Maya is allergic to nuts.")], (), "Can Maya eat this?", "Maya is"),
        ([("wearer", "My daughter is allergic to nuts.")], (), "May my daughter have it?", "your"),
        ([("voice-1", "My name is Maya. I'm allergic to nuts.")], ("Maya",), "What is it", "Maya"),
        ([("voice-1", "My name is Maya. I'm allergic to nuts.")], (), "What is it?", ""),
        ([("voice-1", "I am allergic to nuts.")], (), "What is it?", ""),
        ([("voice-1", "Maya is allergic to nuts.")], ("Maya",), "What is it?", ""),
    ],
)  # fmt: skip
def test_the_allergies_of_others_count_while_they_are_there_or_meant(
    tmp_path: Path, facts: list[tuple[str, str]], people: tuple[str, ...], words: str, whose: str
) -> None:
    context = {"people": people, "writing": ("hazelnut wafers",)}
    found = warned(tmp_path, facts, words, context=context)
    assert bool(found) == bool(whose)
    assert all(whose in text for text in found)


def test_an_unverified_voice_makes_no_allergy_of_the_wearers(tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        memory.begin("recording:/day", NOW_NS)
        told(memory, NUTS, NOW_NS, confidence=0.2)
        context = CurrentContext(NOW_NS, writing=("peanut butter",))
        assert cautions(memory.facts(), Situation(context, "What is it?", NOW_NS)) == []


def test_the_reply_carries_the_warning_with_its_source(tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        memory.begin("recording:/day", NOW_NS)
        told(memory, NUTS, NOW_NS)
        now_ns = NOW_NS + MINUTE_NS
        context = CurrentContext(now_ns, writing=("PEANUT BUTTER",))
        first, *rest = Companion(memory, None).reply("What is this?", context, now_ns)
        assert (first.origin, rest != []) == (Origin.SAFETY, True)
        assert first.text == (
            'Careful: you cannot tolerate peanuts, and the writing in view says "PEANUT BUTTER";'
            f' you said today at 12:00: "{NUTS.rstrip(".")}".'
        )
        (turn,) = memory.turns()
        fact = next(source for source in turn.sources if source.kind == Kind.FACT)
        assert memory.text_of(fact) == f'You said: "{NUTS}"'


@pytest.mark.parametrize(
    ("words", "day", "hour", "minute"),
    [
        ("I'm seeing the doctor tomorrow at half past nine", 6, 9, 30),
        ("on Friday at three", 8, 15, 0),
        ("My eye test is on the sixth of May at 10:30", 6, 10, 30),
        ("on May 7 at quarter to four", 7, 15, 45),
        ("today at noon", 5, 12, 0),
        ("at 8 pm", 5, 20, 0),
        ("tomorrow at eight in the evening", 6, 20, 0),
        ("on Tuesday at 9", 12, 9, 0),
    ],
)
def test_a_time_is_read_from_words(words: str, day: int, hour: int, minute: int) -> None:
    assert due_ns(words, at(5, 11)) == at(day, hour, minute)


@pytest.mark.parametrize("words", ["in the summer", "on Friday", "at the station", "two of them"])
def test_words_without_an_hour_name_no_time(words: str) -> None:
    assert due_ns(words, NOW_NS) is None


@pytest.mark.parametrize(
    ("thing", "text"),
    [("kiwi", "kiwis"), ("strawberries", "a strawberry tart"), ("latex", "latex gloves")],
)
def test_what_is_in_no_family_is_found_by_its_name(thing: str, text: str) -> None:
    assert found_in(text, thing)
