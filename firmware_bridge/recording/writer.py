"""Writes packets as a Neon recording that Pupil Labs' own tools open."""

from __future__ import annotations

import json
import math
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np

from firmware_bridge.device import DeviceError, DeviceInfo
from firmware_bridge.packets import (
    AudioChunk,
    DeviceStatus,
    EyeFrame,
    EyeState,
    GazeSample,
    ImuSample,
    Packet,
    SceneFrame,
    UInt8Image,
)
from firmware_bridge.recording import layout
from firmware_bridge.recording.mp4 import Mp4Writer

_ROWS_PER_WRITE = 200


class _Series:
    """A ``NAME ps1.time`` and ``NAME ps1.raw`` pair, written in whole rows: a cut one reads."""

    def __init__(self, folder: Path, name: str, rows: np.dtype[np.void]) -> None:
        self._rows_path = folder / f"{name} ps1.raw"
        self._times_path = folder / f"{name} ps1.time"
        self._layout = rows
        self._times: list[int] = []
        self._rows: list[tuple[float, ...]] = []
        (folder / f"{name}.dtype").write_text(layout.dtype_text(rows), encoding="ascii")
        self._rows_path.touch()
        self._times_path.touch()

    def add(self, t_ns: int, *row: float) -> None:
        self._times.append(t_ns)
        self._rows.append(row)
        if len(self._rows) >= _ROWS_PER_WRITE:
            self.flush()

    def flush(self) -> None:
        with self._rows_path.open("ab") as file:
            file.write(np.array(self._rows, self._layout).tobytes())
        with self._times_path.open("ab") as file:
            file.write(np.array(self._times, layout.TIME).tobytes())
        self._times.clear()
        self._rows.clear()


class _Video:
    """A ``NAME ps1.mp4`` and the ``NAME ps1.time`` with the exact time of each picture."""

    def __init__(self, folder: Path, name: str, size: tuple[int, ...], mp4: Mp4Writer) -> None:
        self._path = folder / f"{name} ps1.time"
        self._path.touch()
        self._size = size
        self.mp4 = mp4

    def add(self, t_ns: int, image: UInt8Image) -> None:
        if image.shape != self._size:
            raise DeviceError(
                "image-size-changed",
                f"a video keeps its size: expected {self._size}, but got {image.shape}; start a "
                "new recording",
            )
        self.mp4.add_image(t_ns, image)
        with self._path.open("ab") as file:
            file.write(t_ns.to_bytes(8, "little", signed=True))


