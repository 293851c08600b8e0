from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from evals.attention_baselines import Dwell
from firmware_bridge.packets import GazeSample
from perception.attention.attention import Attention, AttentionSettings
from perception.attention.snippets import SnippetSettings
from perception.events import (
    Attending,
    AttentionEpisode,
    Box,
    EyeMovementKind,
    EyeMovementOnset,
    FaceSeen,
    ObjectSeen,
    RegionSeen,
    SnippetClosed,
    SnippetOpened,
)
from tests.perception.attention.gaze import CAMERA, START_NS, Gaze, px_of
from tests.perception.attention.scene import box_at, in_stream_order, region, seconds, thing
from tests.perception.stage_suite import run

Seen = ObjectSeen | FaceSeen | RegionSeen


# Longer than the time away that ends an episode, so that what the rolls do can be told apart.
SECOND_ROLLS = AttentionSettings(
    snippets=SnippetSettings(pre_roll_ns=1_000_000_000, post_roll_ns=1_000_000_000)
)
DELAY = 75


def attend(gaze: Gaze, *seen: Seen) -> list[AttentionEpisode | SnippetOpened | SnippetClosed]:
    events = run(by_dwell(), in_stream_order(gaze, seen))
    return [e for e in events if not isinstance(e, Attending)]


def by_dwell() -> Attention:
    """The stage with plain dwell in place of the networks: what follows is about geometry."""
    return Attention(CAMERA, SECOND_ROLLS, judge=Dwell(), hindsight=DwellAfterwards())


class DwellAfterwards:
    """Dwell, told three seconds late: it needs 0.6 s, and lasts until 0.7 s after the gaze."""

    delay = DELAY

    def __init__(self) -> None:
        self._dwell = Dwell()
        self.reset()

    def step(self, row: npt.NDArray[np.float32]) -> float:
        self._waiting.append(self._dwell.step(row))
        return self._waiting.popleft()

    def reset(self) -> None:
        self._waiting = deque([0.0] * DELAY)


def episodes(gaze: Gaze, *seen: Seen) -> list[AttentionEpisode]:
    return [e for e in attend(gaze, *seen) if isinstance(e, AttentionEpisode)]


def snippets(gaze: Gaze, *seen: Seen) -> list[SnippetClosed]:
    return [e for e in attend(gaze, *seen) if isinstance(e, SnippetClosed)]


def spans(found: list[AttentionEpisode] | list[SnippetClosed]) -> list[tuple[float, float]]:
    return [(seconds(e.start_ns), seconds(e.end_ns)) for e in found]


@pytest.mark.parametrize(
    ("gaze", "expected"),
    [
        pytest.param(Gaze().rest(0.4), [], id="too short"),
        pytest.param(Gaze().rest(2.0), [(0.0, 2.0)], id="one thing"),
        pytest.param(
            Gaze().rest(2.0).jump(30, 0).rest(2.0), [(0.0, 2.0), (2.1, 4.1)], id="two things"
        ),
        pytest.param(
            Gaze().rest(1.0).jump(30, 0).rest(0.3).jump(0, 0).rest(1.0),
            [(0.0, 2.5)],
            id="a look away is bridged",
        ),
        pytest.param(Gaze().rest(1.0).lose(0.3).rest(1.0), [(0.0, 2.3)], id="a blink is bridged"),
        pytest.param(
            Gaze().rest(1.0).lose(1.5).rest(1.0), [(0.0, 1.0), (2.5, 3.5)], id="lost eyes end it"
        ),
        pytest.param(
            Gaze().rest(1.0).skip(5.0).rest(1.0), [(0.0, 1.0), (6.0, 7.0)], id="a gap ends it"
        ),
        pytest.param(
            Gaze(noise_deg=0.05).glide(4.0, 12.0), [(0.0, 4.0)], id="a pursued thing is one thing"
        ),
        pytest.param(
            Gaze().rest(1.0).jump(5, 0).rest(0.5).jump(0, 4).rest(0.5),
            [(0.0, 2.0)],
            id="small saccades stay within the region",
        ),
        pytest.param(Gaze().lose(3.0), [], id="eyes never seen"),
    ],
)
def test_dwell_on_one_thing_is_an_episode(gaze: Gaze, expected: list[tuple[float, float]]) -> None:
    found = spans(episodes(gaze))
    assert len(found) == len(expected)
    for span, right in zip(found, expected, strict=True):
        assert span == pytest.approx(right, abs=0.1)


