from __future__ import annotations

from datetime import UTC, date

import pytest

from app.lifelog.presenter import LifelogPresenter
from app.lifelog.state import Heading, Note
from app.widgets.moments import MomentCard
from memory.records import Kind, MemoryStoreError
from memory.store import Memory
from tests.memory.day import START, S, closed, opened, thing

DAY = date(2023, 11, 14)
NEXT_DAY_S = 24 * 3600


@pytest.fixture
def lifelog(day: Memory) -> LifelogPresenter:
    return LifelogPresenter(day, UTC)


def cards(lifelog: LifelogPresenter) -> list[MomentCard]:
    return [row for row in lifelog.screen().rows if isinstance(row, MomentCard)]


def remember_tomorrow(memory: Memory) -> None:
    recording_id = memory.begin("recording:/tomorrow", START + NEXT_DAY_S * S)
    for event in (
        opened(NEXT_DAY_S),
        thing(NEXT_DAY_S + 1, "bicycle"),
        closed(NEXT_DAY_S, NEXT_DAY_S + 9, "bicycle"),
    ):
        memory.record(event)
    memory.end(recording_id, START + (NEXT_DAY_S + 10) * S)


def test_an_empty_memory_says_what_to_do_first(empty: Memory) -> None:
    screen = LifelogPresenter(empty, UTC).screen()
    assert screen.rows == ()
    assert screen.empty is not None
    assert "attune run" in screen.empty.text


def test_a_day_is_told_from_early_to_late_under_its_hours(lifelog: LifelogPresenter) -> None:
    screen = lifelog.screen()
    assert screen.title == "Tuesday 14 November 2023"
    assert screen.subtitle.startswith("2 moments")
    assert screen.rows[0] == Heading("22:00")
    assert [card.time for card in cards(lifelog)] == ["22:14", "22:14"]
    assert cards(lifelog)[0].title == "Book"


def test_a_day_that_is_over_begins_with_its_summary(day: Memory) -> None:
    day.consolidate(START + NEXT_DAY_S * S, UTC)
    lifelog = LifelogPresenter(day, UTC)
    summary = lifelog.screen().rows[0]
    assert isinstance(summary, Note)
    assert summary.time == "22:14 to 22:15", "the stretch that moved most"
    assert "Ruth Ambler said" in summary.text
    lifelog.ask_delete(1)
    lifelog.delete()
    assert isinstance(lifelog.screen().rows[0], Heading), "it may tell of what was just deleted"
    lifelog.commit()
    told = lifelog.screen().rows[0]
    assert isinstance(told, Note)
    assert "biscuits" not in told.text


def test_a_card_quotes_the_longest_sentence(lifelog: LifelogPresenter) -> None:
    card = cards(lifelog)[0]
    assert card.quote_by == "You"
    assert "kitchen table" in card.quote


def test_days_can_be_walked(day: Memory) -> None:
    remember_tomorrow(day)
    lifelog = LifelogPresenter(day, UTC)
    assert [card.title for card in cards(lifelog)] == ["Bicycle"]
    assert (lifelog.screen().can_go_earlier, lifelog.screen().can_go_later) == (True, False)
    lifelog.earlier()
    assert len(cards(lifelog)) == 2
    lifelog.later()
    assert len(cards(lifelog)) == 1


def test_search_finds_moments_of_all_days_and_what_lies_outside_them(day: Memory) -> None:
    remember_tomorrow(day)
    lifelog = LifelogPresenter(day, UTC)
    lifelog.search("  biscuits ")
    assert lifelog.screen().title == "Found: biscuits"
    assert cards(lifelog)[0].title == "Book"
    lifelog.search("Boston")
    notes = [row for row in lifelog.screen().rows if isinstance(row, Note)]
    assert any("Boston" in note.text for note in notes)


def test_a_search_without_a_match_advises(lifelog: LifelogPresenter) -> None:
    lifelog.search("submarine")
    screen = lifelog.screen()
    assert screen.rows == ()
    assert screen.empty is not None
    assert "Esc" in screen.empty.text


def test_filtering_by_a_person_toggles(lifelog: LifelogPresenter, day: Memory) -> None:
    ruth = next(person for person in day.people() if person.name == "Ruth Ambler")
    lifelog.filter_person(ruth.id)
    assert [card.title for card in cards(lifelog)] == ["Ruth Ambler"]
    lifelog.filter_person(ruth.id)
    assert len(cards(lifelog)) == 2


def test_named_people_come_first_and_the_wearer_is_no_filter(
    lifelog: LifelogPresenter, day: Memory
) -> None:
    people = lifelog.screen().people
    named = [bool(day.person(chip.id).name) for chip in people]
    assert named == sorted(named, reverse=True)
    assert not any(day.person(chip.id).is_wearer for chip in people)


