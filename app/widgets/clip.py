"""Playing a moment's clip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import av
from kivy.clock import Clock
from kivy.graphics import (
    Color,
    Ellipse,
    RoundedRectangle,
    StencilPop,
    StencilPush,
    StencilUnUse,
    StencilUse,
)
from kivy.graphics.texture import Texture
from kivy.input import MotionEvent
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty

from app.widgets.gaze_path import GazePath, gaze_path
from app.widgets.gaze_trail import GazeTrail
from app.widgets.picture import Picture, file_texture, texture_of
from app.widgets.theme import ACCENT, INK, PAPER, SPACE, faded
from firmware_bridge.packets import UInt8Image

BAR_DP, KNOB_DP, REACH_DP = 4, 12, 22


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
        self._pictures: Iterator[av.VideoFrame] = self._container.decode(self._stream)
        self._next = self._read()

    @property
    def steepness(self) -> float:
        """Height over width of the pictures."""
        return float(self._stream.height / self._stream.width)

    @property
    def is_over(self) -> bool:
        """The last picture has been returned."""
        return self._next is None

    def up_to(self, at_s: float) -> tuple[float, UInt8Image] | None:
        """Go on to a time; return the last picture on the way with its time, if there is one."""
        newest: av.VideoFrame | None = None
        while self._next is not None and _time_s(self._next) <= at_s:
            newest, self._next = self._next, self._read()
        if newest is None:
            return None
        return _time_s(newest), cast(UInt8Image, newest.to_ndarray(format="bgr24"))

    def seek(self, at_s: float) -> None:
        """Go on from the last key picture before a time."""
        self._container.seek(int(at_s * av.time_base), backward=True)
        self._pictures = self._container.decode(self._stream)
        self._next = self._read()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _read(self) -> av.VideoFrame | None:
        with suppress(av.FFmpegError):
            return next(self._pictures, None)
        return None


class ClipPlayer(Picture):
    """A clip that plays on request, with the gaze over it; before, the attended frame.

    Dragging along the bar at its foot goes to any time.

    Attributes:
        is_playing: It goes on by itself.
        position: Where in the clip it is, from 0 to 1.
        steepness: Height over width of the last clip's pictures.
        trail: The gaze as drawn now.
    """

    is_playing = BooleanProperty(False)
    position = NumericProperty(0.0)
    steepness = NumericProperty(9 / 16)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._film: Film | None = None
        self._video: Texture | None = None
        self._still: Path | None = None
        self._path: GazePath | None = None
        self._key_s = 0.0
        self._at_s = 0.0
        self._shown_s = 0.0
        self.trail = GazeTrail()
        with self.canvas.after:
            StencilPush()
            self._mask = RoundedRectangle(radius=[dp(SPACE.small_radius)])
            StencilUse()
            self.canvas.after.add(self.trail)
            StencilUnUse()
            self._unmask = RoundedRectangle(radius=[dp(SPACE.small_radius)])
            StencilPop()
            self._shade_colour = Color(rgba=faded(INK, 0))
            self._shade = RoundedRectangle(radius=[dp(BAR_DP)])
            self._bar_colour = Color(rgba=faded(PAPER, 0))
            self._bar = RoundedRectangle(radius=[dp(BAR_DP / 2)])
            self._done_colour = Color(rgba=faded(ACCENT, 0))
            self._done = RoundedRectangle(radius=[dp(BAR_DP / 2)])
            self._knob = Ellipse(size=(dp(KNOB_DP), dp(KNOB_DP)))
        self.bind(pos=self._overlay, size=self._overlay)
        Clock.schedule_interval(self._tick, 1 / 30)

    @property
    def can_play(self) -> bool:
        """There is a readable clip."""
        return self._film is not None

    def load(self, clip: Path | None, still: Path | None, key_s: float, track: Path | None) -> None:
        """Show the still of another clip, ready to play.

        Args:
            clip: The video, or None.
            still: The attended frame.
            key_s: Time of the attended frame, in seconds from the clip's beginning.
            track: The gaze beside the clip, or None.
        """
        self.close()
        self._still, self._path = still, gaze_path(track)
        if clip is not None and clip.is_file():
            with suppress(av.FFmpegError, IndexError):
                self._film = Film(clip)
                self.steepness = self._film.steepness
        self._key_s = key_s
        self._rest()

    def toggle(self) -> None:
        """Play or pause."""
        self.is_playing = self._film is not None and not self.is_playing

    def seek(self, position: float) -> None:
        """Go to a place in the clip, from 0 to 1, and play or rest there as before."""
        if self._film is None:
            return
        self._at_s = min(max(position, 0.0), 1.0) * self._film.duration_s
        self._film.seek(self._at_s)
        self._show_now()

    def close(self) -> None:
        """Stop and let the file go."""
        self.is_playing = False
        if self._film is not None:
            self._film.close()
            self._film = None

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Take hold of the bar."""
        is_on_bar = self.collide_point(*touch.pos) and touch.y < self.y + dp(REACH_DP)
        if not (self.can_play and is_on_bar) or touch.is_mouse_scrolling:
            return bool(super().on_touch_down(touch))
        touch.grab(self)
        self._drag(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """Drag along the bar."""
        if touch.grab_current is not self:
            return bool(super().on_touch_move(touch))
        self._drag(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Let go of the bar."""
        if touch.grab_current is not self:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        return True

    def _drag(self, touch: MotionEvent) -> None:
        left, width = self._span()
        self.seek((touch.x - left) / max(width, 1))

    def _rest(self) -> None:
        """Show the attended frame, and play from the beginning next."""
        self.is_playing = False
        self._at_s = self.position = 0.0
        self._shown_s = self._key_s
        if self._film is not None:
            self._film.seek(0.0)
        self.show(file_texture(self._still))
        self._overlay()

    def _tick(self, elapsed_s: float) -> None:
        if not self.is_playing or self._film is None:
            return
        if self._film.is_over:
            self._rest()
            return
        self._at_s += elapsed_s
        self._show_now()

    def _show_now(self) -> None:
        assert self._film is not None  # noqa: S101
        picture = self._film.up_to(self._at_s)
        self.position = min(1.0, self._at_s / max(self._film.duration_s, 0.1))
        if picture is not None:
            self._shown_s, image = picture
            self._video = texture_of(image, self._video)
            self.show(self._video)
            self._draw_trail()
            self.canvas.ask_update()
        self._draw_bar()

    def _overlay(self, *_: object) -> None:
        self._mask.pos = self._unmask.pos = self.pos
        self._mask.size = self._unmask.size = self.size
        self._draw_trail()
        self._draw_bar()

    def _draw_trail(self) -> None:
        texture = self._texture
        mark = self._path.at(self._shown_s) if self._path and texture else None
        size_px: tuple[int, int] = texture.size if texture else (1, 1)
        self.trail.show(
            mark, lambda x, y: self.position_of((x * size_px[0], y * size_px[1]), size_px)
        )

    def _draw_bar(self) -> None:
        is_begun = self.position > 0
        self._shade_colour.rgba = faded(INK, 0.5 if self.can_play else 0)
        self._bar_colour.rgba = faded(PAPER, 0.5 if self.can_play else 0)
        self._done_colour.rgba = faded(ACCENT, 1 if is_begun else 0)
        left, width = self._span()
        bottom, edge = self.y + dp(10), dp(BAR_DP / 2)
        self._shade.pos = (left - edge, bottom - edge)
        self._shade.size = (width + 2 * edge, dp(BAR_DP) + 2 * edge)
        self._bar.pos = self._done.pos = (left, bottom)
        self._bar.size = (width, dp(BAR_DP))
        self._done.size = (width * self.position, dp(BAR_DP))
        knob = dp(KNOB_DP)
        middle = bottom + dp(BAR_DP) / 2
        self._knob.pos = (left + width * self.position - knob / 2, middle - knob / 2)

    def _span(self) -> tuple[float, float]:
        """Where the bar begins, and how long it is."""
        return self.x + dp(SPACE.m), self.width - dp(2 * SPACE.m)


def _time_s(frame: av.VideoFrame) -> float:
    return float(frame.time or 0.0)