def test_gaze_that_never_rests_on_a_thing_is_no_attention() -> None:
    gaze = Gaze().rest(0.2)
    for step in range(12):
        gaze.jump(30.0 * math.cos(step), 25.0 * math.sin(step)).rest(0.2)
    assert attend(gaze) == []


def test_the_key_lies_in_the_middle_of_the_longest_rest() -> None:
    (episode,) = episodes(Gaze().rest(0.5).jump(6, 0).rest(2.0).jump(3, 3).rest(0.5))
    assert seconds(episode.key_ns) == pytest.approx(1.5, abs=0.1)
    assert (episode.x_px, episode.y_px) == pytest.approx(px_of(6, 0), abs=8.0)
    assert episode.box.contains(*px_of(6, 0))


def test_confidence_grows_with_dwell() -> None:
    short, middle, long = (episodes(Gaze().rest(s))[0].confidence for s in (0.8, 1.6, 5.0))
    assert 0.5 < short < middle < long <= 1.0


def test_boxes_that_come_late_name_what_was_looked_at() -> None:
    seen = [thing(t, "cup", box_at(0, 0)) for t in (0.3, 0.8, 1.3)]
    (episode,) = episodes(Gaze().rest(1.6).jump(35, 0).rest(0.3), *seen)
    assert episode.label == "cup"
    assert episode.box == box_at(0, 0)


def test_the_smallest_box_under_the_gaze_counts() -> None:
    face, person = box_at(0, 0, 8), box_at(0, 5, 30)
    seen = [s for t in (0.3, 0.8, 1.3) for s in (thing(t, "person", person), thing(t, "", face))]
    (episode,) = episodes(Gaze().rest(2.5), *seen)
    assert (episode.label, episode.box) == ("face", face)


def test_a_thing_beside_the_gaze_is_not_what_was_looked_at() -> None:
    seen = [thing(t, "cup", box_at(20, 0), is_attended=False) for t in (0.3, 0.8, 1.3)]
    assert episodes(Gaze().rest(2.5), *seen)[0].label == ""


def test_gaze_that_leaves_a_small_thing_leaves_it() -> None:
    """The step would stay within the region that stands for an unknown thing."""
    seen = [thing(t / 10, "cup", box_at(0, 0, 4)) for t in range(3, 20, 4)]
    gaze = Gaze().rest(2.0).jump(10, 0).rest(2.0)
    assert len(episodes(gaze, *seen)) == 2
    assert len(episodes(gaze)) == 1


def test_another_thing_at_the_same_place_ends_the_episode() -> None:
    cups = [thing(t / 10, "cup", box_at(0, 0, 12)) for t in range(3, 30, 5)]
    books = [thing(t / 10, "book", box_at(3, 0, 6)) for t in range(31, 60, 5)]
    first, second = episodes(Gaze().rest(6.0), *cups, *books)
    assert (first.label, second.label) == ("cup", "book")
    assert seconds(first.end_ns) == pytest.approx(3.1, abs=0.3)
    assert second.start_ns == first.end_ns


def test_another_person_at_the_same_place_ends_the_episode() -> None:
    seen = [thing(t / 10, "", box_at(0, 0), person="anna") for t in range(3, 30, 2)]
    seen += [thing(t / 10, "", box_at(0, 0), person="ben") for t in range(30, 60, 2)]
    assert [e.label for e in episodes(Gaze().rest(6.0), *seen)] == ["face", "face"]


