"""Pictures from files and from memory, cropped to a rounded frame."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
from kivy.graphics import Color, RoundedRectangle
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.uix.widget import Widget

from app.widgets.text import Hug
from app.widgets.theme import HOVER, RAISED, SMALL_STRONG, SPACE
from firmware_bridge.packets import UInt8Image


def texture_of(image: UInt8Image, texture: Texture | None = None) -> Texture:
    """Put a BGR picture into a texture, into the given one where the size fits."""
    height, width = image.shape[:2]
    if texture is None or tuple(texture.size) != (width, height):
        texture = Texture.create(size=(width, height), colorfmt="rgb")
        texture.flip_vertical()
    texture.blit_buffer(
        cv2.cvtColor(image, cv2.COLOR_BGR2RGB).tobytes(), colorfmt="rgb", bufferfmt="ubyte"
    )
    return texture


@lru_cache(maxsize=200)
def _file_texture(path: Path, _modified_ns: int, is_small: bool) -> Texture | None:
    flag = cv2.IMREAD_REDUCED_COLOR_2 if is_small else cv2.IMREAD_COLOR
    image = cv2.imread(str(path), flag)
    return None if image is None else texture_of(image)


def file_texture(path: Path | None, is_small: bool = False) -> Texture | None:
    """Return the texture of a picture file, or None where it is missing or unreadable.

    Args:
        path: A JPEG or PNG file.
        is_small: Half the resolution is enough.
    """
    if path is None or not path.is_file():
        return None
    return _file_texture(path, path.stat().st_mtime_ns, is_small)


def cover(texture: Texture, width: float, height: float) -> list[float]:
    """Return texture coordinates that fill a frame without distortion, cropping the rest."""
    wide = texture.width / texture.height
    frame = width / max(height, 1)
    across, down = (frame / wide, 1.0) if wide > frame else (1.0, wide / frame)
    left, top = (1 - across) / 2, (1 - down) / 2
    u, v = texture.tex_coords[0:2]
    du = texture.tex_coords[2] - u
    dv = texture.tex_coords[5] - v
    x0, x1 = u + du * left, u + du * (left + across)
    y0, y1 = v + dv * top, v + dv * (top + down)
    return [x0, y0, x1, y0, x1, y1, x0, y1]


class Picture(Widget):
    """A picture that fills its rounded frame."""

    def __init__(self, radius: float = SPACE.small_radius, **options: Any) -> None:
        super().__init__(**options)
        self._texture: Texture | None = None
        with self.canvas:
            self._colour = Color(rgba=RAISED)
            self._frame = RoundedRectangle(radius=[dp(radius)])
        self.bind(pos=self._place, size=self._place)

    def show(self, texture: Texture | None) -> None:
        """Show a texture, or the empty frame for None."""
        self._texture = texture
        self._colour.rgba = RAISED if texture is None else (1, 1, 1, 1)
        self._place()

    def position_of(
        self, point_px: tuple[float, float], size_px: tuple[int, int]
    ) -> tuple[float, float]:
        """Return where a pixel of a ``size_px`` large picture lies in the window."""
        scale = max(self.width / size_px[0], self.height / size_px[1])
        return (
            self.center_x + (point_px[0] - size_px[0] / 2) * scale,
            self.center_y - (point_px[1] - size_px[1] / 2) * scale,
        )

    def _place(self, *_: object) -> None:
        self._frame.pos, self._frame.size = self.pos, self.size
        self._frame.texture = self._texture
        if self._texture is not None and self.height > 0:
            self._frame.tex_coords = cover(self._texture, self.width, self.height)


class Avatar(Picture):
    """A round face, or the first letter of the name where there is no picture."""

    def __init__(self, path: Path | None, name: str, size_dp: float = 22, **options: Any) -> None:
        super().__init__(
            radius=size_dp / 2, size_hint=(None, None), size=(dp(size_dp),) * 2, **options
        )
        texture = file_texture(path)
        self.show(texture)
        if texture is None:
            self._colour.rgba = HOVER
            letter = Hug(name[:1].upper(), SMALL_STRONG)
            self.add_widget(letter)
            self.bind(center=lambda _, center: setattr(letter, "center", center))
