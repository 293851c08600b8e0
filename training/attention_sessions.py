"""Sessions to learn attention from: real video looked at in many ways, seen through the cascade.

Films are mirrored, relit, put over each other and shaken, and the sessions of
:mod:`evals.data.gazed_video` on them pass through the real cascade, which gives the evidence.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from evals.cascade import Cascade
from evals.data.davis import MaskedFilm, read_davis
from evals.data.eye_traces import EyeTrace, read_traces
from evals.data.gazed_scene import Scene, scene_of
from evals.data.gazed_video import Behaviour, GazedVideo, Owner, look_at
from perception.attention.evidence import DWELL

SESSION_S = 36.0

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """Evidence and truth of one simulated session.

    Attributes:
        sequences: Whose pictures are in it.
        person: Whose eyes.
        rows: Evidence, shape ``(n, 27)``.
        labels: 1 where the wearer attends, shape ``(n,)``.
    """

    sequences: tuple[str, ...]
    person: str
    is_plain: bool
    rows: Floats
    labels: Floats


class Teacher:
    """Stands in for the network while sessions are made: right with a delay, and at times wrong.

    The evidence depends on what has been held so far, so it must have seen both.

    Args:
        labels: Truth at each tick.
        random: Decides about the errors.
    """

    def __init__(self, labels: Floats, random: np.random.Generator) -> None:
        self.rows: list[Floats] = []
        self._delay = int(random.integers(3, 15))
        self._is_blind = bool(random.random() < 0.35)
        self._hold = float(np.log1p(random.uniform(0.3, 1.0)))
        flips = random.random(len(labels) // 12 + 2) < 0.08
        self._told = np.abs(labels - np.repeat(flips, 12)[: len(labels)])

    @property
    def delay(self) -> int:
        """None."""
        return 0

    def step(self, row: Floats) -> float:
        """Keep the evidence; answer by dwell alone, or by the truth of a moment ago."""
        self.rows.append(row)
        if self._is_blind:
            return float(row[DWELL] >= self._hold)
        return float(self._told[min(max(0, len(self.rows) - 1 - self._delay), len(self._told) - 1)])

    def reset(self) -> None:
        """Keep what was gathered."""


def sessions(sequences: tuple[str, ...], people: tuple[str, ...], seed: int) -> Iterator[Session]:
    """Simulate plain films, films with a second thing pasted in, and looks at the background."""
    random = np.random.default_rng(seed)
    films = {name: read_davis(name) for name in sequences}
    traces = [trace for trace in read_traces() if trace.person in people]
    for number, (name, film) in enumerate(films.items()):
        for trace in traces:
            yield _session((name,), scene_of(altered(film, random)), trace, random, is_plain=True)
        for trace in traces[number::5]:
            scene = on_ground(scene_of(altered(film, random)), random)
            yield _session((name,), scene, trace, random)
    for ground, thing in itertools.permutations(films, 2):
        trace = traces[int(random.integers(len(traces)))]
        film = pasted(films[ground], films[thing], random)
        yield _session((ground, thing), scene_of(altered(film, random)), trace, random)


def altered(film: MaskedFilm, random: np.random.Generator) -> MaskedFilm:
    """Mirror a film, change its light and pace, and turn the head that carries the camera."""
    flip = slice(None, None, -1 if random.random() < 0.5 else 1)
    pace = float(random.choice([0.5, 1.0, 1.0, 1.0, 2.0]))
    order = np.arange(0, len(film) - 1, pace).astype(np.int64)
    curve = (255 * (np.arange(256) / 255) ** random.uniform(0.7, 1.4)).astype(np.uint8)
    size = np.array(film.pictures[0].shape[1::-1], np.float64)
    zoom, period, phase = (
        random.uniform(1.0, 1.4),
        random.uniform(8, 50, 2),
        random.uniform(0, 6, 2),
    )
    way = (zoom - 1) / 2 * size * np.sin(np.arange(len(order))[:, None] / period + phase)
    pictures, masks = [], []
    for k, number in enumerate(order):
        shift = way[k] - (zoom - 1) / 2 * size
        turn = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]]], np.float32)
        whole = (round(size[0]), round(size[1]))
        picture = cv2.warpAffine(film.pictures[number], turn, whole)
        mask = cv2.warpAffine(film.masks[number].astype(np.uint8), turn, whole) > 0
        pictures.append(np.ascontiguousarray(curve[picture[:, flip]]))
        masks.append(np.ascontiguousarray(mask[:, flip]))
    return MaskedFilm(film.name, tuple(pictures), tuple(masks))


def pasted(ground: MaskedFilm, thing: MaskedFilm, random: np.random.Generator) -> MaskedFilm:
    """Cut a thing out of its film and let it swing over another; the other's own stays in view."""
    count = min(len(ground), len(thing))
    way = random.uniform(20, 120, 2) * np.sin(
        np.arange(count)[:, None] / random.uniform(8, 30, 2) + random.uniform(0, 6, 2)
    )
    pictures, masks = [], []
    for k in range(count):
        move = np.array([[1, 0, way[k, 0]], [0, 1, way[k, 1]]], np.float32)
        size = (ground.pictures[k].shape[1], ground.pictures[k].shape[0])
        mask = cv2.warpAffine(thing.masks[k].astype(np.uint8), move, size) > 0
        own = cv2.warpAffine(thing.pictures[k], move, size)
        pictures.append(np.where(mask[:, :, None], own, ground.pictures[k]))
        masks.append(mask)
    return MaskedFilm(f"{thing.name} over {ground.name}", tuple(pictures), tuple(masks))