def test_a_detector_in_doubt_does_not_end_an_episode() -> None:
    names = ["cup", "bowl", "cup", "vase", "bowl", "cup", "cup"]
    seen = [thing(0.3 + 0.5 * n, name, box_at(0, 0)) for n, name in enumerate(names)]
    (episode,) = episodes(Gaze().rest(5.0), *seen)
    assert episode.label == "cup"


def test_a_snippet_opens_and_closes_in_hindsight() -> None:
    stage = by_dwell()
    gaze = Gaze().lose(3.0).rest(2.0).lose(6.0)
    opened_ns = closed_ns = 0
    for item in in_stream_order(gaze, ()):
        for event in stage.update(item):
            if isinstance(event, SnippetOpened):
                opened_ns = item.t_ns if isinstance(item, GazeSample) else 0
                assert event.t_ns == opened_ns
                assert seconds(event.start_ns) == pytest.approx(2.6, abs=0.1)
            elif isinstance(event, SnippetClosed):
                closed_ns = item.t_ns if isinstance(item, GazeSample) else 0
                assert seconds(event.end_ns) == pytest.approx(6.7, abs=0.1)
    assert seconds(opened_ns) == pytest.approx(7.1, abs=0.1), "half a second and the delay"
    assert seconds(closed_ns) == pytest.approx(9.7, abs=0.1)


def test_a_snippet_begins_no_earlier_than_the_stream() -> None:
    (snippet,) = snippets(Gaze().rest(2.0))
    assert snippet.start_ns == START_NS


@pytest.mark.parametrize(("away_s", "expected"), [(0.8, 1), (4.0, 2)])
def test_attention_that_comes_back_soon_prolongs_the_snippet(away_s: float, expected: int) -> None:
    assert len(snippets(Gaze().rest(1.5).lose(away_s).rest(1.5))) == expected


def test_short_looks_share_a_snippet_and_long_ones_get_their_own() -> None:
    short = Gaze().rest(1.2).jump(30, 0).rest(1.2).jump(0, 0).rest(0.8)
    assert [len(s.episodes) for s in snippets(short)] == [3]
    long = Gaze().rest(5.0).jump(30, 0).rest(5.0)
    assert [len(s.episodes) for s in snippets(long)] == [1, 1]


def test_coming_back_to_a_recognised_thing_keeps_the_snippet() -> None:
    """Away for too long for one episode, while hindsight takes it for one attention."""
    gaze = Gaze().rest(5.0).jump(20, 0).rest(0.3).jump(40, 0).rest(0.3).jump(0, 0).rest(3.0)
    cups = [thing(t / 10, "cup", box_at(0, 0)) for t in (*range(3, 50, 5), *range(62, 90, 5))]
    *_, kept = judged(lambda t: 0.9, gaze, *cups)
    assert [len(snippet.episodes) for snippet in kept] == [2]


def test_long_attention_is_cut_into_snippets_that_touch() -> None:
    found = snippets(Gaze(rate_hz=60.0).rest(50.0))
    assert [round(seconds(s.end_ns - s.start_ns + START_NS)) for s in found] == [20, 20, 10]
    assert all(a.end_ns == b.start_ns for a, b in pairwise(found))


def test_snippets_never_overlap_and_hold_their_episodes() -> None:
    gaze = Gaze(rate_hz=60.0, noise_deg=0.1)
    for step in range(40):
        gaze.jump(25.0 * math.cos(2 * step), 20.0 * math.sin(2 * step))
        gaze.rest(0.2 + (step * 7 % 11) * 0.5)
        if step % 5 == 4:
            gaze.lose(0.3 * (step % 7))
    found = snippets(gaze)
    assert len(found) > 5
    assert all(a.end_ns <= b.start_ns for a, b in pairwise(found))
    for snippet in found:
        for episode in snippet.episodes:
            assert snippet.start_ns <= episode.start_ns
            assert episode.start_ns <= episode.key_ns <= episode.end_ns <= snippet.end_ns
            assert math.isfinite(episode.x_px)


