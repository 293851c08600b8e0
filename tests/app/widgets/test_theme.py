from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from app.widgets import theme
from app.widgets.theme import FEELINGS, Rgba, contrast, rgba
from perception.events import Emotion

READABLE = 4.5  # WCAG 2.1, level AA, normal text
VISIBLE = 3.0  # WCAG 2.1, level AA, graphics

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


def seen_with(blindness: str, colour: Rgba) -> np.ndarray:
    gamma = np.array(colour[:3])
    linear = np.where(gamma <= 0.04045, gamma / 12.92, ((gamma + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(BLINDNESS[blindness]) @ linear, 0, 1)
    return np.asarray(
        np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    )


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#ffffff", "#000000", 21.0), ("#777777", "#ffffff", 4.48), ("#abcdef", "#abcdef", 1.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(rgba(one), rgba(other)) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("ground", ["INK", "SURFACE", "RAISED"])
@pytest.mark.parametrize("ink", ["PAPER", "MUTED", "ACCENT", "RECORDING", "DANGER"])
def test_text_can_be_read_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= READABLE


@pytest.mark.parametrize("ground", ["INK", "SURFACE"])
def test_faint_text_can_be_read_where_it_is_used(ground: str) -> None:
    assert contrast(theme.FAINT, getattr(theme, ground)) >= READABLE


def test_words_on_the_accent_can_be_read() -> None:
    assert contrast(theme.ON_ACCENT, theme.ACCENT) >= READABLE


def test_every_feeling_has_a_shape_of_its_own() -> None:
    assert set(FEELINGS) == set(Emotion)
    assert len({style.shape for style in FEELINGS.values()}) == len(Emotion)


@pytest.mark.parametrize("emotion", Emotion)
def test_a_feeling_stands_out_from_its_card(emotion: Emotion) -> None:
    assert contrast(FEELINGS[emotion].colour, theme.SURFACE) >= VISIBLE


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_feelings_differ_for_colour_blind_eyes(blindness: str) -> None:
    colours = [seen_with(blindness, style.colour) for style in FEELINGS.values()]
    distances = [float(np.linalg.norm(one - other)) for one, other in combinations(colours, 2)]
    assert min(distances) > 0.1


@pytest.mark.parametrize("font", ["SERIF", "SERIF_ITALIC", "SANS", "SANS_BOLD"])
def test_fonts_are_installed(font: str) -> None:
    assert Path(getattr(theme, font)).is_file()
