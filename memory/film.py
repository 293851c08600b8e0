"""Turns the stream of pictures and sound into the clips and pictures of moments and faces."""

from __future__ import annotations

from firmware_bridge.packets import AudioChunk, SceneFrame, UInt8Image
from memory.media import (
    MAX_HZ,
    MAX_WIDTH_PX,
    THUMBNAIL_WIDTH_PX,
    ClipWriter,
    PreRoll,
    jpeg,
    picture_at,
    shrink,
)
from memory.records import Source
from memory.store import Memory
from perception.events import Box, Event, FaceSeen, PersonSeen, SnippetClosed, SnippetOpened

_NS_PER_S = 1_000_000_000
# A little less than the period, so that 30 Hz with jitter gives every second picture.
_PERIOD_NS = _NS_PER_S // MAX_HZ * 9 // 10
_FACE_MARGIN = 0.4
_MAX_TRACKS = 64


class Film:
    """Keeps the clip of the open moment and the best picture of each face.

    Give it every scene frame and audio chunk with :meth:`update`, and every event with
    :meth:`on_event`, both in time order.

    Args:
        memory: Takes the finished files.
        pre_roll: How much of the past a clip can begin with, and how late a face may be told.
    """

    def __init__(self, memory: Memory, pre_roll: PreRoll | None = None) -> None:
        self._memory = memory
        self._pre_roll = pre_roll or PreRoll()
        self._writer: ClipWriter | None = None
        self._moment_id = 0
        self._start_ns = 0
        self._closed: SnippetClosed | None = None
        self._last_ns: int | None = None
        self._faces: dict[int, tuple[float, bytes]] = {}
        self._scale = 1.0

    def update(self, packet: SceneFrame | AudioChunk) -> None:
        """Take the next picture or stretch of sound.

        Raises:
            MemoryStoreError: The disk is full; the moment stays, without its clip.
        """
        if isinstance(packet, AudioChunk):
            self._pre_roll.add_sound(packet)
            if self._writer is not None and not self._is_over(packet.t_ns):
                self._writer.add_sound(packet)
            return
        if self._last_ns is not None and 0 <= packet.t_ns - self._last_ns < _PERIOD_NS:
            return
        self._last_ns = packet.t_ns
        image = shrink(packet.image, MAX_WIDTH_PX)
        self._scale = image.shape[1] / packet.width_px
        frame = SceneFrame(packet.t_ns, packet.index, image)
        self._pre_roll.add(frame)
        if self._is_over(packet.t_ns):
            self._finish()
        elif self._writer is not None:
            self._writer.add(frame)

    def on_event(self, event: Event, source: Source | None) -> None:
        """Take an event and the row that ``Memory.record`` returned for it."""
        match event:
            case SnippetOpened() if source is not None:
                self._open(event, source.id)
            case SnippetClosed() if source is not None and source.id == self._moment_id:
                self._closed = event
                if self._last_ns is not None and self._is_over(self._last_ns):
                    self._finish()
            case FaceSeen():
                self._see(event)
            case PersonSeen():
                self._show(event, source)
            case _:
                pass

    def close(self) -> None:
        """Finish the open clip: the recording is over."""
        self._finish()
        self._pre_roll.clear()
        self._faces.clear()
        self._last_ns = None

    def _open(self, event: SnippetOpened, moment_id: int) -> None:
        self._finish()
        if not self._memory.needs_clip(moment_id):
            return
        self._moment_id, self._start_ns, self._closed = moment_id, event.start_ns, None
        heard = list(self._pre_roll.sound(event.start_ns))
        path = self._memory.clip_path(moment_id)
        self._writer = ClipWriter(path, event.start_ns, has_sound=bool(heard))
        for frame in self._pre_roll.frames(event.start_ns):
            self._writer.add(frame)
        for chunk in heard:
            self._writer.add_sound(chunk)

    def _is_over(self, t_ns: int) -> bool:
        return self._closed is not None and t_ns >= self._closed.end_ns

    def _finish(self) -> None:
        writer, closed = self._writer, self._closed
        self._writer = self._closed = None
        if writer is None:
            return
        clip = writer.finish()
        if clip is None or closed is None:
            return
        seconds = (closed.key.key_ns - self._start_ns) / _NS_PER_S
        picture = picture_at(clip, max(0.0, seconds))
        thumbnail = None if picture is None else jpeg(shrink(picture, THUMBNAIL_WIDTH_PX))
        self._memory.attach_clip(self._moment_id, thumbnail)

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


def _crop(image: UInt8Image, box: Box, scale: float) -> UInt8Image:
    """Cut a face out, with a margin around it."""
    height, width = image.shape[:2]
    margin_x, margin_y = box.width_px * _FACE_MARGIN, box.height_px * _FACE_MARGIN
    left = max(0, round((box.x_px - margin_x) * scale))
    top = max(0, round((box.y_px - margin_y) * scale))
    right = min(width, round((box.x_px + box.width_px + margin_x) * scale))
    bottom = min(height, round((box.y_px + box.height_px + margin_y) * scale))
    return image[top:bottom, left:right]
