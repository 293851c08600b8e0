"""A Pupil Labs Neon recording folder as a device."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from firmware_bridge.device import Capabilities, DeviceError, DeviceInfo, SceneCamera
from firmware_bridge.packets import (
    DeviceStatus,
    EyeState,
    GazeSample,
    ImuSample,
    Packet,
    StatusKind,
)
from firmware_bridge.recording import layout, media
from firmware_bridge.recording.replay import Contents, Stream
from firmware_bridge.recording.series import (
    Series,
    part_paths,
    read_bytes,
    read_eye_state,
    read_gaze,
    read_imu,
    read_times,
)
from firmware_bridge.recording.sound import sound_chunks

# Rows become Python objects a block at a time: an hour of them at once would fill half a gigabyte.
_ROWS_PER_BLOCK = 4_096

Notices = tuple[tuple[StatusKind, str], ...]


@dataclass(frozen=True, slots=True)
class _Video:
    """The parts of one camera that can be played.

    Attributes:
        size_px: Width and height, or None without any part.
        sound: The parts that have a sound track.
    """

    parts: tuple[media.MediaPart, ...] = ()
    size_px: tuple[int, int] | None = None
    sound: tuple[media.MediaPart, ...] = ()
    notices: Notices = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """What lies in the folder, read as far as needed to tell what the device sends."""

    scene: _Video
    eyes: _Video
    gaze: Series | None
    eye_state: Series | None
    imu: Series | None

    def times_ns(self) -> list[npt.NDArray[np.int64]]:
        """Return the times of every stream that has some."""
        series = [each.times_ns for each in (self.gaze, self.eye_state, self.imu) if each]
        parts = [part.times_ns for part in (*self.scene.parts, *self.eyes.parts)]
        return [times for times in (*series, *parts) if times is not None and len(times)]

    def notices(self) -> Iterator[tuple[StatusKind, str]]:
        """Yield what is missing or was mended."""
        yield from (*self.scene.notices, *self.eyes.notices)
        if not self.scene.parts:
            yield StatusKind.STREAM_MISSING, "The recording has no scene video."
        if self.gaze is None:
            yield StatusKind.STREAM_MISSING, "The recording has no gaze."
        for series in (self.gaze, self.eye_state, self.imu):
            for fault in series.faults if series else ():
                yield StatusKind.GAP, fault


def is_neon(folder: Path) -> bool:
    """Tell whether a folder is laid out like a Neon recording."""
    if not (folder / "info.json").is_file():
        return False
    names = (layout.SCENE_NAME, layout.EYES_NAME, "gaze ps", "gaze_200hz")
    return any(path.name.startswith(names) for path in folder.iterdir())


def open_neon(folder: Path, *, with_eyes: bool = False) -> Contents:
    """Open a Neon recording; all its parts become one stream each.

    Gaze is in pixels of the scene camera; g and degrees per second become SI units. Eye video may
    lie at another time than the scene video, as it does in published examples; it keeps its own.

    Args:
        folder: Holds ``info.json`` and the streams.
        with_eyes: Send the eye video too; decoding it costs more than everything else.

    Raises:
        DeviceError: A file is missing, damaged or of another kind; the message names it.
    """
    info = _info(folder / "info.json")
    found = _Found(
        scene=_video(folder, layout.SCENE_NAME),
        eyes=_video(folder, layout.EYES_NAME) if with_eyes else _Video(),
        gaze=read_gaze(folder),
        eye_state=read_eye_state(folder),
        imu=read_imu(folder),
    )
    times = found.times_ns()
    if not times:
        raise DeviceError("empty-recording", f"{folder} holds no samples; record again")
    start_ns = min(int(stream[0]) for stream in times)
    end_ns = max(int(stream[-1]) for stream in times)
    return Contents(
        info=DeviceInfo(
            model="Neon",
            serial=str(info.get("module_serial_number", "")),
            started_ns=start_ns,
            duration_ns=end_ns - start_ns,
            camera=_camera(folder, found.scene.size_px or layout.SCENE_SIZE_PX, info),
        ),
        capabilities=Capabilities(
            is_live=False,
            has_scene=bool(found.scene.parts),
            has_gaze=found.gaze is not None,
            has_eye_state=found.eye_state is not None,
            has_eye_video=bool(found.eyes.parts),
            has_imu=found.imu is not None,
            has_audio=bool(found.scene.sound),
        ),
        end_ns=end_ns,
        notices=tuple(DeviceStatus(start_ns, kind, text) for kind, text in found.notices()),
        streams=tuple(_streams(found)),
    )


def _info(path: Path) -> dict[str, Any]:
    try:
        info = json.loads(read_bytes(path))
    except ValueError as error:
        raise DeviceError(
            "damaged-info", f"{path} is not valid JSON ({error}); copy the recording again"
        ) from error
    if not isinstance(info, dict):
        raise DeviceError("damaged-info", f"{path} must hold a JSON object; copy it again")
    return info


def _video(folder: Path, name: str) -> _Video:
    """Find the parts of a video; a part without pictures is passed over."""
    parts, facts, notices = [], [], []
    for path in part_paths(folder, name, ".mp4"):
        times_ns = read_times(path.with_suffix(".time"))
        if _is_pointer(path):
            text = f"{path.name} is only a pointer to a video that was not copied."
            notices.append((StatusKind.STREAM_MISSING, text))
        elif len(times_ns):
            parts.append(media.MediaPart(path, int(times_ns[0]), times_ns))
            facts.append(media.probe(path))
    if not parts:
        return _Video(notices=tuple(notices))
    times_ns = np.concatenate([part.times_ns for part in parts if part.times_ns is not None])
    if np.any(np.diff(times_ns) < 0):
        parts = _sorted_parts(parts, np.sort(times_ns))
        notices.append((StatusKind.GAP, f"The times of {name} were out of order, now sorted."))
    return _Video(
        parts=tuple(parts),
        size_px=facts[0].size_px,
        sound=tuple(part for part, fact in zip(parts, facts, strict=True) if fact.has_audio),
        notices=tuple(notices),
    )


def _sorted_parts(
    parts: list[media.MediaPart], times_ns: npt.NDArray[np.int64]
) -> list[media.MediaPart]:
    """Deal sorted times out again: pictures are stored in the order in which they were taken."""
    dealt, first = [], 0
    for part in parts:
        count = 0 if part.times_ns is None else len(part.times_ns)
        own_ns = times_ns[first : first + count]
        dealt.append(replace(part, start_ns=int(own_ns[0]), times_ns=own_ns))
        first += count
    return dealt


def _is_pointer(path: Path) -> bool:
    """Tell whether a file is a Git LFS pointer instead of a video."""
    with path.open("rb") as file:
        return file.read(19) == b"version https://git"


def _camera(folder: Path, size_px: tuple[int, int], info: dict[str, Any]) -> SceneCamera:
    path = folder / "calibration.bin"
    if path.exists():
        camera = layout.read_calibration(path, size_px)
    else:
        camera = SceneCamera.from_field_of_view(*size_px, layout.NEON_HORIZONTAL_DEG)
    try:
        return replace(camera, scene_from_imu=_scene_from_imu(info))
    except ValueError as error:
        raise DeviceError(
            "damaged-info", f"{folder / 'info.json'}: {error}; copy the recording again"
        ) from error


def _scene_from_imu(info: dict[str, Any]) -> npt.NDArray[np.float64] | None:
    """Return how the IMU is mounted: as a Neon's is, or as this project wrote it down."""
    if info.get("app_version") != layout.OWN_APP_VERSION:
        # Pupil Invisible writes the same files, but mounts another IMU and has no module.
        return layout.SCENE_FROM_IMU if info.get("module_serial_number") else None
    written = info.get("scene_from_imu")
    return None if written is None else np.array(written, dtype=np.float64)


