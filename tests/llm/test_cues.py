from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from llm.cues import Order, read_question
from memory.records import Level, Person

NOW = datetime(2026, 5, 9, 15, 0).astimezone()
NOW_NS = int(NOW.timestamp()) * 1_000_000_000


def person(number: int, name: str, is_wearer: bool = False) -> Person:
    return Person(number, f"person-{number}", name, False, is_wearer, None, 0, 0, 1, 1)


PEOPLE = [
    person(1, "Max", is_wearer=True),
    person(2, "Jon Peirce"),
    person(3, "Will Hart"),
    person(4, "Sheila"),
    person(5, ""),
]


def local_ns(day: int, hour: int) -> int:
    return int(datetime(2026, 5, day, hour).astimezone().timestamp()) * 1_000_000_000


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("Where does Jon work?", (2,)),
        ("where does jon work", (2,)),
        ("Where does John work?", (2,)),
        ("What is Mr Pierce's job?", (2,)),
        ("When will it rain?", ()),
        ("Where is Will?", (3,)),
        ("Did Jon meet Shelia?", (2, 4)),
        ("What did someone 5 say?", (5,)),
        ("Is the lamp on?", ()),
        ("Do I join them?", ()),
        ("What is Max called?", ()),
    ],
)
def test_finds_who_is_named(words: str, ids: tuple[int, ...]) -> None:
    assert tuple(p.id for p in read_question(words, PEOPLE, (), "", NOW_NS).people) == ids


@pytest.mark.parametrize(
    ("words", "referents", "thing", "text"),
    [
        ("Where does John work?", (), "", "Where does Jon work?"),
        ("Where does he work?", ("Jon Peirce",), "", "Where does Jon Peirce work?"),
        ("What is her job?", ("nobody", "You met Sheila."), "", "What is Sheila's job?"),
        ("What is his name?", ("someone 5",), "cup", "What is his name?"),
        ("Where does he work?", (), "", "Where does he work?"),
        ("What is written on it?", (), "tin", "What is written on the tin?"),
        ("What does it say?", (), "tin", "What does the tin say?"),
        ("Where does this come from?", (), "tin", "Where does the tin come from?"),
        ("What did I do this morning?", (), "tin", "What did I do ?"),
    ],
)
def test_pronouns_become_what_they_mean(
    words: str, referents: tuple[str, ...], thing: str, text: str
) -> None:
    assert read_question(words, PEOPLE, referents, thing, NOW_NS).text == text


@pytest.mark.parametrize(
    ("words", "start_ns", "end_ns", "text"),
    [
        ("Who called yesterday?", local_ns(8, 0), local_ns(9, 0), "Who called ?"),
        ("What did I read before 10 am?", None, local_ns(9, 10), "What did I read ?"),
        ("Where are my keys?", None, None, "Where are my keys?"),
        ("What is on tomorrow?", None, None, "What is on tomorrow?"),
    ],
)
def test_past_times_narrow_and_what_is_to_come_is_sought_by_its_words(
    words: str, start_ns: int | None, end_ns: int | None, text: str
) -> None:
    asked = read_question(words, [], (), "", NOW_NS)
    assert (asked.start_ns, asked.end_ns, asked.text) == (start_ns, end_ns, text)


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("When did I last see my cup?", Order.LAST),
        ("Whom did I meet first?", Order.FIRST),
        ("What happened last week?", Order.BEST),
        ("Where is my cup?", Order.BEST),
    ],
)
def test_first_and_last_order(words: str, order: Order) -> None:
    assert read_question(words, [], (), "", NOW_NS).order is order


@pytest.mark.parametrize(
    ("words", "is_question", "is_about_view"),
    [
        ("Where is my cup?", True, False),
        ("what is this", True, True),
        ("Who is that?", True, True),
        ("Remind me who called", True, False),
        ("My feet hurt.", False, False),
    ],
)
def test_tells_questions_from_remarks(words: str, is_question: bool, is_about_view: bool) -> None:
    asked = read_question(words, [], (), "", NOW_NS)
    assert (asked.is_question, asked.is_about_view) == (is_question, is_about_view)


