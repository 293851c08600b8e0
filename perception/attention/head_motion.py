"""Head motion in, directions of sight in a frame that does not turn with the head out."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_bridge.packets import ImuSample, Vector3
from perception.attention.angles import Ray

MS_NS = 1_000_000

_Quaternion = tuple[float, float, float, float]
_UNTURNED: _Quaternion = (1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class HeadMotionSettings:
    """How far head motion is trusted between its samples."""

    bridge_ns: int = 100 * MS_NS
    """How long the last angular velocity goes on where samples are missing, in nanoseconds."""
    history_ns: int = 1_000 * MS_NS
    """How far back a direction may still be asked for, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class _Pose:
    """Orientation of the scene camera, and its angular velocity in its own frame."""

    t_ns: int
    world_from_scene: _Quaternion
    rate_rad_s: Vector3


class HeadMotion:
    """Adds the turns of the head to directions seen by the scene camera.

    Angular velocity is integrated on the sphere of unit quaternions, at the midpoint of two
    samples. Every device has a gyroscope, and over the second or two of an eye movement its drift
    stays below the noise of gaze; the orientation that some devices fuse from a magnetometer is
    pulled about by iron nearby. The frame starts as the scene camera's and drifts slowly, so
    directions of different minutes must not be compared.

    Where head motion is unknown the directions stay those of the scene camera. Samples that are
    damaged or out of order are ignored.

    Args:
        scene_from_imu: Rotation from the axes of the IMU to those of the scene camera, shape
            ``(3, 3)``; None where it is unknown, and head motion with it.
        settings: How far head motion is trusted between its samples.
    """

    def __init__(
        self,
        scene_from_imu: npt.NDArray[np.float64] | None,
        settings: HeadMotionSettings | None = None,
    ) -> None:
        self._scene_from_imu = None if scene_from_imu is None else scene_from_imu.tolist()
        self._settings = settings or HeadMotionSettings()
        self.reset()

    def reset(self) -> None:
        """Forget everything seen, as if newly built."""
        self._poses: deque[_Pose] = deque()

    def turn(self, imu: ImuSample) -> None:
        """Take the next sample of head motion."""
        if self._scene_from_imu is None or not all(map(math.isfinite, imu.gyro_rad_s)):
            return
        if self._poses and imu.t_ns <= self._poses[-1].t_ns:
            return
        x, y, z = imu.gyro_rad_s
        a, b, c = (row[0] * x + row[1] * y + row[2] * z for row in self._scene_from_imu)
        rate_rad_s = (a, b, c)
        turned = _UNTURNED
        if self._poses:
            turned = self._turned(self._poses[-1], rate_rad_s, imu.t_ns)
        self._poses.append(_Pose(imu.t_ns, turned, rate_rad_s))
        while self._poses[0].t_ns < imu.t_ns - self._settings.history_ns:
            self._poses.popleft()

    def world(self, ray: Ray, t_ns: int) -> Ray:
        """Return a direction of the scene camera in the frame that does not turn.

        Args:
            ray: Direction in the scene camera's frame.
            t_ns: When it was seen; head motion may come somewhat later or earlier.

        Returns:
            The same direction, of the same length.
        """
        later: _Pose | None = None
        for pose in reversed(self._poses):
            if pose.t_ns <= t_ns:
                rate_rad_s = pose.rate_rad_s if later is None else later.rate_rad_s
                return _rotate(self._turned(pose, rate_rad_s, t_ns), ray)
            later = pose
        return ray if later is None else _rotate(later.world_from_scene, ray)

    def _turned(self, pose: _Pose, rate_rad_s: Vector3, t_ns: int) -> _Quaternion:
        """Return the orientation some time after a pose, on the way to another velocity."""
        half_s = min(t_ns - pose.t_ns, self._settings.bridge_ns) / 1e9 / 2
        x = (pose.rate_rad_s[0] + rate_rad_s[0]) / 2
        y = (pose.rate_rad_s[1] + rate_rad_s[1]) / 2
        z = (pose.rate_rad_s[2] + rate_rad_s[2]) / 2
        speed_rad_s = math.sqrt(x * x + y * y + z * z)
        if speed_rad_s == 0.0:
            return pose.world_from_scene
        scale = math.sin(speed_rad_s * half_s) / speed_rad_s
        step = (math.cos(speed_rad_s * half_s), x * scale, y * scale, z * scale)
        return _product(pose.world_from_scene, step)


def _product(a: _Quaternion, b: _Quaternion) -> _Quaternion:
    """Return the unit quaternion that turns by ``b`` and then by ``a``."""
    w = a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]
    x = a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2]
    y = a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1]
    z = a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]
    length = math.sqrt(w * w + x * x + y * y + z * z)
    return w / length, x / length, y / length, z / length


def _rotate(by: _Quaternion, ray: Ray) -> Ray:
    w, x, y, z = by
    a, b, c = ray
    u = 2 * (y * c - z * b)
    v = 2 * (z * a - x * c)
    t = 2 * (x * b - y * a)
    return a + w * u + y * t - z * v, b + w * v + z * u - x * t, c + w * t + x * v - y * u