def _streams(found: _Found) -> Iterator[Stream]:
    """Yield the streams, cheap ones first: at equal times gaze comes before its picture."""
    if found.gaze is not None:
        yield partial(_packets, found.gaze, _gaze)
    if found.eye_state is not None:
        yield partial(_packets, found.eye_state, _eye_state)
    if found.imu is not None:
        yield partial(_packets, found.imu, _imu)
    if found.eyes.parts:
        yield partial(media.pictures, found.eyes.parts, media.eye_frame)
    if found.scene.parts:
        yield partial(media.pictures, found.scene.parts, media.scene_frame)
    if found.scene.sound:
        yield partial(sound_chunks, found.scene.sound)


def _packets(series: Series, make: Callable[[Series], Iterator[Packet]]) -> Iterator[Packet]:
    for start in range(0, len(series.times_ns), _ROWS_PER_BLOCK):
        block = slice(start, start + _ROWS_PER_BLOCK)
        yield from make(Series(series.times_ns[block], series.rows[block]))


def _gaze(block: Series) -> Iterator[Packet]:
    rows = block.rows
    columns = (rows["x"].tolist(), rows["y"].tolist(), (rows["worn"] / 255.0).tolist())
    for t_ns, x_px, y_px, worn in zip(block.times_ns.tolist(), *columns, strict=True):
        yield GazeSample(t_ns, x_px, y_px, worn)


def _eye_state(block: Series) -> Iterator[Packet]:
    names = ["pupil_diameter_left_mm", "pupil_diameter_right_mm"]
    if "eyelid_aperture_left_mm" in (block.rows.dtype.names or ()):
        names += ["eyelid_aperture_left_mm", "eyelid_aperture_right_mm"]
    columns = (block.rows[name].tolist() for name in names)
    for t_ns, *values in zip(block.times_ns.tolist(), *columns, strict=True):
        yield EyeState(t_ns, *values)


def _imu(block: Series) -> Iterator[Packet]:
    rows = block.rows
    gyro = np.radians(np.stack([rows[f"gyro_{axis}"] for axis in "xyz"], axis=1, dtype=np.float64))
    accel = np.stack([rows[f"accel_{axis}"] for axis in "xyz"], axis=1, dtype=np.float64)
    turn = np.stack([rows[f"quaternion_{axis}"] for axis in "wxyz"], axis=1, dtype=np.float64)
    accel_m_s2 = (accel * layout.STANDARD_GRAVITY_M_S2).tolist()
    columns = (gyro.tolist(), accel_m_s2, turn.tolist())
    for t_ns, spin, push, orientation in zip(block.times_ns.tolist(), *columns, strict=True):
        yield ImuSample(t_ns, tuple(spin), tuple(push), tuple(orientation))