def test_what_hindsight_rejects_is_not_kept_though_it_was_an_episode() -> None:
    _, found, kept = judged(lambda t: 0.9, Gaze().rest(6.0), later=lambda t: 0.05)
    assert (len(found), kept) == (1, [])


def test_what_hindsight_trims_is_trimmed_and_the_key_lies_within() -> None:
    """Nine seconds of gaze on two places, of which hindsight believes a part of the second."""
    gaze = Gaze().rest(5.0).jump(4, 0).rest(4.0)
    _, (episode,), (snippet,) = judged(lambda t: 0.9, gaze, later=lambda t: float(6.0 < t < 8.0))
    assert seconds(episode.end_ns) == pytest.approx(9.0, abs=0.1)
    assert seconds(snippet.start_ns) == pytest.approx(5.7, abs=0.1)
    assert seconds(snippet.end_ns) == pytest.approx(8.3, abs=0.1)
    (told,) = snippet.episodes
    assert (told.start_ns, told.end_ns) == (snippet.start_ns, snippet.end_ns)
    assert seconds(told.key_ns) == pytest.approx(7.0, abs=0.1)
    assert (told.x_px, told.y_px) == pytest.approx(px_of(4, 0), abs=8.0)


def test_hindsight_opens_nothing_where_no_look_was_certain() -> None:
    assert judged(lambda t: 0.1, Gaze().rest(6.0), later=lambda t: 0.9)[1:] == ([], [])


def test_the_end_of_a_stream_settles_what_waits() -> None:
    _, _, (snippet,) = judged(lambda t: 0.9, Gaze().lose(1.0).rest(2.0))
    assert seconds(snippet.end_ns) == pytest.approx(3.0, abs=0.1)


def test_a_gap_in_the_stream_settles_what_waits() -> None:
    *_, kept = judged(lambda t: 0.9, Gaze().rest(2.0).skip(5.0).rest(2.0))
    assert [seconds(s.end_ns) for s in kept] == pytest.approx([2.0, 9.0], abs=0.1)
    assert kept[1].start_ns > kept[0].end_ns


def test_every_snippet_that_opens_closes_with_its_start() -> None:
    gaze = Gaze().rest(5.0).jump(30, 0).rest(5.0).lose(2.0).rest(1.0)
    events = attend(gaze)
    opened = [e.start_ns for e in events if isinstance(e, SnippetOpened)]
    assert opened == [e.start_ns for e in events if isinstance(e, SnippetClosed)]


def test_boxes_and_onsets_from_long_ago_are_ignored() -> None:
    gaze = Gaze().rest(6.0)
    late = thing(0.3, "cup", box_at(0, 0))
    stage = by_dwell()
    events = [e for item in in_stream_order(gaze, ()) for e in stage.update(item)]
    events += stage.update(late)
    events += stage.update(EyeMovementOnset(START_NS, EyeMovementKind.FIXATION, 10.0, 10.0))
    events += stage.flush()
    assert [e.label for e in events if isinstance(e, AttentionEpisode)] == [""]


def test_the_box_of_a_moving_thing_is_that_of_the_key() -> None:
    seen = [thing(t / 10, "dog", moving) for t, moving in dog(range(2, 40, 5))]
    (episode,) = episodes(Gaze(noise_deg=0.05).glide(4.0, 8.0), *seen)
    assert episode.label == "dog"
    assert episode.box.contains(episode.x_px, episode.y_px)


def dog(tenths: range) -> list[tuple[int, Box]]:
    return [(t, box_at(0.8 * t, 0)) for t in tenths]


class Told:
    """In place of a network: what a function of the time says, 25 times a second."""

    def __init__(self, probability: Callable[[float], float], delay: int = 0) -> None:
        self._probability = probability
        self._delay = delay
        self._ticks = 0

    @property
    def delay(self) -> int:
        return self._delay

    def step(self, row: npt.NDArray[np.float32]) -> float:
        self._ticks += 1
        return self._probability((self._ticks - self._delay) * 0.04)

    def reset(self) -> None:
        self._ticks = 0


