"""Playing a moment's clip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import av
from kivy.clock import Clock
from kivy.graphics import Color, Line, RoundedRectangle
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty

from app.widgets.picture import Picture, file_texture, texture_of
from app.widgets.theme import ACCENT, INK, faded
from firmware_bridge.packets import UInt8Image
from memory.media import MAX_WIDTH_PX

GAZE_SHOWN_S = 0.6


class Film:
    """The pictures of a video file in order, decoded one at a time.

    Raises:
        av.FFmpegError: The file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._container = av.open(str(path))
        self._stream = self._container.streams.video[0]
        self._stream.thread_count = 1
        duration = self._container.duration or 0
        self.duration_s = duration / av.time_base
        self._pictures = self._decode()

    @property
    def scene_size_px(self) -> tuple[int, int] | None:
        """Size of the scene frames, or None where they may have been larger than the film."""
        width, height = self._stream.width, self._stream.height
        return (width, height) if width < MAX_WIDTH_PX else None

    def next(self) -> tuple[float, UInt8Image] | None:
        """Return the next picture with its time in seconds, or None at the end."""
        with suppress(av.FFmpegError):
            return next(self._pictures, None)
        return None

    def rewind(self) -> None:
        """Start again."""
        self._container.seek(0)
        self._pictures = self._decode()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _decode(self) -> Iterator[tuple[float, UInt8Image]]:
        for frame in self._container.decode(self._stream):
            yield float(frame.time or 0.0), cast(UInt8Image, frame.to_ndarray(format="bgr24"))


class ClipPlayer(Picture):
    """A clip that plays on request, with the gaze ringed where attention was strongest."""

    is_playing = BooleanProperty(False)
    position = NumericProperty(0.0)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._film: Film | None = None
        self._video: Texture | None = None
        self._still: Path | None = None
        self._pending: tuple[float, UInt8Image] | None = None
        self._size_px: tuple[int, int] | None = None
        self._gaze: tuple[float, float] | None = None
        self._key_s = 0.0
        self._at_s = 0.0
        with self.canvas.after:
            self._ring_shade = Color(rgba=faded(INK, 0))
            self._ring_back = Line(width=dp(3))
            self._ring_colour = Color(rgba=faded(ACCENT, 0))
            self._ring = Line(width=dp(1.6))
            self._track_colour = Color(rgba=faded(INK, 0))
            self._track = RoundedRectangle(radius=[dp(2)])
            self._done_colour = Color(rgba=faded(ACCENT, 0))
            self._done = RoundedRectangle(radius=[dp(2)])
        self.bind(pos=self._overlay, size=self._overlay, position=self._overlay)
        Clock.schedule_interval(self._tick, 1 / 30)

    @property
    def can_play(self) -> bool:
        """There is a readable clip."""
        return self._film is not None

    def load(
        self,
        clip: Path | None,
        still: Path | None,
        key_fraction: float,
        gaze_in_scene_px: tuple[float, float],
    ) -> None:
        """Show the still of another clip, ready to play.

        Args:
            clip: The video, or None.
            still: The attended frame.
            key_fraction: Where in the clip attention was strongest.
            gaze_in_scene_px: Gaze at that instant.
        """
        self.close()
        self._still, self._gaze = still, gaze_in_scene_px
        if clip is not None and clip.is_file():
            with suppress(av.FFmpegError, IndexError):
                self._film = Film(clip)
        self._size_px = self._film.scene_size_px if self._film else None
        self._key_s = key_fraction * (self._film.duration_s if self._film else 0.0)
        self._rest()

    def toggle(self) -> None:
        """Play or pause."""
        self.is_playing = self._film is not None and not self.is_playing

    def close(self) -> None:
        """Stop and let the file go."""
        self.is_playing = False
        self._pending = None
        if self._film is not None:
            self._film.close()
            self._film = None

    def _rest(self) -> None:
        self.is_playing = False
        self._at_s = self.position = 0.0
        self.show(file_texture(self._still))
        self._overlay()

    def _tick(self, elapsed_s: float) -> None:
        if not self.is_playing or self._film is None:
            return
        self._at_s += elapsed_s
        shown: UInt8Image | None = None
        while self._pending is None or self._pending[0] <= self._at_s:
            if self._pending is not None:
                shown = self._pending[1]
            self._pending = self._film.next()
            if self._pending is None:
                self._film.rewind()
                self._rest()
                return
        if shown is not None:
            self._video = texture_of(shown, self._video)
            self.show(self._video)
            self.canvas.ask_update()
            self.position = min(1.0, self._at_s / max(self._film.duration_s, 0.1))

    def _overlay(self, *_: object) -> None:
        self._draw_ring()
        is_begun = self.position > 0
        self._track_colour.rgba = faded(INK, 0.6 if is_begun else 0)
        self._done_colour.rgba = faded(ACCENT, 1 if is_begun else 0)
        left, width = self.x + dp(12), self.width - dp(24)
        self._track.pos = self._done.pos = (left, self.y + dp(10))
        self._track.size = (width, dp(4))
        self._done.size = (width * self.position, dp(4))

    def _draw_ring(self) -> None:
        at = self.position_of(self._gaze, self._size_px) if self._gaze and self._size_px else None
        is_key = self.position == 0 or abs(self._at_s - self._key_s) < GAZE_SHOWN_S
        alpha = 1 if at and is_key and self.collide_point(*at) else 0
        self._ring_shade.rgba = faded(INK, 0.55 * alpha)
        self._ring_colour.rgba = faded(ACCENT, alpha)
        if at and alpha:
            self._ring.circle = self._ring_back.circle = (*at, dp(20))
