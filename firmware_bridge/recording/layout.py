"""The files of a Neon recording: names, binary layouts, units and the camera calibration."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firmware_bridge.device import DeviceError, SceneCamera

SCENE_NAME = "Neon Scene Camera v1"
EYES_NAME = "Neon Sensor Module v1"
SCENE_SIZE_PX = (1600, 1200)
NEON_HORIZONTAL_DEG = 103.0

STANDARD_GRAVITY_M_S2 = 9.80665

# The IMU looks x rightwards, y forwards, z upwards and is pitched by 12 degrees against the scene
# camera (docs.pupil-labs.com, Neon, IMU transformations). Optical flow of a real recording gives
# 102.2 degrees about x when fitted to its gyroscope.
_IMU_PITCH_RAD = np.radians(90.0 + 12.0)
SCENE_FROM_IMU = np.array(
    [
        [1.0, 0.0, 0.0],
        [0.0, np.cos(_IMU_PITCH_RAD), -np.sin(_IMU_PITCH_RAD)],
        [0.0, np.sin(_IMU_PITCH_RAD), np.cos(_IMU_PITCH_RAD)],
    ]
)

# What this project writes into a recording's ``info.json``.
OWN_APP_VERSION = "attune"

TIME = np.dtype("<i8")
GAZE = np.dtype([("x", "<f4"), ("y", "<f4")])
WORN = np.dtype([("worn", "u1")])
IMU = np.dtype(
    [("timestamp_ns", "<i8")]
    + [(f"gyro_{axis}", "<f4") for axis in "xyz"]
    + [(f"accel_{axis}", "<f4") for axis in "xyz"]
    + [(f"quaternion_{axis}", "<f4") for axis in "wxyz"]
)


def _eye(side: str) -> list[tuple[str, str]]:
    names = [f"pupil_diameter_{side}_mm"]
    names += [f"eyeball_center_{side}_{axis}" for axis in "xyz"]
    names += [f"optical_axis_{side}_{axis}" for axis in "xyz"]
    return [(name, "<f4") for name in names]


def _eyelid(side: str) -> list[tuple[str, str]]:
    names = (
        f"eyelid_angle_top_{side}",
        f"eyelid_angle_bottom_{side}",
        f"eyelid_aperture_{side}_mm",
    )
    return [(name, "<f4") for name in names]


EYE_STATE_WITHOUT_LIDS = np.dtype(_eye("left") + _eye("right"))
EYE_STATE = np.dtype(EYE_STATE_WITHOUT_LIDS.descr + _eyelid("left") + _eyelid("right"))

_CAMERA = [("matrix", "<f8", (3, 3)), ("distortion", "<f8", (8,)), ("extrinsics", "<f8", (4, 4))]
_CALIBRATION = np.dtype(
    [("version", "u1"), ("serial", "S6")]
    + [(camera, np.dtype(_CAMERA)) for camera in ("scene", "right", "left")]
    + [("crc", "<u4")]
)


def dtype_text(layout: np.dtype[np.void]) -> str:
    """Write a layout as the Neon's ``*.dtype`` files do: a list of names and NumPy types."""
    lines = [f'("{name}", "{layout[name].name}"),' for name in layout.names or ()]
    return "\n".join(["[", *lines, "]", ""])


def calibration_bytes(camera: SceneCamera, serial: str) -> bytes:
    """Pack the scene camera as ``calibration.bin``; the eye cameras stay zero.

    Raises:
        DeviceError: The distortion model has more than the eight coefficients that fit.
    """
    if camera.distortion.size > 8:
        raise DeviceError(
            "too-many-distortion-coefficients",
            f"calibration.bin holds 8 distortion coefficients, but the camera has "
            f"{camera.distortion.size}; give it a model with at most 8",
        )
    record = np.zeros(1, _CALIBRATION)
    record["version"] = 1
    record["serial"] = serial.encode("ascii", "replace")
    record["scene"]["matrix"] = camera.matrix
    record["scene"]["distortion"][0, : camera.distortion.size] = camera.distortion
    for name in ("scene", "right", "left"):
        record[name]["extrinsics"] = np.eye(4)
    body = record.tobytes()[:-4]
    return body + zlib.crc32(body).to_bytes(4, "little")


def read_calibration(path: Path, size_px: tuple[int, int]) -> SceneCamera:
    """Read the scene camera from ``calibration.bin``.

    Args:
        path: The file.
        size_px: Width and height of the scene video, which the file does not tell.

    Raises:
        DeviceError: The file is cut or its checksum does not match.
    """
    data = path.read_bytes()
    if len(data) != _CALIBRATION.itemsize:
        raise DeviceError(
            "damaged-calibration",
            f"{path} must be {_CALIBRATION.itemsize} bytes, but is {len(data)}; copy it again "
            "from the phone, or remove it to go on with a guessed camera",
        )
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise DeviceError(
            "damaged-calibration",
            f"{path} does not match its own checksum; copy it again from the phone, or remove it "
            "to go on with a guessed camera",
        )
    scene = np.frombuffer(data, _CALIBRATION)[0]["scene"]
    matrix: npt.NDArray[np.float64] = scene["matrix"].astype(np.float64)
    return SceneCamera(*size_px, matrix, scene["distortion"].astype(np.float64))
