"""Eye frames in, pupils or gaze out."""

from __future__ import annotations

from collections.abc import Iterator

from firmware_bridge.device import SceneCamera
from firmware_bridge.packets import DeviceStatus, EyeFrame, GazeSample, StatusKind
from perception.eyes.calibration import Calibration, joint_gaze
from perception.eyes.picture import eyes_of
from perception.eyes.pupil import EyesSeen, PupilFinder
from perception.eyes.slippage import Slippage, SlippageSettings
from perception.eyes.zoom import Zoomed

SLIPPED = "The glasses have moved since they were calibrated; run `attune calibrate` again."
NOT_CALIBRATED = (
    "The glasses send pictures of the eyes, but no gaze; `attune calibrate` makes one of the other."
)
OTHER_SIZE = (
    "The cameras send pictures of another size than when they were calibrated, so there is no "
    "gaze; run `attune calibrate` again."
)


class Pupils:
    """Finds the pupils of every eye frame.

    A frame that is not later than the one before is passed over. Nothing is kept of a frame, so
    lost ones leave a gap in time and nothing else.

    Args:
        finder: Finds one pupil.
    """

    def __init__(self, finder: PupilFinder) -> None:
        self._finder = finder
        self._last_ns: int | None = None

    def update(self, item: EyeFrame) -> Iterator[EyesSeen]:
        """Return the pupils of a frame."""
        if self._last_ns is not None and item.t_ns <= self._last_ns:
            return
        self._last_ns = item.t_ns
        height, width = item.image.shape
        found = tuple(self._finder.find(eye) for eye in eyes_of(item.image))
        yield EyesSeen(item.t_ns, width, height, found)

    def flush(self) -> Iterator[EyesSeen]:
        """Nothing is ever open."""
        yield from ()

    def reset(self) -> None:
        """Forget the time."""
        self._last_ns = None


class EyeGaze:
    """Turns eye frames of calibrated glasses into gaze, one sample for each frame.

    While the eyes are closed, lost or beyond what was calibrated, a sample has no place and
    confidence 0, which is how eye movements tell blinks.

    Args:
        finder: Finds one pupil.
        calibration: Of this wearer in these glasses.
        camera: The scene camera.
        slippage: When to warn.
    """

    def __init__(
        self,
        finder: PupilFinder,
        calibration: Calibration,
        camera: SceneCamera,
        slippage: SlippageSettings | None = None,
    ) -> None:
        self._pupils = Pupils(Zoomed(finder, calibration.view_share))
        self._calibration = calibration
        self._slippage = Slippage(calibration, camera, slippage)
        self._is_other_scene = (camera.width_px, camera.height_px) != calibration.scene_size_px
        self._has_told = False

    def update(self, item: EyeFrame) -> Iterator[GazeSample | DeviceStatus]:
        """Return where the eyes look, and a warning when the glasses have begun to slip."""
        for eyes in self._pupils.update(item):
            gazes = [] if self._is_other_scene else self._calibration.gazes(eyes)
            yield GazeSample(eyes.t_ns, *joint_gaze(gazes))
            yield from self._warnings(eyes)

    def flush(self) -> Iterator[GazeSample | DeviceStatus]:
        """Nothing is ever open."""
        yield from ()

    def reset(self) -> None:
        """Forget the time and what was warned of."""
        self._pupils.reset()
        self._slippage.reset()
        self._has_told = False

    def _warnings(self, eyes: EyesSeen) -> Iterator[DeviceStatus]:
        size_px = (eyes.width_px, eyes.height_px)
        if self._is_other_scene or size_px != self._calibration.eyes_size_px:
            if not self._has_told:
                self._has_told = True
                yield DeviceStatus(eyes.t_ns, StatusKind.SLIPPED, OTHER_SIZE)
        elif self._slippage.update(eyes):
            yield DeviceStatus(eyes.t_ns, StatusKind.SLIPPED, SLIPPED)


class Uncalibrated:
    """Stands where gaze of eye frames would be made, and tells once how to get it."""

    def __init__(self) -> None:
        self._has_told = False

    def update(self, item: EyeFrame) -> Iterator[DeviceStatus]:
        """Tell it with the first frame."""
        if not self._has_told:
            self._has_told = True
            yield DeviceStatus(item.t_ns, StatusKind.STREAM_MISSING, NOT_CALIBRATED)

    def flush(self) -> Iterator[DeviceStatus]:
        """Nothing is ever open."""
        yield from ()

    def reset(self) -> None:
        """Tell it again."""
        self._has_told = False
