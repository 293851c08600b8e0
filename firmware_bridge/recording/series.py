"""The Neon's time series: ``NAME psN.raw`` beside ``NAME psN.time``, all parts as one table."""

from __future__ import annotations

import re
import struct
from ast import literal_eval
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from firmware_bridge.device import DeviceError
from firmware_bridge.recording import layout

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One stream.

    Attributes:
        times_ns: Unix nanoseconds, ascending, shape ``(n,)``.
        rows: Structured array, shape ``(n,)``.
        faults: What was mended, as sentences for the wearer.
    """

    times_ns: npt.NDArray[np.int64]
    rows: npt.NDArray[np.void]
    faults: tuple[str, ...] = ()


def part_paths(folder: Path, name: str, suffix: str) -> list[Path]:
    """List ``NAME psN.suffix`` by N."""
    pattern = re.compile(rf"{re.escape(name)} ps(\d+){re.escape(suffix)}")
    found = [(pattern.fullmatch(path.name), path) for path in folder.iterdir()]
    return [path for _, path in sorted((int(match[1]), path) for match, path in found if match)]


def read_times(path: Path) -> npt.NDArray[np.int64]:
    """Read a ``.time`` file.

    Raises:
        DeviceError: It is missing, or does not hold whole 8-byte numbers.
    """
    data = read_bytes(path)
    if len(data) % layout.TIME.itemsize:
        raise DeviceError(
            "damaged-time-file",
            f"{path} must hold 8 bytes per sample, but {len(data)} is not a multiple of 8; copy "
            "the recording again",
        )
    return np.frombuffer(data, layout.TIME).astype(np.int64)


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        DeviceError: It is missing or may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DeviceError(
            "missing-file", f"{path} is missing; copy the recording again with all its files"
        ) from error
    except OSError as error:
        raise DeviceError("unreadable-file", f"{path} cannot be read: {error}") from error


def join(parts: list[Series], name: str) -> Series | None:
    """Put parts together, sorted by time.

    Rows out of order are sorted and reported once.

    Returns:
        None where the parts hold no rows.
    """
    if not any(len(part.times_ns) for part in parts):
        return None
    times_ns = np.concatenate([part.times_ns for part in parts])
    rows = np.concatenate([part.rows for part in parts])
    faults = [fault for part in parts for fault in part.faults]
    if np.any(np.diff(times_ns) < 0):
        order = np.argsort(times_ns, kind="stable")
        times_ns, rows = times_ns[order], rows[order]
        faults.append(f"The {name} stream was out of order and has been sorted.")
    return Series(times_ns, rows, tuple(faults))


def read_gaze(folder: Path) -> Series | None:
    """Read gaze with ``worn`` (0 to 255) in each row, from ``gaze_200hz`` where that exists."""
    full_rate = folder / "gaze_200hz.raw"
    paths = [full_rate] if full_rate.exists() else part_paths(folder, "gaze", ".raw")
    parts = [_gaze_part(path) for path in paths]
    return join(parts, "gaze")


def read_eye_state(folder: Path) -> Series | None:
    """Read eye state; eyelids only where the recording has them."""
    rows = _layout(folder, "eye_state", layout.EYE_STATE_WITHOUT_LIDS)
    parts = [_part(path, rows) for path in part_paths(folder, "eye_state", ".raw")]
    return join(parts, "eye state")


def read_imu(folder: Path) -> Series | None:
    """Read head motion, from packed ``imu`` or, in older recordings, Protobuf ``extimu``."""
    rows = _layout(folder, "imu", layout.IMU)
    parts = [_part(path, rows) for path in part_paths(folder, "imu", ".raw")]
    parts = parts or [_extimu_part(path) for path in part_paths(folder, "extimu", ".raw")]
    return join(parts, "motion")


def _part(path: Path, rows: np.dtype[np.void]) -> Series:
    return _pair(path, _table(path, rows), read_times(path.with_suffix(".time")))


def _pair(path: Path, table: npt.NDArray[np.void], times_ns: npt.NDArray[np.int64]) -> Series:
    count = min(len(table), len(times_ns))
    if len(table) == len(times_ns):
        return Series(times_ns, table)
    fault = (
        f"{path.name} holds {len(table)} samples, but {len(times_ns)} times; the first {count} "
        "are used."
    )
    return Series(times_ns[:count], table[:count], (fault,))


def _table(path: Path, rows: np.dtype[np.void]) -> npt.NDArray[np.void]:
    data = read_bytes(path)
    return np.frombuffer(data[: len(data) - len(data) % rows.itemsize], rows)


def _gaze_part(path: Path) -> Series:
    gaze = _part(path, layout.GAZE)
    table = np.zeros(len(gaze.rows), np.dtype(layout.GAZE.descr + layout.WORN.descr))
    table["x"], table["y"], table["worn"] = gaze.rows["x"], gaze.rows["y"], 255
    worn_path = path.with_name(path.name.replace("gaze", "worn", 1))
    if worn_path.exists():
        # Some recordings end this file with a stray line break.
        worn = np.frombuffer(read_bytes(worn_path), np.uint8)[: len(table)]
        table["worn"][: len(worn)] = worn
        if len(worn) < len(table):
            fault = f"{worn_path.name} ends early; the glasses are taken as worn after it."
            return Series(gaze.times_ns, table, (*gaze.faults, fault))
    return Series(gaze.times_ns, table, gaze.faults)


def _layout(folder: Path, name: str, fallback: np.dtype[np.void]) -> np.dtype[np.void]:
    path = folder / f"{name}.dtype"
    if not path.exists():
        return fallback
    try:
        rows: np.dtype[np.void] = np.dtype(literal_eval(path.read_text("utf-8")))
    except (ValueError, TypeError, SyntaxError) as error:
        raise DeviceError(
            "damaged-dtype-file",
            f"{path} does not list fields and types; copy the recording again",
        ) from error
    missing = set(fallback.names or ()) - set(rows.names or ())
    if missing:
        raise DeviceError(
            "damaged-dtype-file",
            f"{path} lacks {', '.join(sorted(missing))}; copy the recording again",
        )
    return rows


def _extimu_part(path: Path) -> Series:
    records = list(_extimu_records(read_bytes(path)))
    return _pair(path, np.array(records, layout.IMU), read_times(path.with_suffix(".time")))


def _extimu_records(data: bytes) -> Iterator[tuple[float, ...]]:
    """Yield rows of :data:`layout.IMU` from length-prefixed ``ImuPacket`` messages."""
    start = 0
    while start + 2 <= len(data):
        (length,) = struct.unpack_from("<H", data, start)
        message = data[start + 2 : start + 2 + length]
        if len(message) < length:
            return
        fields = dict(_protobuf_fields(message))
        accel, gyro, quaternion = (dict(_protobuf_fields(fields.get(i, b""))) for i in (2, 3, 4))
        yield (
            fields.get(1, 0),
            *(gyro.get(i, 0.0) for i in (1, 2, 3)),
            *(accel.get(i, 0.0) for i in (1, 2, 3)),
            *(quaternion.get(i, 0.0) for i in (1, 2, 3, 4)),
        )
        start += 2 + length


def _protobuf_fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """Yield field numbers and values of a Protobuf message; stop where it is cut."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
        elif kind == _BYTES:
            length, at = _varint(message, at)
            yield number, message[at : at + length]
            at += length
        elif kind in (_FIXED32, _FIXED64):
            size = 4 if kind == _FIXED32 else 8
            if at + size > len(message):
                return
            yield number, struct.unpack_from("<f" if size == 4 else "<d", message, at)[0]
            at += size
        else:
            return


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Return a varint and the place behind it."""
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not byte & 0x80:
            break
    return value, at
