"""Simulated attention: real video with masks, looked at with the eye movements of real people.

No set of glasses recordings says, frame by frame, what a wearer attended to. Here that is decided
beforehand, and the gaze is made to fit. **Real** are the pictures and masks (DAVIS 2016), and of
the eyes the length and order of every fixation, pursuit and blink, their tremor, noise and
confidence (the head-mounted recordings, HMR). **Simulated** are: when the wearer attends, looks
around, wanders off in thought or loses the tracker; where each stay lies; saccades (minimum jerk,
main sequence); a constant calibration error; the lag behind a moving target. A film is played
forwards and backwards, since its few seconds are too short for a day.

Attentive is every frame in which the gaze belongs to the target and the mind is with it. Looking
away for the length of a fixation is not; a blink while attending is.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from evals.data.davis import RATE_HZ
from evals.data.eye_traces import EyeTrace, Stay
from evals.data.gazed_scene import Floats, Scene
from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import GazeSample, SceneFrame
from perception.events import Box

SECOND_NS = 1_000_000_000
START_NS = 1_700_000_000 * SECOND_NS
GAZE_HZ = 200

_STEP_NS = SECOND_NS // GAZE_HZ
_AHEAD_S = 8.0
_NAN = float("nan")


class Owner(IntEnum):
    """To what the gaze belongs."""

    TARGET = 0
    ELSEWHERE = 1
    THOUGHT = 2
    NOBODY = 3


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the simulated wearer spends the time.

    The shares follow no recording, for there is none. Minds wander in 30 to 50 % of waking samples
    (Killingsworth and Gilbert, Science 2010); what is left is mostly looking around.
    """

    attend_share: float = 0.24
    """Of the time, attention to the target."""
    wander_share: float = 0.32
    """Of the time, eyes that rest while the mind is elsewhere."""
    lost_share: float = 0.05
    """Of the time, eyes that the tracker cannot see."""
    attend_s: float = 6.0
    """Median length of attention, in seconds; lengths spread by a factor of 1.6."""
    wander_s: float = 6.0
    """Median length of a wandering thought, in seconds."""
    around_s: float = 5.0
    """Median length of looking around, in seconds."""
    lost_s: float = 2.0
    """Median length of a loss of the eyes, in seconds."""
    distracted: float = 0.1
    """Probability of each stay to lie elsewhere while the target is attended to, in [0, 1]."""
    stare: float = 0.4
    """Probability of a wandering thought to begin with the eyes on the target, in [0, 1]."""
    horizontal_deg: float = 60.0
    """Field of view of the scene camera, in degrees."""
    offset_deg: float = 0.7
    """Standard deviation of the calibration error on each axis, in degrees."""
    lag_s: float = 0.05
    """How far gaze is behind a moving target, in seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class GazedVideo:
    """A scene with a gaze on it.

    Attributes:
        gaze: At 200 Hz.
        owners: To what each gaze sample belongs, shape ``(n,)``.
        frames: How many pictures are shown, at 24 Hz.
    """

    scene: Scene
    person: str
    camera: SceneCamera
    gaze: tuple[GazeSample, ...]
    owners: npt.NDArray[np.uint8]
    frames: int

    def frame(self, number: int) -> SceneFrame:
        """Return a picture as the scene camera would send it."""
        return SceneFrame(frame_ns(number), number, self.scene.pictures[self.scene.index(number)])

    def packets(self) -> Iterator[GazeSample | SceneFrame]:
        """Yield gaze and pictures in time order."""
        streams: tuple[Iterable[GazeSample | SceneFrame], ...] = (
            self.gaze,
            (self.frame(number) for number in range(self.frames)),
        )
        yield from heapq.merge(*streams, key=lambda packet: packet.t_ns)

    def box(self, number: int) -> Box | None:
        """Return where the target is, or None while it is out of view."""
        return self.scene.boxes[self.scene.index(number)]

    def is_attentive(self) -> npt.NDArray[np.bool_]:
        """Tell of each frame whether the wearer attends to the target."""
        at = np.arange(self.frames) * GAZE_HZ // RATE_HZ
        return np.asarray(self.owners[np.minimum(at, len(self.owners) - 1)] == Owner.TARGET)


def frame_ns(number: int) -> int:
    """When a frame is shown."""
    return START_NS + number * SECOND_NS // RATE_HZ


def look_at(
    scene: Scene,
    trace: EyeTrace,
    seconds: float,
    seed: int,
    behaviour: Behaviour | None = None,
) -> GazedVideo:
    """Let a person look at a scene.

    Args:
        scene: What is shown.
        trace: How the person's eyes move.
        seconds: For how long.
        seed: Decides everything that is drawn.
        behaviour: How the time is spent.
    """
    behaviour = behaviour or Behaviour()
    height, width = scene.pictures[0].shape[:2]
    camera = SceneCamera.from_field_of_view(width, height, behaviour.horizontal_deg)
    wearer = _Wearer(scene, trace, camera, behaviour, np.random.default_rng(seed))
    gaze, owners = wearer.live(seconds)
    return GazedVideo(scene, trace.person, camera, gaze, owners, int(seconds * RATE_HZ))


@dataclass(slots=True)
class _Wearer:
    """Draws stays one after the other and writes the gaze down."""

    scene: Scene
    trace: EyeTrace
    camera: SceneCamera
    behaviour: Behaviour
    random: np.random.Generator
    t_s: float = 0.0
    rows: list[Floats] = field(default_factory=list)
    confidence: list[Floats] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    cursor: int = 0

    def live(self, seconds: float) -> tuple[tuple[GazeSample, ...], npt.NDArray[np.uint8]]:
        self.cursor = int(self.random.integers(len(self.trace.stays)))
        offset_px = self.random.normal(0, self.behaviour.offset_deg, 2) * self._px_per_deg
        while self.t_s < seconds:
            self._do(self._mood())
        places = np.concatenate(self.rows) + offset_px
        sure = np.concatenate(self.confidence)
        count = int(seconds * GAZE_HZ)
        gaze = tuple(
            GazeSample(START_NS + n * _STEP_NS, float(x), float(y), float(c))
            if x == x
            else GazeSample(START_NS + n * _STEP_NS, _NAN, _NAN, 0.0)
            for n, ((x, y), c) in enumerate(zip(places[:count], sure[:count], strict=True))
        )
        return gaze, np.array(self.owners[:count], np.uint8)

    @property
    def _px_per_deg(self) -> float:
        return float(self.camera.matrix[0, 0]) * np.pi / 180

    def _mood(self) -> Owner:
        """Draw what comes next from what has had less than its share of time so far."""
        b = self.behaviour
        around_share = 1 - b.attend_share - b.wander_share - b.lost_share
        shares = np.array([b.attend_share, around_share, b.wander_share, b.lost_share])
        spent_s = np.bincount(self.owners, minlength=len(Owner)) / GAZE_HZ
        due_s = np.maximum(shares * (self.t_s + _AHEAD_S) - spent_s, 0.0)
        return Owner(int(self.random.choice(len(Owner), p=due_s / due_s.sum())))

    def _do(self, mood: Owner) -> None:
        b = self.behaviour
        median_s = (b.attend_s, b.around_s, b.wander_s, b.lost_s)[mood]
        until_s = self.t_s + median_s * float(np.exp(self.random.normal(0, np.log(1.6))))
        if mood is Owner.TARGET:
            self._attend(until_s)
        elif mood is Owner.ELSEWHERE:
            self._look_around(until_s)
        elif mood is Owner.THOUGHT:
            self._wander(until_s)
        else:
            count = max(1, round((until_s - self.t_s) * GAZE_HZ))
            self._write(np.full((count, 2), _NAN), np.zeros(count), Owner.NOBODY)

    def _attend(self, until_s: float) -> None:
        part = self._part_of_target()
        while self.t_s < until_s:
            stay = self._next_stay()
            if stay.is_blink:
                self._blink(stay, Owner.TARGET)
            elif self.random.random() < self.behaviour.distracted and self.owners:
                self._stay(_cut(stay, 0.15, 0.6, self.random), self._elsewhere(), Owner.ELSEWHERE)
            else:
                part = self._part_of_target() if self.random.random() < 0.6 else part
                self._stay(stay, self._on_target(part, len(stay)), Owner.TARGET)

    def _look_around(self, until_s: float) -> None:
        while self.t_s < until_s:
            stay = self._next_stay()
            if stay.is_blink:
                self._blink(stay, Owner.ELSEWHERE)
            else:
                self._stay(_cut(stay, 0.15, 0.6, self.random), self._elsewhere(), Owner.ELSEWHERE)

    def _wander(self, until_s: float) -> None:
        """Few, long stays that drift, keep to the world by half and more, and follow nothing."""
        place_px = self._elsewhere()[0]
        if self.random.random() < self.behaviour.stare:
            place_px = self._on_target(self._part_of_target(), 1)[0]
        while self.t_s < until_s:
            stays = [self._next_stay() for _ in range(int(self.random.integers(2, 5)))]
            seen = [stay for stay in stays if not stay.is_blink]
            for stay in (stay for stay in stays if stay.is_blink):
                self._blink(stay, Owner.THOUGHT)
            if seen:
                whole = Stay(
                    np.concatenate([s.tremor_deg for s in seen]),
                    np.concatenate([s.confidence for s in seen]),
                    is_blink=False,
                )
                path = self._stare(place_px, len(whole))
                self._stay(whole, path, Owner.THOUGHT)
                place_px = path[-1] + self.random.normal(0, 2.0, 2) * self._px_per_deg

    def _next_stay(self) -> Stay:
        self.cursor = (self.cursor + 1) % len(self.trace.stays)
        return self.trace.stays[self.cursor]

    def _part_of_target(self) -> Floats:
        direction = self.random.uniform(0, 2 * np.pi)
        length = 0.9 * np.sqrt(self.random.random())
        return np.array([length * np.cos(direction), length * np.sin(direction)])

    def _on_target(self, part: Floats, count: int) -> Floats:
        times_s = self.t_s + np.arange(count) / GAZE_HZ - self.behaviour.lag_s
        middle = self.scene.at(self.scene.middle_px, times_s)
        return middle + part * self.scene.at(self.scene.spread_px, times_s)

    def _elsewhere(self) -> Floats:
        """A mark of the background that is in view and off the target, kept for two seconds."""
        times_s = self.t_s + np.arange(2 * GAZE_HZ) / GAZE_HZ
        ground = self.scene.at(self.scene.ground_px, times_s)
        now = np.array([times_s[0]])
        middle, reach = (
            self.scene.at(p, now)[0] for p in (self.scene.middle_px, self.scene.reach_px)
        )
        size = np.array([self.camera.width_px, self.camera.height_px])
        places = self.scene.marks_px + ground[0]
        inside = ((places > 0.03 * size) & (places < 0.97 * size)).all(axis=1)
        off = (((places - middle) / reach) ** 2).sum(axis=1) > 1
        good = np.flatnonzero(inside & off)
        if len(good):
            place = places[self.random.choice(good)]
        else:
            corner = np.where(middle > size / 2, 0.08, 0.92)
            place = corner * size
        return np.asarray(place + ground - ground[0], np.float64)

    def _stare(self, place_px: Floats, count: int) -> Floats:
        times_s = self.t_s + np.arange(count) / GAZE_HZ
        ground = self.scene.at(self.scene.ground_px, times_s)
        drift = np.cumsum(self.random.normal(0, 0.05, (count, 2)), axis=0) * self._px_per_deg
        gain = self.random.uniform(0.5, 1.0)
        return np.asarray(place_px + gain * (ground - ground[0]) + drift, np.float64)

    def _blink(self, stay: Stay, owner: Owner) -> None:
        self._write(np.full((len(stay), 2), _NAN), np.zeros(len(stay)), owner)

    def _stay(self, stay: Stay, path_px: Floats, owner: Owner) -> None:
        """A saccade to where the path will be, and the stay on it."""
        known = self.rows[-1][~np.isnan(self.rows[-1][:, 0])] if self.rows else np.zeros((0, 2))
        if len(known):
            self._jump(known[-1], path_px[0], owner)
        count = min(len(stay), len(path_px))
        tremor = stay.tremor_deg[:count] * self._px_per_deg
        self._write(path_px[:count] + tremor, stay.confidence[:count], owner)

    def _jump(self, from_px: Floats, to_px: Floats, owner: Owner) -> None:
        """Minimum jerk; 21 ms and 2.2 ms for each degree (Bahill, Clark and Stark 1975)."""
        amplitude_deg = float(np.hypot(*(to_px - from_px))) / self._px_per_deg
        count = max(2, round((0.021 + 0.0022 * amplitude_deg) * GAZE_HZ))
        share = np.arange(1, count + 1)[:, None] / (count + 1)
        progress = share**3 * (10 - 15 * share + 6 * share**2)
        self._write(from_px + progress * (to_px - from_px), np.ones(count), owner)

    def _write(self, places_px: Floats, confidence: Floats, owner: Owner) -> None:
        self.rows.append(places_px)
        self.confidence.append(confidence)
        self.owners += [int(owner)] * len(places_px)
        self.t_s += len(places_px) / GAZE_HZ


def _cut(stay: Stay, least_s: float, most_s: float, random: np.random.Generator) -> Stay:
    count = min(len(stay), round(random.uniform(least_s, most_s) * GAZE_HZ))
    return Stay(stay.tremor_deg[:count], stay.confidence[:count], stay.is_blink)
