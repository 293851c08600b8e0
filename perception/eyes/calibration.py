"""From pupils to gaze: a robust polynomial for each eye, fitted to a few points looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from firmware_bridge.device import SceneCamera
from perception.attention.angles import angle_deg, unit_ray
from perception.eyes.eye_map import EyeMap, Points, Terms
from perception.eyes.pupil import NAN, EyesSeen, Pupil
from perception.stage import PerceptionError

LEAST_POINTS = 5
LEAST_LOOKS = 3
LEAST_CONFIDENCE = 0.5
STRAY, LEAST_STRAY = 4.0, 0.01
GOOD_DEG, USABLE_DEG = 1.5, 3.0
SEEN_SHARE = 0.5
HUBER = 1.345
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Look:
    """Eyes seen while the wearer looked at a known place.

    Attributes:
        eyes: What was seen.
        point: Which of the places; what belongs together in cross-validation.
        x_px: Column of the place in the scene picture.
        y_px: Row of the place.
    """

    eyes: EyesSeen
    point: int
    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True)
class PointError:
    """How exact gaze is at one point, when the point is left out of the fit.

    Attributes:
        x_px: Column of the point in the scene picture; the mean where it moved.
        y_px: Row of the point.
        error_deg: Mean angle between gaze and point; NaN where no pupil was seen.
        frames: Eye frames while it was shown.
        seen: Those of them in which a pupil was seen surely enough.
    """

    x_px: float
    y_px: float
    error_deg: float
    frames: int
    seen: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """A wearer's eyes in one pair of glasses.

    Attributes:
        eyes_size_px: Width and height of the eye frames.
        scene_size_px: Width and height of the scene picture.
        view_share: How much of each eye's picture is looked at.
        maps: One for each eye in the frame; None for an eye that was not seen well enough.
        points: What was looked at, and how exactly.
        error_deg: Mean of the points' cross-validated errors.
        apart_deg: Median angle between the gazes of both eyes; NaN for one eye.
    """

    eyes_size_px: tuple[int, int]
    scene_size_px: tuple[int, int]
    view_share: float
    maps: tuple[EyeMap | None, ...]
    points: tuple[PointError, ...]
    error_deg: float
    apart_deg: float

    def gazes(self, eyes: EyesSeen) -> list[tuple[Pupil, float, float]]:
        """Return each pupil that can be trusted, with the scene pixel that it looks at."""
        if (eyes.width_px, eyes.height_px) != self.eyes_size_px:
            return []
        return _gazes(self.maps, eyes)


def fit(looks: Sequence[Look], camera: SceneCamera, view_share: float = 1.0) -> Calibration:
    """Calibrate.

    Each eye gets a polynomial, fitted by iteratively reweighted least squares (Huber 1964) in
    which every point counts alike. How many terms it has is what leave-one-point-out
    cross-validation likes best; the errors reported are those of that cross-validation.

    Args:
        looks: Eyes seen at five points or more.
        camera: The scene camera, which turns pixels into degrees.
        view_share: How much of each eye's picture was looked at; kept for later.

    Raises:
        PerceptionError: ``too-few-points``, ``points-in-line`` or ``eyes-not-seen``.
    """
    usable = [look for look in _steady(looks) if any(map(_is_trusted, look.eyes.pupils))]
    points = _points_of(usable)
    _require_enough(usable, points)
    orders = [terms for terms in Terms if terms.many <= len(points) - 2]
    tried = {terms: _cross_validated(usable, terms, camera) for terms in orders}
    best = min(orders, key=lambda terms: float(np.mean(list(tried[terms].values()))))
    maps = _maps(usable, best)
    return Calibration(
        eyes_size_px=(usable[0].eyes.width_px, usable[0].eyes.height_px),
        scene_size_px=(camera.width_px, camera.height_px),
        view_share=view_share,
        maps=maps,
        points=tuple(_point_errors(looks, tried[best])),
        error_deg=float(np.mean(list(tried[best].values()))),
        apart_deg=_apart_deg(usable, maps, camera),
    )


def advice(calibration: Calibration) -> list[str]:
    """Say what the wearer should do next; nothing where the calibration is good."""
    said = []
    for number, point in enumerate(calibration.points, 1):
        if point.seen < SEEN_SHARE * point.frames:
            said.append(
                f"At point {number} a pupil was seen in only {point.seen} of {point.frames} "
                "pictures: keep the eyes open, and turn away from the sun."
            )
        elif point.error_deg > max(USABLE_DEG, 2.5 * calibration.error_deg):
            said.append(
                f"Point {number} is off by {point.error_deg:.1f} degrees while the others are not: "
                "look at it until it is gone."
            )
    if calibration.error_deg > USABLE_DEG:
        said.append(
            f"Gaze is off by {calibration.error_deg:.1f} degrees, too much to tell what is looked "
            "at: push the glasses firmly onto the nose, keep the head still, and calibrate again "
            "with nine points."
        )
    elif calibration.error_deg > GOOD_DEG:
        said.append(
            f"Gaze is off by {calibration.error_deg:.1f} degrees: good for things as large as a "
            "face. Nine points instead of five make it better."
        )
    return said


def _is_trusted(pupil: Pupil) -> bool:
    return pupil.is_found and pupil.is_open and pupil.confidence >= LEAST_CONFIDENCE


def _steady(looks: Sequence[Look]) -> list[Look]:
    """Lose the pupils that lie far from the median at their point: glances, blinks, misfits."""
    kept = list(looks)
    for point in _points_of(looks):
        own = [index for index, look in enumerate(kept) if look.point == point]
        for eye in range(min(len(kept[index].eyes.pupils) for index in own)):
            for index in _strays(kept, own, eye):
                kept[index] = _without(kept[index], eye)
    return kept


def _strays(looks: Sequence[Look], own: Sequence[int], eye: int) -> list[int]:
    seen = [index for index in own if _is_trusted(looks[index].eyes.pupils[eye])]
    if not seen:
        return []
    pupils = [looks[index].eyes.pupils[eye] for index in seen]
    places = np.array([(pupil.x_px, pupil.y_px) for pupil in pupils])
    off = np.abs(places - np.median(places, axis=0))
    least = LEAST_STRAY * looks[own[0]].eyes.height_px
    limit = np.maximum(STRAY * 1.4826 * np.median(off, axis=0), least)
    return [index for index, far in zip(seen, (off > limit).any(axis=1), strict=True) if far]


def _without(look: Look, eye: int) -> Look:
    pupils = list(look.eyes.pupils)
    pupils[eye] = Pupil()
    return replace(look, eyes=replace(look.eyes, pupils=tuple(pupils)))


def _points_of(looks: Iterable[Look]) -> list[int]:
    return sorted({look.point for look in looks})


def _require_enough(usable: Sequence[Look], points: Sequence[int]) -> None:
    if not usable:
        raise PerceptionError(
            "eyes-not-seen",
            "no pupil was seen surely enough at any point; look into the eye cameras' picture, "
            "clean them, and calibrate again",
        )
    if len(points) < LEAST_POINTS:
        raise PerceptionError(
            "too-few-points",
            f"calibration needs {LEAST_POINTS} points with a pupil in view, but has {len(points)}; "
            "show five to nine points, each for at least a second",
        )
    places = np.array([(look.x_px, look.y_px) for look in usable])
    narrow, wide = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(places.T)), 0.0))
    if narrow < 0.05 * wide or wide == 0.0:
        raise PerceptionError(
            "points-in-line", "the points lie on one line; spread them over the picture"
        )


def _maps(looks: Sequence[Look], terms: Terms) -> tuple[EyeMap | None, ...]:
    eyes = max(len(look.eyes.pupils) for look in looks)
    return tuple(_map(looks, eye, terms) for eye in range(eyes))


def _map(looks: Sequence[Look], eye: int, terms: Terms) -> EyeMap | None:
    """Fit one eye, or return None where it was seen at too few points."""
    own = [look for look in looks if _is_trusted(look.eyes.pupils[eye])]
    counts = {point: sum(look.point == point for look in own) for point in _points_of(own)}
    if sum(count >= LEAST_LOOKS for count in counts.values()) < terms.many:
        return None
    pupils = [look.eyes.pupils[eye] for look in own]
    places = np.array([(pupil.x_px, pupil.y_px) for pupil in pupils])
    middle, spread = places.mean(axis=0), np.maximum(places.std(axis=0), 1e-3)
    scaled = (places - middle) / spread
    goals = np.array([(look.x_px, look.y_px) for look in own])
    weights = np.array([1.0 / counts[look.point] for look in own])
    solved = _robust(terms.of(scaled), goals, weights)
    return EyeMap(
        terms=terms,
        middle_px=_pair(middle),
        spread_px=_pair(spread),
        reach=_pair(np.percentile(np.abs(scaled), 98, axis=0)),
        columns=tuple(map(float, solved[:, 0])),
        rows=tuple(map(float, solved[:, 1])),
    )


def _robust(terms: Points, goals: Points, weights: Points) -> Points:
    """Solve ``terms @ w = goals`` with Huber weights; shapes ``(n, k)``, ``(n, 2)``, ``(n,)``."""
    trust = np.ones(len(goals))
    solved: Points = np.zeros((terms.shape[1], 2))
    for _ in range(ROUNDS):
        root = np.sqrt(weights * trust)[:, None]
        solved = np.asarray(np.linalg.lstsq(root * terms, root * goals, rcond=None)[0], np.float64)
        off = np.linalg.norm(goals - terms @ solved, axis=1)
        scale = HUBER * max(float(np.median(off)) / 0.6745, 1e-6)
        former, trust = trust, np.minimum(1.0, scale / np.maximum(off, 1e-9))
        if float(np.abs(trust - former).max()) < 1e-4:
            break
    return solved


def _gazes(maps: Sequence[EyeMap | None], eyes: EyesSeen) -> list[tuple[Pupil, float, float]]:
    return [
        (pupil, *own.gaze(pupil.x_px, pupil.y_px))
        for pupil, own in zip(eyes.pupils, maps, strict=False)
        if own and pupil.is_found and pupil.is_open and own.covers(pupil.x_px, pupil.y_px)
    ]


def joint_gaze(gazes: Sequence[tuple[Pupil, float, float]]) -> tuple[float, float, float]:
    """Return the mean of the eyes' gazes by their confidence, and the better confidence.

    Returns:
        Column, row and confidence; NaN and 0 where no eye can be trusted.
    """
    total = sum(pupil.confidence for pupil, _, _ in gazes)
    if total <= 0.0:
        return NAN, NAN, 0.0
    x_px = sum(pupil.confidence * x for pupil, x, _ in gazes) / total
    y_px = sum(pupil.confidence * y for pupil, _, y in gazes) / total
    return x_px, y_px, max(pupil.confidence for pupil, _, _ in gazes)


def _cross_validated(looks: Sequence[Look], terms: Terms, camera: SceneCamera) -> dict[int, float]:
    """Return the mean error at each point by maps that were fitted without it, in degrees."""
    errors = {}
    for point in _points_of(looks):
        maps = _maps([look for look in looks if look.point != point], terms)
        off = [_error_deg(look, maps, camera) for look in looks if look.point == point]
        seen = [each for each in off if np.isfinite(each)]
        # A point beyond all others is not covered: it must not count as exact.
        errors[point] = float(np.mean(seen)) if seen else 90.0
    return errors


def _error_deg(look: Look, maps: Sequence[EyeMap | None], camera: SceneCamera) -> float:
    x_px, y_px, _ = joint_gaze(
        [
            (pupil, *own.gaze(pupil.x_px, pupil.y_px))
            for pupil, own in zip(look.eyes.pupils, maps, strict=False)
            if own and _is_trusted(pupil)
        ]
    )
    if not np.isfinite(x_px):
        return NAN
    return angle_deg(unit_ray(x_px, y_px, camera), unit_ray(look.x_px, look.y_px, camera))


def _point_errors(looks: Sequence[Look], errors: dict[int, float]) -> Iterable[PointError]:
    for point in _points_of(looks):
        own = [look for look in looks if look.point == point]
        yield PointError(
            x_px=float(np.mean([look.x_px for look in own])),
            y_px=float(np.mean([look.y_px for look in own])),
            error_deg=errors.get(point, NAN),
            frames=len(own),
            seen=sum(any(map(_is_trusted, look.eyes.pupils)) for look in own),
        )


def _apart_deg(looks: Sequence[Look], maps: Sequence[EyeMap | None], camera: SceneCamera) -> float:
    apart = [apart_deg(_gazes(maps, look.eyes), camera) for look in looks]
    seen = [each for each in apart if np.isfinite(each)]
    return float(np.median(seen)) if seen else NAN


def apart_deg(gazes: Sequence[tuple[Pupil, float, float]], camera: SceneCamera) -> float:
    """Return the angle between the gazes of both eyes; NaN for one eye."""
    if len(gazes) < 2:
        return NAN
    one, other = (unit_ray(x_px, y_px, camera) for _, x_px, y_px in gazes)
    return angle_deg(one, other)


def _pair(values: Points) -> tuple[float, float]:
    return float(values[0]), float(values[1])
