"""Turns pictures, sound and gaze into the clips, gaze tracks and pictures of moments and faces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from firmware_bridge.packets import AudioChunk, GazeSample, SceneFrame, UInt8Image
from memory.clips.gaze_track import GazeTrackWriter, track_beside
from memory.clips.media import (
    MAX_HZ,
    MAX_WIDTH_PX,
    ClipWriter,
    jpeg,
    shrink,
    thumbnail_at,
)
from memory.clips.pre_roll import GazeItem, PreRoll
from memory.records import MemoryStoreError, Source
from memory.store import Memory
from perception.events import (
    Box,
    Event,
    EyeMovement,
    EyeMovementOnset,
    FaceSeen,
    PersonSeen,
    SnippetClosed,
    SnippetOpened,
)

_NS_PER_S = 1_000_000_000
# A little less than the period, so that 30 Hz with jitter gives every second picture.
_PERIOD_NS = _NS_PER_S // MAX_HZ * 9 // 10
_FACE_MARGIN = 0.4
_MAX_TRACKS = 64


class Film:
    """Keeps the clip and the gaze track of the open moment and the best picture of each face.

    Give it every scene frame, audio chunk and gaze sample with :meth:`update`, and every event
    with :meth:`on_event`, both in time order.

    Args:
        memory: Takes the finished files.
        pre_roll: How much of the past a clip can begin with, and how late a face may be told.
    """

    def __init__(self, memory: Memory, pre_roll: PreRoll | None = None) -> None:
        self._memory = memory
        self._pre_roll = pre_roll or PreRoll()
        self._take: _Take | None = None
        self._closed: SnippetClosed | None = None
        self._last_ns: int | None = None
        self._scene_size_px: tuple[int, int] | None = None
        self._faces: dict[int, tuple[float, bytes]] = {}
        self._scale = 1.0

    def update(self, packet: SceneFrame | AudioChunk | GazeSample) -> None:
        """Take the next picture, stretch of sound or gaze sample.

        Raises:
            MemoryStoreError: The disk is full; the moment stays, without its clip and gaze.
        """
        with self._giving_up():
            match packet:
                case SceneFrame():
                    self._show_scene(packet)
                case AudioChunk():
                    self._pre_roll.add_sound(packet)
                    if self._take is not None and not self._is_over(packet.t_ns):
                        self._take.add_sound(packet)
                case GazeSample():
                    self._pre_roll.add_gaze(packet)
                    if self._take is not None and not self._is_over(packet.t_ns):
                        self._take.add_gaze(packet)

    def on_event(self, event: Event, source: Source | None) -> None:
        """Take an event and the row that ``Memory.record`` returned for it.

        Raises:
            MemoryStoreError: The disk is full; the moment stays, without its clip and gaze.
        """
        with self._giving_up():
            match event:
                case SnippetOpened() if source is not None:
                    self._open(event, source.id)
                case SnippetClosed() if source is not None:
                    self._end(event, source.id)
                case EyeMovement() | EyeMovementOnset():
                    self._pre_roll.add_gaze(event)
                    if self._take is not None:
                        self._take.add_gaze(event)
                case FaceSeen():
                    self._see(event)
                case PersonSeen():
                    self._show(event, source)
                case _:
                    pass

    def close(self) -> None:
        """Finish the open clip: the recording is over."""
        with self._giving_up():
            self._finish()
        self._pre_roll.clear()
        self._faces.clear()
        self._last_ns = None

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        """Let go of the open clip where the disk is full."""
        try:
            yield
        except MemoryStoreError:
            if self._take is not None:
                self._take.abort()
            self._take = self._closed = None
            raise

    def _show_scene(self, packet: SceneFrame) -> None:
        if self._last_ns is not None and 0 <= packet.t_ns - self._last_ns < _PERIOD_NS:
            return
        self._last_ns = packet.t_ns
        self._scene_size_px = packet.width_px, packet.height_px
        image = shrink(packet.image, MAX_WIDTH_PX)
        self._scale = image.shape[1] / packet.width_px
        frame = SceneFrame(packet.t_ns, packet.index, image)
        self._pre_roll.add(frame)
        if self._is_over(packet.t_ns):
            self._finish()
        elif self._take is not None:
            self._take.add(frame, self._scene_size_px)

    def _open(self, event: SnippetOpened, moment_id: int) -> None:
        self._finish()
        if not self._memory.needs_clip(moment_id):
            return
        self._closed = None
        heard = list(self._pre_roll.sound(event.start_ns))
        path = self._memory.clip_path(moment_id)
        self._take = take = _Take(moment_id, path, event.start_ns, has_sound=bool(heard))
        # Gaze goes first: pictures that a kill leaves on the disk have theirs.
        for item in self._pre_roll.gaze(event.start_ns):
            take.add_gaze(item)
        for frame in self._pre_roll.frames(event.start_ns):
            take.add(frame, self._scene_size_px)
        for chunk in heard:
            take.add_sound(chunk)

    def _end(self, event: SnippetClosed, moment_id: int) -> None:
        if self._take is None or self._take.moment_id != moment_id:
            return
        self._closed = event
        if self._last_ns is not None and self._is_over(self._last_ns):
            self._finish()

    def _is_over(self, t_ns: int) -> bool:
        return self._closed is not None and t_ns >= self._closed.end_ns

    def _finish(self) -> None:
        take, closed = self._take, self._closed
        if take is None:
            return
        clip = take.finish(closed.end_ns if closed else None)
        self._take = self._closed = None
        if clip is None or closed is None:
            return
        seconds = (closed.key.key_ns - take.start_ns) / _NS_PER_S
        self._memory.attach_clip(take.moment_id, thumbnail_at(clip, seconds))

    def _see(self, face: FaceSeen) -> None:
        frame = self._pre_roll.nearest(face.t_ns, _NS_PER_S // MAX_HZ)
        score = face.confidence * face.box.area_px2
        best = self._faces.get(face.track_id)
        if frame is None or (best is not None and best[0] >= score):
            return
        crop = _crop(frame.image, face.box, self._scale)
        if crop.size:
            self._faces[face.track_id] = (score, jpeg(crop))
            while len(self._faces) > _MAX_TRACKS:
                self._faces.pop(next(iter(self._faces)))

    def _show(self, event: PersonSeen, source: Source | None) -> None:
        _, picture = self._faces.pop(event.track_id, (0.0, None))
        if source is not None and picture is not None:
            self._memory.attach_face(source.id, picture)


class _Take:
    """What is kept of one moment while it lasts: its clip, and its gaze beside it."""

    def __init__(self, moment_id: int, path: Path, start_ns: int, has_sound: bool) -> None:
        self.moment_id = moment_id
        self.start_ns = start_ns
        self._clip = ClipWriter(path, start_ns, has_sound)
        self._track = GazeTrackWriter(track_beside(path), start_ns)

    def add(self, frame: SceneFrame, scene_size_px: tuple[int, int] | None) -> None:
        if scene_size_px is not None:
            self._track.set_scene_size(scene_size_px)
        self._clip.add(frame)

    def add_sound(self, chunk: AudioChunk) -> None:
        self._clip.add_sound(chunk)

    def add_gaze(self, item: GazeItem) -> None:
        self._track.add(item)

    def finish(self, end_ns: int | None) -> Path | None:
        """Put both files in their places, up to the end; without a picture there is neither."""
        if not self._clip.has_picture:
            self.abort()
            return None
        # After a crash a finished clip is taken up as it is, so the track goes first.
        self._track.finish(end_ns)
        return self._clip.finish(end_ns)

    def abort(self) -> None:
        self._clip.abort()
        self._track.abort()


def _crop(image: UInt8Image, box: Box, scale: float) -> UInt8Image:
    """Cut a face out, with a margin around it."""
    height, width = image.shape[:2]
    margin_x, margin_y = box.width_px * _FACE_MARGIN, box.height_px * _FACE_MARGIN
    left = max(0, round((box.x_px - margin_x) * scale))
    top = max(0, round((box.y_px - margin_y) * scale))
    right = min(width, round((box.x_px + box.width_px + margin_x) * scale))
    bottom = min(height, round((box.y_px + box.height_px + margin_y) * scale))
    return image[top:bottom, left:right]
