from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.companion.presenter import MAX_BOXES, CompanionPresenter, Recording, footnote
from app.companion.reasons import Reason, reasons_of
from app.companion.state import Intent, LoopSnapshot, Pause, SeenBox, Talk
from llm.why import WITHOUT_MEMORY
from memory.records import Kind, Source
from memory.store import Memory
from perception.events import Box
from tests.memory.day import events, open_memory, remember

QUIET = LoopSnapshot(0, is_recording=True, can_listen=True)


def presenter(
    snapshot: LoopSnapshot, sent: Callable[[Intent], None] | None = None
) -> CompanionPresenter:
    return CompanionPresenter(lambda: snapshot, sent or (lambda _: None))


@pytest.mark.parametrize(
    ("is_recording", "is_paused", "expected"),
    [
        (True, False, Recording.ON),
        (True, True, Recording.PAUSED),
        (False, True, Recording.PAUSED),
        (False, False, Recording.OFF),
    ],
)
def test_the_indicator_always_says_one_thing(
    is_recording: bool, is_paused: bool, expected: Recording
) -> None:
    snapshot = LoopSnapshot(0, is_recording=is_recording, is_paused=is_paused)
    assert presenter(snapshot).refresh().recording is expected


def test_a_typed_question_is_sent_once_and_tidied() -> None:
    sent: list[Intent] = []
    asked = presenter(QUIET, sent.append).ask("  where is\n my cup? ")
    assert asked
    assert sent == [Talk("where is my cup?")]


def test_an_empty_question_is_not_sent() -> None:
    sent: list[Intent] = []
    assert not presenter(QUIET, sent.append).ask("  \n")
    assert sent == []


@pytest.mark.parametrize(
    ("snapshot", "expected"),
    [
        (QUIET, [Talk()]),
        (replace(QUIET, can_listen=False), []),
        (replace(QUIET, is_answering=True), []),
        (replace(QUIET, is_listening=True), []),
    ],
)
def test_talking_needs_a_free_microphone(snapshot: LoopSnapshot, expected: list[Intent]) -> None:
    sent: list[Intent] = []
    will = presenter(snapshot, sent.append).talk()
    assert sent == expected
    assert will is bool(expected)


@pytest.mark.parametrize("is_paused", [True, False])
def test_the_pause_button_turns_pausing_round(is_paused: bool) -> None:
    sent: list[Intent] = []
    shown = presenter(replace(QUIET, is_paused=is_paused), sent.append)
    shown.toggle_pause()
    assert sent == [Pause(not is_paused)]
    assert shown.refresh().pause_label == ("Resume" if is_paused else "Pause")


def test_of_many_boxes_the_attended_and_the_largest_stay() -> None:
    boxes = [SeenBox(Box(0, 0, size, size), f"box {size}", False) for size in range(1, 30)]
    looked_at = SeenBox(Box(0, 0, 1, 1), "pen", True)
    shown = presenter(replace(QUIET, boxes=(looked_at, *boxes))).refresh().boxes
    assert len(shown) == MAX_BOXES
    assert shown[-1] == looked_at
    assert shown[-2].label == "box 29"


@pytest.mark.parametrize(
    ("snapshot", "part"),
    [
        (replace(QUIET, is_listening=True), "Listening"),
        (replace(QUIET, is_answering=True), "Thinking"),
        (replace(QUIET, boxes=(SeenBox(Box(0, 0, 9, 9), "cup", True),)), "looking at cup"),
    ],
)
def test_the_headline_says_what_goes_on(snapshot: LoopSnapshot, part: str) -> None:
    assert part in presenter(snapshot).refresh().headline


@pytest.mark.parametrize(
    ("snapshot", "parts"),
    [
        (QUIET, ["Nothing dropped"]),
        (
            replace(QUIET, latency_ms={"turn": 1234.0, "faces": 9.0}, dropped={"scene": 0}),
            ["1.2 s"],
        ),
        (
            replace(QUIET, dropped={"faces": 3, "text": 1}),
            ["Dropped frames: 3 for faces and 1 for text"],
        ),
        (replace(QUIET, status="The battery is low."), ["The battery is low", "Nothing dropped"]),
    ],
)
def test_the_footnote_is_honest(snapshot: LoopSnapshot, parts: list[str]) -> None:
    said = footnote(snapshot)
    assert all(part in said for part in parts)


def test_the_last_moment_comes_with_its_words(day: Memory) -> None:
    moment = day.moments()[1]
    shown = presenter(replace(QUIET, last_moment=moment)).refresh().moment
    assert shown is not None
    assert (shown.id, shown.title) == (moment.id, "Ruth Ambler")
    assert "glazier" in shown.quote


def test_why_shows_the_reasons_and_hides_them_again() -> None:
    reason = Reason("5 minutes ago", 'Ruth said: "I am a glazier."', 3)
    shown = CompanionPresenter(lambda: QUIET, lambda _: None, explain=lambda turn_id: (reason,))
    assert shown.refresh().reasons == ()
    shown.why(7)
    assert (shown.refresh().why_id, shown.refresh().reasons) == (7, (reason,))
    shown.why(7)
    assert (shown.refresh().why_id, shown.refresh().reasons) == (None, ())


def test_reasons_are_those_of_the_turn_and_none_are_made_up(tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        remember(memory, events())
        (said, *_) = memory.spoken()
        source = Source(Kind.UTTERANCE, said.id)
        turn = memory.add_turn(said.end_ns, "Where are the biscuits?", "On the table.", (source,))
        (reason,) = reasons_of(memory, turn.id)
        assert "kitchen table" in reason.text
        assert reason.moment_id == said.moment_id
        empty = memory.add_turn(said.end_ns + 1, "And the tea?", "I don't know.")
        assert [r.text for r in reasons_of(memory, empty.id)] == [WITHOUT_MEMORY]
        assert [r.text for r in reasons_of(memory, 999)] == [WITHOUT_MEMORY]
