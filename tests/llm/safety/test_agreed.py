from __future__ import annotations

import pytest

from llm.safety.agreed import ANSWER_WITHIN_NS, agreed, refused
from tests.llm.safety.statements import YESTERDAY_NS, read, told

ASKED = "Can you take the late round on Thursday, six till ten?"
SOON_NS = YESTERDAY_NS + ANSWER_WITHIN_NS // 2


@pytest.mark.parametrize(
    "answer", ["Sure.", "Of course I can.", "I'll be there", "Yes, I\u2019ll come!"]
)
def test_what_was_agreed_to_rests_on_both_turns(answer: str) -> None:
    asked, answered = told(ASKED, "Dag"), told(answer, t_ns=SOON_NS)
    (found,) = agreed([asked], [answered])
    assert (found.text, found.sources) == (ASKED, (asked.source, answered.source))


@pytest.mark.parametrize(
    "answer", ["No, sorry.", "Let me check.", "Maybe.", "I can't, ask Olle.", ""]
)
def test_what_was_put_off_or_refused_is_not_agreed(answer: str) -> None:
    assert list(agreed([told(ASKED, "Dag")], [told(answer, t_ns=SOON_NS)])) == []


@pytest.mark.parametrize(
    "t_ns", [YESTERDAY_NS - 1, YESTERDAY_NS, YESTERDAY_NS + 2 * ANSWER_WITHIN_NS]
)
def test_an_answer_counts_only_right_after(t_ns: int) -> None:
    assert list(agreed([told(ASKED, "Dag")], [told("Sure.", t_ns=t_ns)])) == []


def test_writing_and_doses_are_nothing_to_agree_to() -> None:
    heard = [read(ASKED), told("Could you take one tablet a day?", "Dr Ek")]
    assert list(agreed(heard, [told("Sure.", t_ns=SOON_NS)])) == []


def test_nothing_said_is_nothing_agreed() -> None:
    assert list(agreed([], [])) == []
    assert list(agreed([told(ASKED, "Dag")], [])) == []
    assert refused([told(ASKED, "Dag")], []) == frozenset()


@pytest.mark.parametrize(
    ("answer", "is_refused"),
    [("No, I work.", True), ("Not this week.", True), ("I'm in Leeds, sorry.", True),
     ("No problem!", False), ("Can't wait!", False), ("Sure.", False)],
)  # fmt: skip
def test_a_refusal_is_told_from_what_begins_like_one(answer: str, is_refused: bool) -> None:
    asked = told(ASKED, "Dag")
    assert refused([asked], [told(answer, t_ns=SOON_NS)]) == (
        frozenset({asked.source}) if is_refused else frozenset()
    )


def test_only_the_next_thing_said_answers() -> None:
    asked = told(ASKED, "Dag")
    spoken = [told("Sure.", t_ns=SOON_NS), told("No, not you, Rex.", t_ns=SOON_NS + 1)]
    assert refused([asked], spoken) == frozenset()
