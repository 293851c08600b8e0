from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from app.sample.script import SIZE_PX, Clip, Thing, frame_ns, script
from assets.manifest import manifest

CLIPS = script().clips


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
class TestEveryClip:
    def test_footage_is_in_the_manifest(self, clip: Clip) -> None:
        assert manifest().asset(clip.asset).group == "sample"

    def test_boxes_have_an_inside_and_follow_each_other(self, clip: Clip) -> None:
        for thing in clip.things:
            times = [key[0] for key in thing.path]
            assert times == sorted(set(times))
            for _, left, top, right, bottom in thing.path:
                assert left < right
                assert top < bottom

    def test_what_is_looked_at_lies_in_the_picture(self, clip: Clip) -> None:
        for t_s, label in clip.looks:
            thing = clip.looked_at(t_s)
            left, top, right, bottom = thing.box(t_s)
            assert thing.label == label
            assert 0 <= (left + right) / 2 <= SIZE_PX[0]
            assert 0 <= (top + bottom) / 2 <= SIZE_PX[1]

    def test_speakers_and_faces_are_people_of_the_day(self, clip: Clip) -> None:
        people = script().people
        assert all(line.by in people for line in clip.said)
        assert all(thing.person in people for thing in clip.things if thing.kind == "face")


def test_clips_follow_each_other_without_a_gap() -> None:
    starts = script().starts()
    assert starts[0] == 0
    for clip, start, end in zip(CLIPS, starts, [*starts[1:], script().frames], strict=True):
        assert end - start == clip.frames


def test_the_answers_are_not_given_away_by_the_wearer() -> None:
    spoken = " ".join(line.text for clip in CLIPS for line in clip.said if line.by == "wearer")
    for clip in CLIPS:
        if clip.question:
            assert not any(re.search(word, spoken, re.IGNORECASE) for word in clip.question.answer)


def test_the_evidence_comes_before_the_question() -> None:
    names = [clip.name for clip in CLIPS]
    for index, clip in enumerate(CLIPS):
        if clip.question:
            assert all(names.index(name) < index for name in clip.question.evidence)


def test_frame_times_do_not_drift() -> None:
    assert frame_ns(30 * 3600) == 3600 * 1_000_000_000


@pytest.mark.parametrize(
    ("t_s", "left"), [(0.0, 0.0), (1.0, 0.0), (1.5, 50.0), (2.0, 100.0), (9.0, 100.0)]
)
def test_boxes_run_straight_and_hold_outside(t_s: float, left: float) -> None:
    thing = Thing(label="x", kind="object", path=((1.0, 0, 0, 10, 10), (2.0, 100, 0, 110, 10)))
    assert thing.box(t_s)[0] == pytest.approx(left)


@pytest.mark.parametrize(
    ("looks", "complaint"),
    [
        (((0.0, "nothing"),), "no thing is called"),
        (((1.0, "map"),), "must begin at 0"),
        (((0.0, "map"), (2.0, "map"), (1.0, "map")), "follow each other"),
    ],
)
def test_impossible_looks_are_refused(looks: tuple[tuple[float, str], ...], complaint: str) -> None:
    clip = {
        "name": "c",
        "asset": "a",
        "description": "d",
        "duration_s": 3.0,
        "looks": looks,
        "thing": [{"label": "map", "kind": "object", "path": [[0.0, 0, 0, 1, 1]]}],
    }
    with pytest.raises(ValidationError, match=complaint):
        Clip.model_validate(clip)
