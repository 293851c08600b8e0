"""Colours, type and space: one calm, warm, dark look for all windows.

Plain values, so that presenters and tests can use them without opening a window.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from perception.events import Emotion

Rgba = tuple[float, float, float, float]


def rgba(code: str, alpha: float = 1.0) -> Rgba:
    """Turn ``"#rrggbb"`` into components in [0, 1]."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, alpha


def faded(colour: Rgba, alpha: float) -> Rgba:
    """Return the same colour with another opacity."""
    return (*colour[:3], alpha)


def mixed(colour: Rgba, other: Rgba, share: float) -> Rgba:
    """Mix ``share`` of another colour into a colour."""
    red, green, blue, alpha = (a + (b - a) * share for a, b in zip(colour, other, strict=True))
    return red, green, blue, alpha


INK = rgba("#16141a")
SURFACE = rgba("#1f1c24")
RAISED = rgba("#292530")
HOVER = rgba("#332e3b")
LINE = rgba("#3b3644")
PAPER = rgba("#f4ede1")
MUTED = rgba("#b9afa6")
FAINT = rgba("#8f867f")
ACCENT = rgba("#f2b27c")
ON_ACCENT = rgba("#2a1a0d")
RECORDING = rgba("#ff7166")
DANGER = rgba("#ff8a7d")
SHADE = rgba("#0c0b0e", 0.72)


class Shape(StrEnum):
    """A mark beside every feeling, so that no feeling is told by colour alone."""

    CIRCLE = "circle"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    HEXAGON = "hexagon"
    SQUARE = "square"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class FeelingStyle:
    """How one feeling looks."""

    colour: Rgba
    shape: Shape


FEELINGS = {
    Emotion.CALM: FeelingStyle(rgba("#86cdee"), Shape.CIRCLE),
    Emotion.INTERESTED: FeelingStyle(rgba("#3fb28f"), Shape.DIAMOND),
    Emotion.HAPPY: FeelingStyle(rgba("#f5e07a"), Shape.TRIANGLE),
    Emotion.MOVED: FeelingStyle(rgba("#d992c4"), Shape.HEXAGON),
    Emotion.UNEASY: FeelingStyle(rgba("#e4713f"), Shape.SQUARE),
    Emotion.SAD: FeelingStyle(rgba("#6c86ea"), Shape.DROP),
}


@dataclass(frozen=True, slots=True)
class Space:
    """Distances and radii in density-independent pixels, on a four-pixel grid."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741  # the size between m and xl has no other name
    xl: int = 24
    xxl: int = 40
    radius: int = 14
    small_radius: int = 9


SPACE = Space()


def _font(family: str, name: str) -> str:
    return str(Path(str(files(family))) / "files" / name)


SERIF = _font("font_source_serif_pro", "SourceSerifPro-Semibold.ttf")
SERIF_ITALIC = _font("font_source_serif_pro", "SourceSerifPro-It.ttf")
SANS = _font("font_source_sans_pro", "SourceSansPro-Regular.ttf")
SANS_BOLD = _font("font_source_sans_pro", "SourceSansPro-Semibold.ttf")


@dataclass(frozen=True, slots=True)
class Type:
    """A typeface at a size in scale-independent pixels, with its usual colour."""

    font: str
    size_sp: int
    colour: Rgba


DISPLAY = Type(SERIF, 30, PAPER)
TITLE = Type(SERIF, 20, PAPER)
BODY = Type(SANS, 16, PAPER)
STRONG = Type(SANS_BOLD, 16, PAPER)
QUOTE = Type(SERIF_ITALIC, 16, PAPER)
SMALL = Type(SANS, 14, MUTED)
SMALL_STRONG = Type(SANS_BOLD, 14, MUTED)


def contrast(one: Rgba, other: Rgba) -> float:
    """Return the WCAG 2.1 contrast ratio of two opaque colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgba) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
