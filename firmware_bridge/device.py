"""The contract that every pair of glasses, live or recorded, fulfils."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

from assets.errors import AttuneError
from firmware_bridge.packets import Packet


class DeviceError(AttuneError):
    """A device or recording could not be opened, read or commanded."""


@dataclass(frozen=True, slots=True, eq=False)
class SceneCamera:
    """The scene camera as a pinhole with distortion (OpenCV's model).

    Attributes:
        width_px: Image width.
        height_px: Image height.
        matrix: Intrinsics K, shape ``(3, 3)``, in pixels.
        distortion: OpenCV coefficients, shape ``(n,)``; zeros where unknown.
        scene_from_imu: Rotation from the axes of the IMU to those of the camera (x rightwards,
            y downwards, z forwards), shape ``(3, 3)``; None without an IMU or where unknown.
    """

    width_px: int
    height_px: int
    matrix: npt.NDArray[np.float64]
    distortion: npt.NDArray[np.float64]
    scene_from_imu: npt.NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if self.matrix.shape != (3, 3):
            raise ValueError(f"camera matrix must be (3, 3), but got {self.matrix.shape}")
        if self.scene_from_imu is not None and not _is_rotation(self.scene_from_imu):
            raise ValueError(f"scene_from_imu must be a (3, 3) rotation: {self.scene_from_imu}")

    @classmethod
    def from_field_of_view(cls, width_px: int, height_px: int, horizontal_deg: float) -> Self:
        """Guess a camera without distortion from its horizontal field of view."""
        focal_px = width_px / 2 / np.tan(np.radians(horizontal_deg) / 2)
        matrix = np.array([[focal_px, 0, width_px / 2], [0, focal_px, height_px / 2], [0, 0, 1]])
        return cls(width_px, height_px, matrix, np.zeros(5))


def _is_rotation(matrix: npt.NDArray[np.float64]) -> bool:
    if matrix.shape != (3, 3) or not np.allclose(matrix @ matrix.T, np.eye(3), atol=1e-6):
        return False
    return bool(np.linalg.det(matrix) > 0)


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """Who is speaking.

    Attributes:
        model: ``"Neon"``, ``"folder"``, ...
        serial: Serial number, or an empty string.
        started_ns: Unix time of the first packet.
        duration_ns: Length of a recording, or None for a live device.
        camera: The scene camera, or None without one.
    """

    model: str
    serial: str
    started_ns: int
    duration_ns: int | None
    camera: SceneCamera | None


class CommandName(StrEnum):
    """What a device may be asked to do."""

    PAUSE = "pause"
    RESUME = "resume"
    EXPOSURE = "exposure"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a device sends and honours.

    Attributes:
        is_live: Packets arrive in real time and cannot be asked to wait.
        commands: The commands that :meth:`Device.command` accepts.
    """

    is_live: bool
    has_scene: bool
    has_gaze: bool
    has_eye_state: bool
    has_eye_video: bool
    has_imu: bool
    has_audio: bool
    commands: frozenset[CommandName] = field(default_factory=frozenset)


@runtime_checkable
class Device(Protocol):
    """An async context manager that yields packets in time order.

    Example:
        >>> async with connect("recording:/data/walk") as device:
        ...     async for packet in device.packets():
        ...         ...
    """

    @property
    def info(self) -> DeviceInfo:
        """Who is speaking; complete once entered."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What is sent and honoured; complete once entered."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def packets(self) -> AsyncIterator[Packet]:
        """Yield packets in time order across all streams.

        Raises:
            DeviceError: The stream broke or the recording is damaged.
        """
        ...

    async def command(self, name: CommandName, **values: float) -> None:
        """Ask the device to do something.

        Raises:
            DeviceError: The device does not honour this command.
        """
        ...
