"""What glasses send: frozen values in SI units, Unix nanoseconds and scene pixels.

Drivers convert at the edge, so nothing behind this file knows a vendor's units.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

AUDIO_RATE_HZ = 16_000

UInt8Image = npt.NDArray[np.uint8]
Vector3 = tuple[float, float, float]


def _require_image(name: str, image: UInt8Image, channels: int | None) -> None:
    expected = "(height, width)" if channels is None else f"(height, width, {channels})"
    fits = image.ndim == 2 if channels is None else image.ndim == 3 and image.shape[2] == channels
    if image.dtype != np.uint8 or not fits:
        raise ValueError(f"{name} must be uint8 {expected}, but got {image.dtype} {image.shape}")


@dataclass(frozen=True, slots=True, eq=False)
class SceneFrame:
    """One picture of the scene camera.

    Attributes:
        t_ns: Capture time.
        index: Position in the stream, from 0, gaps included.
        image: uint8 BGR, shape ``(height, width, 3)``.
    """

    t_ns: int
    index: int
    image: UInt8Image

    def __post_init__(self) -> None:
        _require_image("scene image", self.image, 3)

    @property
    def width_px(self) -> int:
        """Image width."""
        return int(self.image.shape[1])

    @property
    def height_px(self) -> int:
        """Image height."""
        return int(self.image.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class EyeFrame:
    """One infrared picture of the eyes, both side by side where the device joins them.

    Attributes:
        t_ns: Capture time.
        index: Position in the stream, from 0.
        image: uint8 gray, shape ``(height, width)``.
    """

    t_ns: int
    index: int
    image: UInt8Image

    def __post_init__(self) -> None:
        _require_image("eye image", self.image, None)


@dataclass(frozen=True, slots=True)
class GazeSample:
    """Where the wearer looks, in scene pixels with the origin top-left.

    ``x_px`` and ``y_px`` are NaN while the eyes are closed or lost, and may lie outside the frame.

    Attributes:
        t_ns: Capture time.
        x_px: Column, rightwards.
        y_px: Row, downwards.
        confidence: In [0, 1]; 0 while the glasses are not worn.
    """

    t_ns: int
    x_px: float
    y_px: float
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"gaze confidence must lie in [0, 1], but got {self.confidence}")

    @property
    def is_valid(self) -> bool:
        """The eyes were seen and the glasses worn."""
        return bool(np.isfinite(self.x_px) and np.isfinite(self.y_px) and self.confidence > 0.0)


@dataclass(frozen=True, slots=True)
class EyeState:
    """Pupils and eyelids. A value that the device does not measure is NaN.

    Attributes:
        t_ns: Capture time.
        pupil_left_mm: Pupil diameter.
        pupil_right_mm: Pupil diameter.
        aperture_left_mm: Distance between the eyelids.
        aperture_right_mm: Distance between the eyelids.
    """

    t_ns: int
    pupil_left_mm: float
    pupil_right_mm: float
    aperture_left_mm: float = float("nan")
    aperture_right_mm: float = float("nan")


@dataclass(frozen=True, slots=True)
class ImuSample:
    """Head motion.

    Attributes:
        t_ns: Capture time.
        gyro_rad_s: Angular velocity x, y, z.
        accel_m_s2: Acceleration x, y, z, gravity included.
        quaternion_wxyz: Orientation, or NaNs where the device gives none.
    """

    t_ns: int
    gyro_rad_s: Vector3
    accel_m_s2: Vector3
    quaternion_wxyz: tuple[float, float, float, float] = (float("nan"),) * 4


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """Sound at the wearer's ear.

    Attributes:
        t_ns: Time of the first sample.
        samples: int16 mono at 16 kHz, shape ``(n,)``.
    """

    t_ns: int
    samples: npt.NDArray[np.int16]

    def __post_init__(self) -> None:
        if self.samples.dtype != np.int16 or self.samples.ndim != 1:
            raise ValueError(
                f"audio must be int16 (n,), but got {self.samples.dtype} {self.samples.shape}"
            )

    @property
    def duration_ns(self) -> int:
        """Length of the chunk."""
        return len(self.samples) * 1_000_000_000 // AUDIO_RATE_HZ

    @property
    def end_ns(self) -> int:
        """Time just after the last sample."""
        return self.t_ns + self.duration_ns


class StatusKind(StrEnum):
    """What a :class:`DeviceStatus` reports."""

    CONNECTED = "connected"
    STREAM_MISSING = "stream-missing"
    GAP = "gap"
    BATTERY = "battery"
    SLIPPED = "slipped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """News of the device itself, shown to the wearer as it is.

    Attributes:
        t_ns: When it became true.
        kind: What happened.
        message: A sentence for the wearer.
    """

    t_ns: int
    kind: StatusKind
    message: str


Packet = SceneFrame | EyeFrame | GazeSample | EyeState | ImuSample | AudioChunk | DeviceStatus