class NeonWriter:
    """Writes packets of every stream, each stream in time order, into a folder of its own.

    What was written before a crash stays readable, to within about a second.
    :class:`DeviceStatus` packets are not part of the layout and are passed over. Sound before the
    first scene frame is left out, because the file's clock starts there.

    Args:
        folder: Where to write; it must be absent or empty.
        info: Serial, start and camera of the device. Without a camera no calibration is written.
        with_audio: Whether the scene video gets a sound track.
        wearer_name: Goes to ``wearer.json``.
        frame_rate_hz: Nominal rate of the scene camera.
        crf: x264 quality of the videos, 0 (lossless) to 51.

    Raises:
        DeviceError: The folder holds files, or cannot be written.

    Example:
        >>> with NeonWriter(folder, info) as writer:
        ...     for packet in packets:
        ...         writer.add(packet)
    """

    def __init__(
        self,
        folder: Path,
        info: DeviceInfo,
        *,
        with_audio: bool = True,
        wearer_name: str = "",
        frame_rate_hz: int = 30,
        crf: int = 20,
    ) -> None:
        self._folder = folder
        self._info = info
        self._with_audio = with_audio
        self._frame_rate_hz = frame_rate_hz
        self._crf = crf
        self._last_ns: dict[type[Packet], int] = {}
        self._series: dict[str, _Series] = {}
        self._videos: dict[str, _Video] = {}
        self._is_closed = False
        with self._explained():
            self._start(wearer_name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, packet: Packet) -> None:
        """Write one packet.

        Raises:
            DeviceError: The packet is older than the one before it in its stream, a picture
                changed its size or has an odd one, or the disk is full.
        """
        if isinstance(packet, DeviceStatus):
            return
        self._require_order(packet)
        with self._explained():
            self._write(packet)

    def close(self) -> None:
        """Finish every file. Further calls do nothing.

        Raises:
            DeviceError: The disk is full.
        """
        if self._is_closed:
            return
        self._is_closed = True
        with self._explained():
            for video in self._videos.values():
                video.mp4.close()
            for series in self._series.values():
                series.flush()
            self._copy_full_rate_gaze()
            end_ns = max(self._last_ns.values(), default=self._info.started_ns)
            self._write_info(end_ns - self._info.started_ns)
            self._write_events(end_ns)

    def _write(self, packet: Packet) -> None:
        match packet:
            case SceneFrame(t_ns=t_ns, image=image):
                self._video(layout.SCENE_NAME, image, self._with_audio).add(t_ns, image)
            case EyeFrame(t_ns=t_ns, image=image):
                self._video(layout.EYES_NAME, image, with_audio=False).add(t_ns, image)
            case AudioChunk(t_ns=t_ns, samples=samples):
                if layout.SCENE_NAME in self._videos:
                    self._videos[layout.SCENE_NAME].mp4.add_sound(t_ns, samples)
            case GazeSample(t_ns=t_ns):
                self._rows("gaze", layout.GAZE).add(t_ns, packet.x_px, packet.y_px)
                self._rows("worn", layout.WORN).add(t_ns, round(packet.confidence * 255))
            case EyeState():
                self._write_eye_state(packet)
            case ImuSample():
                self._write_imu(packet)

    def _write_eye_state(self, state: EyeState) -> None:
        unknown = (math.nan,) * 6
        lid_angles = (math.nan,) * 2
        self._rows("eye_state", layout.EYE_STATE).add(
            state.t_ns,
            *(state.pupil_left_mm, *unknown, state.pupil_right_mm, *unknown),
            *(*lid_angles, state.aperture_left_mm, *lid_angles, state.aperture_right_mm),
        )

    def _write_imu(self, sample: ImuSample) -> None:
        self._rows("imu", layout.IMU).add(
            sample.t_ns,
            sample.t_ns,
            *(math.degrees(value) for value in sample.gyro_rad_s),
            *(value / layout.STANDARD_GRAVITY_M_S2 for value in sample.accel_m_s2),
            *sample.quaternion_wxyz,
        )

    def _rows(self, name: str, rows: np.dtype[np.void]) -> _Series:
        if name not in self._series:
            self._series[name] = _Series(self._folder, name, rows)
        return self._series[name]

    def _video(self, name: str, image: UInt8Image, with_audio: bool) -> _Video:
        if name not in self._videos:
            if image.shape[0] % 2 or image.shape[1] % 2:
                raise DeviceError(
                    "odd-image-size",
                    f"H.264 needs an even width and height, but got {image.shape}; crop or scale",
                )
            rate_hz = self._frame_rate_hz if name == layout.SCENE_NAME else 200
            path = self._folder / f"{name} ps1.mp4"
            mp4 = Mp4Writer(path, with_audio=with_audio, crf=self._crf, frame_rate_hz=rate_hz)
            self._videos[name] = _Video(self._folder, name, image.shape, mp4)
        return self._videos[name]

    def _require_order(self, packet: Packet) -> None:
        last_ns = self._last_ns.get(type(packet))
        if last_ns is not None and packet.t_ns <= last_ns:
            raise DeviceError(
                "out-of-order",
                f"{type(packet).__name__} at {packet.t_ns} ns does not follow the one at {last_ns} "
                "ns; sort each stream by time before writing it",
            )
        self._last_ns[type(packet)] = packet.t_ns

    def _start(self, wearer_name: str) -> None:
        if self._folder.exists() and (not self._folder.is_dir() or any(self._folder.iterdir())):
            raise DeviceError(
                "folder-not-empty", f"{self._folder} holds other files; name an empty folder"
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        self._write_info(duration_ns=0)
        wearer = {"uuid": self._uuid(f"wearer/{wearer_name}"), "name": wearer_name}
        self._write_json("wearer.json", wearer)
        if self._info.camera is not None:
            calibration = layout.calibration_bytes(self._info.camera, self._info.serial)
            (self._folder / "calibration.bin").write_bytes(calibration)

    def _write_info(self, duration_ns: int) -> None:
        camera = self._info.camera
        scene_from_imu = None if camera is None else camera.scene_from_imu
        self._write_json(
            "info.json",
            {
                "recording_id": self._uuid(f"{self._info.serial}/{self._info.started_ns}"),
                "data_format_version": "2.5",
                "app_version": layout.OWN_APP_VERSION,
                "start_time": self._info.started_ns,
                "duration": duration_ns,
                "module_serial_number": self._info.serial,
                "gaze_offset": [0.0, 0.0],
                "gaze_frequency": 200,
                "scene_from_imu": None if scene_from_imu is None else scene_from_imu.tolist(),
            },
        )

    def _write_events(self, end_ns: int) -> None:
        times = np.array([self._info.started_ns, end_ns], layout.TIME)
        (self._folder / "event.time").write_bytes(times.tobytes())
        (self._folder / "event.txt").write_text("recording.begin\nrecording.end\n", "ascii")

    def _copy_full_rate_gaze(self) -> None:
        # Neon's tools prefer this name, which promises every sample rather than a live selection.
        if "gaze" in self._series:
            for name in ("gaze ps1.raw", "gaze ps1.time", "worn ps1.raw"):
                target = name.replace(" ps1", "_200hz")
                shutil.copyfile(self._folder / name, self._folder / target)

    def _write_json(self, name: str, content: Mapping[str, object]) -> None:
        (self._folder / name).write_text(json.dumps(content, indent=2) + "\n", "utf-8")

    @staticmethod
    def _uuid(name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            raise DeviceError(
                "cannot-write",
                f"cannot write the recording {self._folder}: {error}; free some space or name "
                "another folder",
            ) from error
