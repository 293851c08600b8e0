from __future__ import annotations

import pytest

from app.reflection.curve import course
from app.reflection.state import RibbonPoint
from perception.events import Emotion


def point(peak: float, valence: float, arousal: float = 0.5, width: float = 0.02) -> RibbonPoint:
    return RibbonPoint(1, Emotion.HAPPY, peak - width / 2, peak, peak + width / 2, valence, arousal)


def test_between_feelings_the_ribbon_is_thin_and_level() -> None:
    far = [s for s in course([point(0.2, 0.8), point(0.8, -0.8)]) if 0.45 < s.x < 0.55]
    assert all((s.height, s.thickness, s.nearest) == (0.0, 0.0, None) for s in far)


@pytest.mark.parametrize("valence", [0.9, 0.2, -0.6])
def test_at_its_peak_a_feeling_has_its_own_height_and_thickness(valence: float) -> None:
    samples = course([point(0.5, valence, arousal=0.7)])
    peak = samples[len(samples) // 2]
    assert peak.height == pytest.approx(valence, abs=0.02)
    assert peak.thickness == pytest.approx(0.7, abs=0.02)


def test_feelings_that_meet_do_not_add_up() -> None:
    samples = course([point(0.5, 0.9, 0.9), point(0.505, 0.9, 0.9), point(0.51, 0.9, 0.9)])
    assert max(s.height for s in samples) <= 0.91
    assert max(s.thickness for s in samples) <= 0.91


def test_a_brief_feeling_can_still_be_seen() -> None:
    samples = course([point(0.5, 0.5, width=0.0001)])
    assert sum(s.nearest is not None for s in samples) >= 8
