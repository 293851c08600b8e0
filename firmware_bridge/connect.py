"""From an address to a device."""

from __future__ import annotations

from pathlib import Path

from firmware_bridge.device import Device, DeviceError
from firmware_bridge.recording.folder import is_plain, open_plain
from firmware_bridge.recording.neon import is_neon, open_neon
from firmware_bridge.recording.replay import Contents, RecordingDevice

SUPPORTED = ("recording:PATH",)
WITH_EYES = "eyes=1"


def connect(uri: str) -> Device:
    """Return the device at an address; it is opened by entering it.

    Args:
        uri: ``recording:PATH``, or a path alone. ``recording:PATH?eyes=1`` sends the eye video too.

    Raises:
        DeviceError: The address names a kind of device or an option that is not supported. That
            the recording cannot be read is told on entering.
    """
    scheme, separator, rest = uri.partition(":")
    if scheme == "recording" and separator:
        return _recording(rest)
    if not separator or Path(uri.partition("?")[0]).exists():
        return _recording(uri)
    raise DeviceError(
        "scheme-not-supported",
        f"{uri!r} cannot be connected; supported are {', '.join(SUPPORTED)} and a path alone",
    )


def _recording(address: str) -> Device:
    path, _, query = address.partition("?")
    if query not in ("", WITH_EYES):
        raise DeviceError(
            "unknown-option", f"{address!r} has an unknown option; `?{WITH_EYES}` is the only one"
        )
    return RecordingDevice(lambda: _open(Path(path).expanduser(), with_eyes=bool(query)))


def _open(folder: Path, *, with_eyes: bool) -> Contents:
    if not folder.is_dir():
        raise DeviceError(
            "no-such-recording", f"{folder} is not a folder; give the folder of a recording"
        )
    if is_neon(folder):
        return open_neon(folder, with_eyes=with_eyes)
    if is_plain(folder):
        return open_plain(folder, with_eyes=with_eyes)
    raise DeviceError(
        "unknown-layout",
        f"{folder} is neither a Neon recording (info.json and `gaze ps1.raw`) nor a plain one "
        "(scene.mp4 with gaze.csv or eyes.mp4); see docs/recordings.md",
    )
