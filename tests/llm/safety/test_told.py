from __future__ import annotations

import pytest

from llm.safety.told import noticed, saying, statement, told_by_wearer, told_of, within
from memory.records import Kind, Notice, Source
from tests.llm.safety.statements import NOW_NS, YESTERDAY_NS, at, fact, read, told

QUOTED = 'You said: "I can\u2019t eat nuts."'


def test_only_what_the_wearer_said_of_themselves_is_their_own() -> None:
    own = fact("allergy:nuts", QUOTED)
    others = fact("allergy:nuts", 'Ida said: "I can\'t eat nuts."', "Ida", "Ida")
    of_ida = fact("allergy:nuts", 'You said: "Ida can\'t eat nuts."', "Ida")
    assert [one.source.id for one in told_by_wearer([own, others, of_ida])] == [own.id]
    assert list(told_by_wearer([])) == []


def test_a_fact_is_told_in_the_words_of_who_said_it() -> None:
    one = told_of(fact("allergy:nuts", QUOTED))
    assert (one.text, one.teller, one.is_own) == ("I can\u2019t eat nuts.", "you", True)
    other = told_of(fact("allergy:nuts", 'Zo\u00eb said: "No nuts."', "Zo\u00eb", "Zo\u00eb"))
    assert (other.text, other.teller, other.is_own) == ("No nuts.", "Zo\u00eb", False)
    assert other.sources == (Source(Kind.FACT, other.source.id),)


def test_a_statement_that_quotes_keeps_its_quotation() -> None:
    assert statement(fact("", "You said: \"She said: 'no'.\"")) == "She said: 'no'."
    assert statement(fact("", "no quotation")) == "no quotation"


def test_notices_keep_who_said_them() -> None:
    notices = [Notice(Source(Kind.TEXT, 3), 7, "WET PAINT", "")]
    (one,) = noticed(notices)
    assert (one.text, one.teller, one.t_ns, one.source.id, one.is_own) == (
        "WET PAINT",
        "",
        7,
        3,
        False,
    )


def test_what_was_said_in_one_breath_is_kept_with_it() -> None:
    part = told("No nuts for me.")
    breath = told("No nuts for me. I was in hospital.")
    (one,) = within([part], [breath])
    assert one.whole == breath.text
    (alone,) = within([part], [told("Something else.", t_ns=part.t_ns)])
    assert alone.whole == ""


@pytest.mark.parametrize(
    ("t_ns", "when"),
    [
        (at(5, 9, 5), "today at 9:05"),
        (YESTERDAY_NS, "yesterday"),
        (at(1), "on Friday"),
        (at(5) - 30 * 24 * 3600 * 10**9, "on 5 April"),
        (at(5) - 365 * 24 * 3600 * 10**9, "on 5 May 2025"),
        (at(9), "on 9 May"),
    ],
)
def test_when_it_was_told_is_said_as_people_do(t_ns: int, when: str) -> None:
    assert (
        saying(told("Mind the step.", "Ida", t_ns), NOW_NS) == f'Ida said {when}: "Mind the step"'
    )
    assert saying(read("WET PAINT", t_ns), NOW_NS) == f'it was written {when}: "WET PAINT"'


def test_a_long_breath_is_not_repeated_whole() -> None:
    one = told("No nuts.", whole="No nuts. " + "And so on. " * 40)
    assert saying(one, NOW_NS) == 'you said yesterday: "No nuts"'
