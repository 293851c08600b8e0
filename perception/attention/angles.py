"""Directions of sight and the angles between them."""

from __future__ import annotations

import math

import cv2
import numpy as np

from firmware_bridge.device import SceneCamera

Ray = tuple[float, float, float]

_CONVERGED = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 20, 1e-6)


def unit_ray(x_px: float, y_px: float, camera: SceneCamera) -> Ray:
    """Return the direction in which a scene pixel is seen, in the camera's frame, length 1.

    A lens model holds inside the picture only. Beyond its border the angle goes on without
    distortion, so that gaze outside the picture still moves steadily.
    """
    inside_x = min(max(x_px, 0.0), float(camera.width_px))
    inside_y = min(max(y_px, 0.0), float(camera.height_px))
    point = np.array([[[inside_x, inside_y]]], dtype=np.float64)
    x, y = cv2.undistortPointsIter(
        point, camera.matrix, camera.distortion, None, None, _CONVERGED
    ).ravel()
    x = float(x) + (x_px - inside_x) / float(camera.matrix[0, 0])
    y = float(y) + (y_px - inside_y) / float(camera.matrix[1, 1])
    length = math.sqrt(x * x + y * y + 1.0)
    return x / length, y / length, 1.0 / length


def angle_deg(a: Ray, b: Ray) -> float:
    """Return the angle between two directions of any length, exact for small angles too."""
    cross_x = a[1] * b[2] - a[2] * b[1]
    cross_y = a[2] * b[0] - a[0] * b[2]
    cross_z = a[0] * b[1] - a[1] * b[0]
    cross = math.sqrt(cross_x * cross_x + cross_y * cross_y + cross_z * cross_z)
    return math.degrees(math.atan2(cross, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]))


class Unrolled:
    """Directions unrolled from the sphere: how far and where to gaze has gone, in degrees.

    Angles of longitude and latitude fold near the poles, and behind the back; steps from one
    direction to the next do not. The axes are carried along without turning.
    """

    def __init__(self) -> None:
        self._last: Ray | None = None
        self._right: Ray = (1.0, 0.0, 0.0)
        self._down: Ray = (0.0, 1.0, 0.0)
        self._at_deg = (0.0, 0.0)

    def to(self, ray: Ray) -> tuple[float, float]:
        """Go on to a direction of length 1 and return where that is, rightwards and downwards."""
        if self._last is None:
            self._right = _unit(_across((1.0, 0.0, 0.0), ray))
            self._down = _cross(ray, self._right)
        else:
            self._step(self._last, ray)
        self._last = ray
        return self._at_deg

    def _step(self, a: Ray, b: Ray) -> None:
        aside = _across(b, a)
        size = math.sqrt(_dot(aside, aside))
        share = angle_deg(a, b) / size if size > 0.0 else 0.0
        x_deg, y_deg = self._at_deg
        self._at_deg = (
            x_deg + share * _dot(aside, self._right),
            y_deg + share * _dot(aside, self._down),
        )
        self._right = _carried(self._right, a, b)
        self._down = _cross(b, self._right)


def _dot(a: Ray, b: Ray) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Ray, b: Ray) -> Ray:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _unit(a: Ray) -> Ray:
    length = math.sqrt(_dot(a, a))
    return a[0] / length, a[1] / length, a[2] / length


def _across(a: Ray, b: Ray) -> Ray:
    """The part of ``a`` at right angles to ``b``."""
    share = _dot(a, b)
    return a[0] - share * b[0], a[1] - share * b[1], a[2] - share * b[2]


def _carried(side: Ray, a: Ray, b: Ray) -> Ray:
    """Turn what stands at right angles to ``a`` by the shortest turn from ``a`` to ``b``."""
    share = _dot(side, b) / max(1.0 + _dot(a, b), 1e-9)
    turned = tuple(side[n] - share * (a[n] + b[n]) for n in range(3))
    return _unit(_across((turned[0], turned[1], turned[2]), b))