def judged(
    probability: Callable[[float], float],
    gaze: Gaze,
    *seen: Seen,
    later: Callable[[float], float] | None = None,
) -> tuple[list[Attending], list[AttentionEpisode], list[SnippetClosed]]:
    hindsight = Told(later or probability, DELAY)
    stage = Attention(CAMERA, judge=Told(probability), hindsight=hindsight)
    events = run(stage, in_stream_order(gaze, seen))
    return (
        [e for e in events if isinstance(e, Attending)],
        [e for e in events if isinstance(e, AttentionEpisode)],
        [e for e in events if isinstance(e, SnippetClosed)],
    )


def test_probability_target_and_box_are_told_25_times_a_second() -> None:
    states, *_ = judged(lambda t: 0.7, Gaze().rest(2.0), region(0.3, 1, 0, 0))
    assert len(states) == pytest.approx(50, abs=1)
    assert {state.probability for state in states} == {0.7}
    last = states[-1]
    assert last.target_id == 1
    assert last.box is not None
    assert last.box.contains(*px_of(0, 0))
    assert all(state.target_id == 0 for state in states if seconds(state.t_ns) < 0.4)


def test_what_the_network_doubts_is_no_attention_however_long_the_gaze_stays() -> None:
    _, found, kept = judged(lambda t: 0.2, Gaze().rest(5.0))
    assert (found, kept) == ([], [])


def test_lasting_doubt_ends_an_episode_and_new_belief_begins_another() -> None:
    _, found, _ = judged(lambda t: 0.1 if 2.0 < t < 4.0 else 0.9, Gaze().rest(6.0))
    assert len(found) == 2
    assert seconds(found[0].end_ns) == pytest.approx(2.0, abs=0.1)
    assert seconds(found[1].start_ns) == pytest.approx(2.3, abs=0.15)
    assert seconds(found[1].end_ns) == pytest.approx(6.0, abs=0.1)


def test_a_moment_of_doubt_ends_nothing() -> None:
    _, found, _ = judged(lambda t: 0.1 if 2.0 < t < 2.25 else 0.9, Gaze().rest(4.0))
    assert len(found) == 1


def test_a_target_that_has_moved_is_known_again_when_gaze_returns() -> None:
    """The look away is short; the thing is 25 degrees further when the eyes are back on it."""
    gaze = Gaze().rest(2.0).jump(-20, 0).rest(0.3).jump(25, 0).rest(2.0)
    cup = [region(t / 5, 1, 0, 0) for t in range(1, 10)]
    moved = [region(t / 5, 1, 25, 0) for t in range(14, 22)]
    states, found, _ = judged(lambda t: 0.9, gaze, *cup, *moved)
    assert len(found) == 1, "one episode over the look away"
    assert {state.target_id for state in states if seconds(state.t_ns) > 3.6} == {1}
    assert found[0].target_id == 1
    other = [region(t / 5, 2, 25, 0) for t in range(14, 22)]
    _, found, _ = judged(lambda t: 0.9, gaze, *cup, *other)
    assert [episode.target_id for episode in found] == [1, 2]


def test_identity_survives_a_loss_of_the_eyes_that_ends_the_episode() -> None:
    gaze = Gaze().rest(2.0).lose(1.5).rest(2.0)
    seen = [region(t / 5, 1, 0, 0) for t in (*range(1, 10), *range(19, 27))]
    _, found, _ = judged(lambda t: 0.9, gaze, *seen)
    assert [episode.target_id for episode in found] == [1, 1]


def test_attention_shorter_than_half_a_second_opens_no_snippet() -> None:
    short = Gaze().rest(0.35).jump(40, 0).rest(0.1).lose(2.0)
    assert judged(lambda t: 0.9, short)[1:] == ([], [])
    long = Gaze().rest(0.7).jump(40, 0).rest(0.1).lose(2.0)
    _, found, kept = judged(lambda t: 0.9, long)
    assert (len(found), len(kept)) == (1, 1)