def test_an_opened_moment_tells_everything(lifelog: LifelogPresenter) -> None:
    lifelog.open(cards(lifelog)[0].id)
    detail = lifelog.screen().detail
    assert detail is not None
    assert detail.looked_at == "book"
    assert "MONTEFALCO" in detail.writing
    assert [line.name for line in detail.transcript] == ["You"]
    assert detail.key_s == pytest.approx(6.0)
    assert detail.gaze_track is None
    assert detail.when == "Tuesday 14 November 2023, 22:14:00   ·   12 s"


@pytest.mark.parametrize(
    ("steps", "expected"), [([1], 0), ([1, 1], 1), ([1, 1, 1], 1), ([1, 1, -1], 0), ([-1], 0)]
)
def test_arrows_walk_the_cards(lifelog: LifelogPresenter, steps: list[int], expected: int) -> None:
    for by in steps:
        lifelog.step(by)
    detail = lifelog.screen().detail
    assert detail is not None
    assert detail.card.id == cards(lifelog)[expected].id


def test_escape_leaves_the_innermost_first(lifelog: LifelogPresenter) -> None:
    lifelog.search("biscuits")
    lifelog.step(1)
    lifelog.ask_delete(cards(lifelog)[0].id)
    lifelog.back()
    assert lifelog.screen().confirmation is None
    assert lifelog.screen().detail is not None
    lifelog.back()
    assert lifelog.screen().detail is None
    assert lifelog.screen().query
    lifelog.back()
    assert lifelog.screen().query == ""


def test_a_rename_is_kept_and_can_be_undone(lifelog: LifelogPresenter, day: Memory) -> None:
    stranger = next(person for person in day.people() if not person.name)
    lifelog.rename(stranger.id, "  Mara   Lind ")
    assert day.person(stranger.id).name == "Mara Lind"
    notice = lifelog.screen().notice
    assert notice is not None
    assert notice.can_undo
    lifelog.undo()
    assert day.person(stranger.id).name == ""
    assert lifelog.screen().notice is None


@pytest.mark.parametrize("name", ["", "   ", "Ruth Ambler"])
def test_a_name_that_changes_nothing_is_no_rename(
    lifelog: LifelogPresenter, day: Memory, name: str
) -> None:
    ruth = next(person for person in day.people() if person.name == "Ruth Ambler")
    lifelog.rename(ruth.id, name)
    assert day.person(ruth.id) == ruth
    assert lifelog.screen().notice is None


def test_before_a_deletion_it_says_what_goes(lifelog: LifelogPresenter) -> None:
    lifelog.ask_delete(cards(lifelog)[0].id)
    asked = lifelog.screen().confirmation
    assert asked is not None
    assert asked.question == "Delete the moment of 22:14?"
    assert {"1 moment", "1 spoken sentence", "1 thing seen"} <= set(asked.loses)


def test_a_deletion_can_be_undone(lifelog: LifelogPresenter, day: Memory) -> None:
    before = [card.id for card in cards(lifelog)]
    lifelog.ask_delete(before[0])
    lifelog.delete()
    assert [card.id for card in cards(lifelog)] == before[1:]
    lifelog.undo()
    assert [card.id for card in cards(lifelog)] == before
    lifelog.commit()
    assert day.counts()[Kind.MOMENT] == 2


def test_a_committed_deletion_is_for_good(lifelog: LifelogPresenter, day: Memory) -> None:
    moment_id = cards(lifelog)[0].id
    lifelog.open(moment_id)
    lifelog.ask_delete(moment_id)
    lifelog.delete()
    lifelog.commit()
    assert lifelog.screen().detail is None
    with pytest.raises(MemoryStoreError):
        day.moment(moment_id)
    lifelog.undo()
    assert [card.id for card in cards(lifelog)] == [2]


def test_keeping_deletes_nothing(lifelog: LifelogPresenter, day: Memory) -> None:
    lifelog.ask_delete(cards(lifelog)[0].id)
    lifelog.cancel_delete()
    lifelog.delete()
    lifelog.commit()
    assert day.counts()[Kind.MOMENT] == 2


def test_deleting_a_second_moment_settles_the_first(lifelog: LifelogPresenter, day: Memory) -> None:
    first, second = (card.id for card in cards(lifelog))
    for moment_id in (first, second):
        lifelog.ask_delete(moment_id)
        lifelog.delete()
    lifelog.undo()
    assert [card.id for card in cards(lifelog)] == [second]
    assert [moment.id for moment in day.moments()] == [second]


def test_what_is_remembered_meanwhile_appears(lifelog: LifelogPresenter, day: Memory) -> None:
    remember_tomorrow(day)
    lifelog.reload()
    assert lifelog.screen().can_go_later
