from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.data.davis import davis_names, read_davis
from evals.data.eye_traces import read_traces, smooth
from evals.data.gazed_scene import scene_of
from evals.data.gazed_video import Behaviour, GazedVideo, Owner, frame_ns, look_at
from firmware_bridge.packets import GazeSample, SceneFrame
from tests.evals.films import film, trace

CERTAIN = Behaviour(offset_deg=0.0, distracted=0.0)


def looked_at(seconds: float = 60.0, seed: int = 3, behaviour: Behaviour = CERTAIN) -> GazedVideo:
    return look_at(scene_of(film()), trace(), seconds, seed, behaviour)


def on_target(video: GazedVideo, owner: Owner) -> float:
    """Share of gaze samples of an owner that lie in the target's box, tremor allowed for."""
    hits = []
    for sample, whose in zip(video.gaze, video.owners, strict=True):
        box = video.box(int((sample.t_ns - frame_ns(0)) * 24 / 1e9))
        if whose == owner and sample.is_valid and box is not None:
            hits.append(box.contains(sample.x_px, sample.y_px, 10.0))
    return float(np.mean(hits))


def test_gaze_lies_on_the_target_while_it_is_attended_to_and_elsewhere_while_it_is_not() -> None:
    video = looked_at()
    assert on_target(video, Owner.TARGET) > 0.9
    assert on_target(video, Owner.ELSEWHERE) < 0.15


def test_time_is_spent_as_the_behaviour_says() -> None:
    behaviour = replace(CERTAIN, attend_share=0.5, wander_share=0.1)
    videos = [looked_at(120.0, seed, behaviour) for seed in range(6)]
    owners = np.concatenate([video.owners for video in videos])
    shares = np.bincount(owners, minlength=4) / len(owners)
    assert shares[Owner.TARGET] == pytest.approx(0.5, abs=0.12)
    assert shares[Owner.THOUGHT] == pytest.approx(0.1, abs=0.08)


def test_looking_away_is_not_attending_and_a_blink_is() -> None:
    behaviour = replace(CERTAIN, attend_share=0.95, wander_share=0.0, lost_share=0.0)
    video = looked_at(behaviour=replace(behaviour, distracted=0.3))
    lost = np.array([not sample.is_valid for sample in video.gaze])
    assert (video.owners[lost] == Owner.TARGET).mean() > 0.5
    assert 0.1 < (video.owners == Owner.ELSEWHERE).mean() < 0.5


def test_a_seed_decides_everything() -> None:
    def shown(video: GazedVideo) -> list[str]:
        return [repr(sample) for sample in video.gaze]

    assert shown(looked_at(5.0)) == shown(looked_at(5.0))
    assert shown(looked_at(5.0)) != shown(looked_at(5.0, seed=4))


def test_a_film_is_shown_to_and_fro_with_its_boxes() -> None:
    video = looked_at(4.0)
    assert [video.scene.index(n) for n in (0, 1, 23, 24, 46, 47)] == [0, 1, 23, 22, 0, 1]
    for number in (0, 12, 30):
        box = video.box(number)
        assert box is not None
        middle = 150 + 8 * video.scene.index(number)
        assert box.center_px == pytest.approx((middle, 240), abs=2)
    packets = list(video.packets())
    assert [p.t_ns for p in packets] == sorted(p.t_ns for p in packets)
    assert sum(isinstance(p, SceneFrame) for p in packets) == video.frames == 96
    assert sum(isinstance(p, GazeSample) for p in packets) == 800


def test_smoothing_keeps_a_steady_path() -> None:
    path = np.stack([np.full(50, 3.0), np.full(50, -1.0)], axis=1)
    assert smooth(path, 4.0) == pytest.approx(path)


def test_the_films_and_eyes_at_hand_can_be_read(shared_data: Path) -> None:
    assert shared_data.is_dir()
    names = davis_names()
    read = read_davis(names[0])
    assert len(read.pictures) == len(read.masks) > 20
    assert all(
        picture.shape[:2] == mask.shape
        for picture, mask in zip(read.pictures, read.masks, strict=True)
    )
    assert any(mask.any() for mask in read.masks)
    traces = read_traces()
    assert {t.person for t in traces} >= {"user_1"}
    stays = [stay for stay in traces[0].stays if not stay.is_blink]
    assert 0.2 < np.median([len(stay) / 200 for stay in stays]) < 1.5
    assert all(np.abs(stay.tremor_deg).max() <= 3.0 for stay in stays)