@pytest.mark.parametrize(
    ("words", "level", "days"),
    [
        ("How was my week?", Level.WEEK, (0, 7)),
        ("What did I do last week?", Level.WEEK, (-7, 0)),
        ("How was my day?", Level.DAY, (5, 6)),
        ("How was my day yesterday?", Level.DAY, (4, 5)),
        ("Tell me about last month.", Level.MONTH, (-54, -24)),
        ("What happened today?", Level.DAY, (5, 6)),
        ("What was I doing on Thursday?", Level.DAY, (3, 4)),
        ("What did we do on Thursday evening?", Level.THREE_HOURS, (3.75, 4)),
        (
            "What happened at nine o'clock this morning?",
            Level.TEN_MINUTES,
            (5 + 8.5 / 24, 5 + 9.5 / 24),
        ),
        ("What happened to the ferry yesterday?", None, (4, 5)),
        ("How was the concert last week?", None, (-7, 0)),
        ("Who did I meet last week?", None, (-7, 0)),
        ("Where do I work?", None, (None, None)),
    ],
)
def test_how_a_stretch_of_time_was(
    words: str, level: Level | None, days: tuple[float | None, float | None]
) -> None:
    """Asked on a Saturday; days count from the Monday before, 25 May 2026."""
    monday = datetime(2026, 5, 25)
    saturday_ns = int(datetime(2026, 5, 30, 15).timestamp()) * 1_000_000_000
    asked = read_question(words, [], (), "", saturday_ns)
    expected = tuple(
        None if day is None else int((monday + timedelta(days=day)).timestamp()) * 1_000_000_000
        for day in days
    )
    assert (asked.level, (asked.start_ns, asked.end_ns)) == (level, expected)


NAMESAKES = [person(1, "Tom Ash"), person(2, "Tom Birch"), person(3, "Ida Ash")]


@pytest.mark.parametrize(
    ("words", "referents", "ids"),
    [
        ("When is his concert?", ("Tom Birch",), (2,)),
        ("When is Tom Birch's concert?", (), (2,)),
        ("When is Tom's concert?", ("Tom Birch",), (2,)),
        ("When is Tom's concert?", ("Ida Ash",), (1, 2)),
        ("Did Tom Birch meet Ida?", (), (2, 3)),
    ],
)
def test_of_two_with_one_first_name_the_one_named_in_full_or_there_is_meant(
    words: str, referents: tuple[str, ...], ids: tuple[int, ...]
) -> None:
    asked = read_question(words, NAMESAKES, referents, "", NOW_NS)
    assert tuple(p.id for p in asked.people) == ids


@pytest.mark.parametrize(
    ("words", "people", "text"),
    [
        ("How long have I got with this before it sets?", (),
         "How long have I got with the SLOW GLUE before it sets?"),
        ("Can I have one of these?", (), "Can I have one of the SLOW GLUE?"),
        ("What did Jon say about this one?", (1,), "What did Jon say about the SLOW GLUE?"),
        ("Who left this bottle?", (), "Who left this bottle?"),
        ("Whom do I meet here?", (), "Whom do I meet here at SLOW GLUE?"),
    ],
)  # fmt: skip
def test_what_the_words_point_at_is_named(words: str, people: tuple[int, ...], text: str) -> None:
    asked = read_question(words, PEOPLE, (), "SLOW GLUE", NOW_NS)
    assert asked.text == text
    assert bool(asked.people) is bool(people)


def test_a_man_in_view_is_meant_by_that_man() -> None:
    asked = read_question("What did that man tell me?", PEOPLE, ("Jon Peirce",), "", NOW_NS)
    assert [person.name for person in asked.people] == ["Jon Peirce"]
