from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from firmware_bridge.packets import SceneFrame
from perception.emotion.feelings import Feelings, Item
from perception.events import CauseKind, Emotion, Emotionship, FaceSeen, ObjectSeen
from tests.perception.emotion.streams import (
    BOX,
    SECOND_NS,
    day,
    eyes,
    in_order,
    looked_at,
    said,
    start,
)
from tests.perception.stage_suite import run

KIND = "What a wonderful, lovely surprise, I love it!"
UNKIND = "That was a horrible, terrible mistake."
DULL = "The tin is on the table."


def feelings(*items: Item) -> list[Emotionship]:
    return run(Feelings(), in_order(*items))


def calm(until_s: float) -> list[Item]:
    return list(eyes(until_s, start(1e9)))


def test_a_day_has_its_three_feelings_with_their_causes() -> None:
    kind, dog, unkind = run(Feelings(), day())
    assert (kind.emotion, kind.cause_kind, kind.cause) == (Emotion.HAPPY, CauseKind.HEARD, KIND)
    assert (dog.cause_kind, dog.cause) == (CauseKind.SEEN, "dog")
    assert dog.emotion in (Emotion.INTERESTED, Emotion.MOVED)
    assert 16 <= dog.peak_ns / SECOND_NS <= 19
    assert (unkind.cause_kind, unkind.cause) == (CauseKind.HEARD, UNKIND)
    assert unkind.valence < 0.0 < kind.valence


def test_a_calm_day_with_dull_words_has_no_feelings() -> None:
    assert feelings(*calm(40.0), *looked_at("cup", 2.0, 30.0), said(DULL, 20.0, 22.0)) == []


def test_aroused_eyes_without_a_cause_say_so() -> None:
    (feeling,) = feelings(*eyes(30.0, start(20.0)))
    assert (feeling.cause_kind, feeling.cause) == (CauseKind.UNKNOWN, "")
    assert feeling.influence == 0.0
    assert feeling.confidence <= 0.3


def test_a_face_can_be_the_cause() -> None:
    faces = [FaceSeen(n * SECOND_NS // 5, 1, "", BOX, 0.9, True) for n in range(90, 120)]
    (feeling,) = feelings(*eyes(30.0, start(20.0)), *faces)
    assert (feeling.cause_kind, feeling.cause) == (CauseKind.SEEN, "face")


def test_what_was_in_view_but_not_looked_at_is_no_cause() -> None:
    things = [ObjectSeen(n * SECOND_NS // 2, "dog", BOX, 0.9, False) for n in range(36, 48)]
    (feeling,) = feelings(*eyes(30.0, start(20.0)), *things)
    assert feeling.cause_kind is CauseKind.UNKNOWN


@pytest.mark.parametrize(
    ("text", "pupils", "expected"),
    [
        (KIND, start(1e9), Emotion.HAPPY),
        (KIND, start(20.0), Emotion.HAPPY),
        (UNKIND, start(20.0), Emotion.UNEASY),
        (UNKIND, start(20.0, 6.0, -0.6), Emotion.SAD),
    ],
    ids=["kind and calm", "kind and aroused", "unkind and aroused", "unkind and subdued"],
)
def test_words_and_eyes_together_name_the_feeling(text: str, pupils: object, expected: str) -> None:
    assert callable(pupils)
    (feeling,) = feelings(*eyes(32.0, pupils), said(text, 20.5, 23.0))
    assert feeling.emotion == expected
    assert feeling.cause == text


def test_words_without_eyes_are_enough() -> None:
    (feeling,) = feelings(said(UNKIND, 3.0, 5.0), said(DULL, 60.0, 61.0))
    assert feeling.emotion is Emotion.UNEASY
    assert (feeling.arousal, feeling.influence) == (0.5, 1.0)


def test_own_words_tell_more_than_those_of_others() -> None:
    (own,) = feelings(said(UNKIND, 3.0, 5.0))
    (heard,) = feelings(said(UNKIND, 3.0, 5.0, is_wearer=False))
    assert heard.confidence < own.confidence
    assert own.valence < heard.valence < 0.0


def test_confidence_is_never_high() -> None:
    worst = "Horrible, terrible, awful, disgusting, I hate it, I hate it, I hate it!"
    (feeling,) = feelings(*eyes(30.0, start(20.0, wide_mm=2.0)), said(worst, 20.5, 22.5))
    assert 0.5 < feeling.confidence <= 0.7


def test_a_cause_in_words_is_told_in_few() -> None:
    (feeling,) = feelings(said(f"{KIND} {' '.join(['really'] * 40)}", 3.0, 9.0))
    assert len(feeling.cause.split()) == 11
    assert feeling.cause.endswith(" ...")


def test_feelings_come_soon_and_not_too_often() -> None:
    words = [said((KIND, UNKIND)[n % 2], 4.0 * n, 4.0 * n + 2.0) for n in range(20)]
    stage, found = Feelings(), []
    for item in in_order(*calm(100.0), *words):
        for feeling in stage.update(item):
            now_ns = getattr(item, "t_ns", 0)
            assert now_ns - feeling.end_ns <= 9 * SECOND_NS
            found.append(feeling)
    assert len(found) >= 4
    assert all(b.start_ns - a.end_ns >= 8 * SECOND_NS for a, b in pairwise(found))


def test_equal_feelings_close_to_each_other_are_one() -> None:
    (feeling,) = feelings(said(KIND, 3.0, 5.0), said(KIND, 6.0, 8.0), said(DULL, 60.0, 61.0))
    assert (feeling.start_ns, feeling.end_ns) == (3 * SECOND_NS, 8 * SECOND_NS)


def test_words_that_are_transcribed_late_join_the_arousal_they_came_with() -> None:
    pupils, words = list(eyes(40.0, start(20.0))), said(UNKIND, 20.5, 22.0)
    late = [*(e for e in pupils if e.t_ns < 27 * SECOND_NS), words]
    items = [*late, *(e for e in pupils if e.t_ns >= 27 * SECOND_NS)]
    (feeling,) = run(Feelings(), items)
    assert feeling.cause == UNKIND
    assert feeling.arousal > 0.8


def test_a_room_that_turns_dark_does_not_move_the_wearer() -> None:
    def frames(dark: int) -> list[SceneFrame]:
        images = [np.full((64, 64, 3), level, np.uint8) for level in (120, dark)]
        return [SceneFrame(n * SECOND_NS // 5, n, images[n >= 100 and n < 140]) for n in range(150)]

    pupils = list(eyes(30.0, start(20.0, 8.0, 0.6)))
    assert len(feelings(*pupils, *frames(120))) == 1
    assert feelings(*pupils, *frames(50)) == []
