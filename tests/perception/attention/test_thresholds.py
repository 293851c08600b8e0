from __future__ import annotations

import numpy as np
import pytest

from perception.attention.classifier import FIXATION, LOST, PURSUIT, SACCADE
from perception.attention.thresholds import Gaze, Thresholds, idt, ivdt, ivt, ivvt

RATE_HZ = 250.0


def gaze() -> Gaze:
    """A second of rest, a jump of 10 degrees within 40 ms, rest, then a glide of 15 deg/s."""
    parts = [np.zeros(250), np.linspace(1, 10, 10), np.full(240, 10.0), 10 + np.arange(250) * 0.06]
    x_deg = np.concatenate(parts)
    confidence = np.ones_like(x_deg)
    confidence[100:120] = 0.1
    return Gaze(np.arange(len(x_deg)) / RATE_HZ, x_deg, np.zeros_like(x_deg), confidence)


@pytest.mark.parametrize("classifier", [ivt, idt, ivvt, ivdt])
def test_rest_jump_and_loss_are_told_by_every_classifier(classifier: object) -> None:
    assert callable(classifier)
    classes = classifier(gaze(), Thresholds())
    assert (classes[20:90] == FIXATION).all()
    assert (classes[100:120] == LOST).all()
    assert (classes[252:257] == SACCADE).all()
    assert (classes[300:450] == FIXATION).all()


@pytest.mark.parametrize("classifier", [ivvt, ivdt])
def test_two_criteria_tell_pursuit_from_fixation(classifier: object) -> None:
    assert callable(classifier)
    classes = classifier(gaze(), Thresholds())
    assert np.mean(classes[540:730] == PURSUIT) > 0.95


@pytest.mark.parametrize("classifier", [ivt, idt])
def test_one_criterion_knows_no_pursuit(classifier: object) -> None:
    assert callable(classifier)
    assert PURSUIT not in classifier(gaze(), Thresholds())


def test_a_threshold_decides() -> None:
    assert SACCADE not in ivt(gaze(), Thresholds(saccade_deg_s=400.0))
    assert PURSUIT not in ivvt(gaze(), Thresholds(pursuit_deg_s=20.0))[540:730]
