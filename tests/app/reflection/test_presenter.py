from __future__ import annotations

from datetime import UTC

import pytest

from app.reflection.presenter import ReflectionPresenter
from app.reflection.state import Span
from memory.store import Memory
from perception.events import CauseKind, Emotion
from tests.memory.day import START, S, felt

HOUR_S = 3600


@pytest.fixture
def felt_day(day: Memory) -> Memory:
    recording_id = day.begin("recording:/evening", START + 200 * S)
    for event in (
        felt(210, 214, Emotion.SAD, CauseKind.HEARD, "Nadine's words"),
        felt(230, 233, Emotion.HAPPY, CauseKind.SEEN, "dog"),
        felt(250, 252, Emotion.HAPPY, CauseKind.UNKNOWN, ""),
    ):
        day.record(event)
    day.end(recording_id, START + 300 * S)
    return day


@pytest.fixture
def reflection(felt_day: Memory) -> ReflectionPresenter:
    return ReflectionPresenter(felt_day, UTC)


def test_without_feelings_it_says_what_to_do_first(empty: Memory) -> None:
    screen = ReflectionPresenter(empty, UTC).screen()
    assert screen.empty is not None
    assert "attune run" in screen.empty[1]
    assert (screen.ribbon, screen.cards, screen.ticks) == ((), (), ())


def test_the_ribbon_runs_in_order_of_time(reflection: ReflectionPresenter) -> None:
    ribbon = reflection.screen().ribbon
    assert [point.emotion for point in ribbon] == [
        Emotion.HAPPY,
        Emotion.SAD,
        Emotion.HAPPY,
        Emotion.HAPPY,
    ]
    assert all(0 <= p.start <= p.peak <= p.end <= 1 for p in ribbon)
    assert [p.peak for p in ribbon] == sorted(p.peak for p in ribbon)


def test_causes_are_counted_per_feeling(reflection: ReflectionPresenter) -> None:
    counts = {count.emotion: count for count in reflection.screen().counts}
    assert counts[Emotion.HAPPY].count == 3
    assert "1 × dog" in counts[Emotion.HAPPY].causes
    assert "1 × unknown" in counts[Emotion.HAPPY].causes
    assert counts[Emotion.SAD].causes == "1 × Nadine's words"


def test_a_card_says_cause_and_confidence_in_words(reflection: ReflectionPresenter) -> None:
    card = next(c for c in reflection.screen().cards if c.emotion is Emotion.SAD)
    assert card.cause == "because of “Nadine's words”"
    assert card.confidence == "fairly sure"
    assert card.time == "22:17:32"


def test_an_unknown_cause_is_not_asked_about(reflection: ReflectionPresenter) -> None:
    card = reflection.screen().cards[-1]
    assert (card.cause, card.can_ask) == ("cause unknown", False)


@pytest.mark.parametrize("is_right", [True, False])
def test_the_answer_to_was_this_why_is_kept(
    reflection: ReflectionPresenter, felt_day: Memory, is_right: bool
) -> None:
    card = reflection.screen().cards[1]
    assert card.is_confirmed is None
    reflection.answer(card.id, is_right)
    assert reflection.screen().cards[1].is_confirmed is is_right
    assert [f.is_confirmed for f in felt_day.feelings() if f.id == card.id] == [is_right]


def test_filtering_by_a_feeling_toggles_and_keeps_the_ribbon(
    reflection: ReflectionPresenter,
) -> None:
    reflection.filter_emotion(Emotion.SAD)
    screen = reflection.screen()
    assert [card.emotion for card in screen.cards] == [Emotion.SAD]
    assert len(screen.ribbon) == 4
    reflection.filter_emotion(Emotion.SAD)
    assert len(reflection.screen().cards) == 4


def test_choosing_on_the_ribbon_shows_its_card(reflection: ReflectionPresenter) -> None:
    reflection.filter_emotion(Emotion.SAD)
    last = reflection.screen().ribbon[-1].feeling_id
    reflection.choose(last)
    screen = reflection.screen()
    assert screen.chosen_id == last
    assert last in [card.id for card in screen.cards]
    reflection.back()
    assert reflection.screen().chosen_id is None


@pytest.mark.parametrize(("steps", "expected"), [([1], 0), ([1, 1], 1), ([1] * 9, 3), ([1, -1], 0)])
def test_arrows_walk_the_ribbon(
    reflection: ReflectionPresenter, steps: list[int], expected: int
) -> None:
    for by in steps:
        reflection.step(by)
    screen = reflection.screen()
    assert screen.chosen_id == screen.ribbon[expected].feeling_id


def test_a_week_ends_with_the_day_shown(reflection: ReflectionPresenter) -> None:
    reflection.look_back(Span.WEEK)
    screen = reflection.screen()
    assert screen.title == "8 to 14 November 2023"
    assert [tick.text for tick in screen.ticks] == [
        "Wed 8",
        "Thu 9",
        "Fri 10",
        "Sat 11",
        "Sun 12",
        "Mon 13",
        "Tue 14",
    ]
    assert screen.ribbon[0].peak > 6 / 7
    assert screen.cards[0].time.startswith("Tue ")