def on_ground(scene: Scene, random: np.random.Generator) -> Scene:
    """Make a part of the background the target, as when somebody studies a map on a wall."""
    size = np.array(scene.pictures[0].shape[1::-1], np.float64)
    low, high = scene.ground_px.min(axis=0), scene.ground_px.max(axis=0)
    start, stop = 0.15 * size - low, 0.85 * size - high
    middle = np.where(
        start < stop, random.uniform(np.minimum(start, stop), np.maximum(start, stop)), size / 2
    )
    spread = np.broadcast_to(random.uniform(0.02, 0.06, 2) * size[0], scene.ground_px.shape)
    fits = (start < stop).all()
    ground = (
        scene.ground_px
        if fits
        else np.clip(scene.ground_px, 0.15 * size - middle, 0.85 * size - middle)
    )
    return replace(
        scene,
        middle_px=middle + ground,
        spread_px=spread.copy(),
        reach_px=2.2 * spread + 0.04 * size[0],
        boxes=(None,) * len(scene.pictures),
    )


def _session(
    sequences: tuple[str, ...],
    scene: Scene,
    trace: EyeTrace,
    random: np.random.Generator,
    is_plain: bool = False,
) -> Session:
    behaviour = Behaviour(
        attend_share=float(random.uniform(0.2, 0.5)),
        attend_s=float(random.uniform(2.5, 7.0)),
        distracted=float(random.uniform(0.05, 0.2)),
        horizontal_deg=float(random.uniform(50, 100)),
    )
    video = look_at(scene, trace, SESSION_S, int(random.integers(1 << 30)), behaviour)
    rows, labels = evidence_of(video, random)
    return Session(sequences, trace.person, is_plain, rows, labels)


def evidence_of(video: GazedVideo, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Pass a video through the cascade and return evidence and truth of every tick."""
    attends = (video.owners == Owner.TARGET).astype(np.float32)
    truth = attends[8::8]  # a tick is eight gaze samples
    teacher = Teacher(truth, random)
    every = int(random.choice([1, 2, 2, 3]))  # trackers differ in rate: 200, 100 and 67 Hz
    Cascade(video.camera, teacher).run(replace(video, gaze=video.gaze[::every]).packets())
    rows = np.array(teacher.rows, np.float32)
    count = min(len(rows), len(truth))
    return rows[:count], truth[:count]
