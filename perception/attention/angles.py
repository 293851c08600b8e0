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
