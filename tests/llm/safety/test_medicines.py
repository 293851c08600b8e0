from __future__ import annotations

import pytest

from llm.safety.medicines import cautions, is_on
from llm.safety.told import Told
from tests.llm.safety.statements import at, situation, told

WARFARIN = told("I'm on warfarin.", slot="medicine:warfarin", value="takes")
TAKES_ASPIRIN = "I'll take an aspirin."


def warnings(words: str, *own: Told, heard: tuple[Told, ...] = (), day: int = 5) -> list[str]:
    found = cautions(list(own), list(heard), situation(words, at(day)), "")
    return [caution.text for caution in found]


def test_a_pair_that_should_not_meet_is_told_with_its_source() -> None:
    (caution,) = cautions([WARFARIN], [], situation(TAKES_ASPIRIN), "")
    assert caution.text.startswith("Careful: aspirin and warfarin should not go together unasked")
    assert caution.sources == (WARFARIN.source,)


@pytest.mark.parametrize(
    "words",
    ["", "Did I take an aspirin?", "I'll give Ida an aspirin.", "I'll take a paracetamol.",
     "I'll have a na\u00efve caf\u00e9."],
)  # fmt: skip
def test_what_goes_together_or_is_not_taken_is_not_told(words: str) -> None:
    assert warnings(words, WARFARIN) == []


def test_nothing_taken_nothing_to_warn_of() -> None:
    assert warnings(TAKES_ASPIRIN) == []
    assert warnings(TAKES_ASPIRIN, told("Ida is on warfarin.", slot="ida: medicine:warfarin")) == []


def test_what_was_stopped_is_taken_no_more() -> None:
    stopped = told(
        "I stopped taking warfarin.", t_ns=at(4, 10), slot="medicine:warfarin", value="stopped"
    )
    assert warnings(TAKES_ASPIRIN, WARFARIN, stopped) == []
    assert is_on([WARFARIN], "warfarin")
    assert not is_on([WARFARIN, stopped], "warfarin")
    assert is_on([WARFARIN, stopped, WARFARIN], "warfarin")
    assert is_on([], "warfarin")


@pytest.mark.parametrize(("day", "count"), [(6, 1), (30, 0)])
def test_what_was_put_into_ones_hand_counts_for_a_course(day: int, count: int) -> None:
    given = told("Here's your doxycycline.", "Dr Ek")
    assert len(warnings("I'll have a milkshake.", heard=(given,), day=day)) == count


def test_what_was_allowed_since_is_not_warned_of() -> None:
    given = told("I've put you on metronidazole.", "Dr Ek")
    allowed = told("You can have wine again.", "Dr Ek", at(5, 9))
    assert warnings("I'll have a glass of wine.", heard=(given,))
    assert warnings("I'll have a glass of wine.", heard=(given, allowed)) == []


@pytest.mark.parametrize(("hour", "is_due"), [(11, False), (12, True), (13, True), (14, False)])
def test_a_medicine_is_due_around_its_hour(hour: int, is_due: bool) -> None:
    pill = told("I take ramipril at noon.", slot="medicine:ramipril", value="takes")
    found = cautions([pill], [], situation("Lovely day.", at(5, hour)), "")
    assert bool(list(found)) is is_due


def test_a_medicine_that_was_taken_or_is_spoken_of_is_not_due() -> None:
    pill = told("I take ramipril at noon.", slot="medicine:ramipril", value="takes")
    taken = told(
        "I've taken my ramipril.", t_ns=at(5, 11, 50), slot="taken:ramipril", value="taken"
    )
    assert warnings("Lovely day.", pill, taken) == []
    assert warnings("My ramipril is in the drawer.", pill) == []
