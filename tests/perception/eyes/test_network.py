from __future__ import annotations

import numpy as np
import pytest

from assets.trained import WEIGHTS_FOLDER, described
from perception.eyes.network import PupilNetwork, normalised, read_answer

REFERENCE = WEIGHTS_FOLDER / "pupil_reference.npz"


def test_onnx_says_what_torch_said() -> None:
    network, reference = PupilNetwork(), np.load(REFERENCE)
    for picture, mask, openness in zip(
        reference["pictures"], reference["masks"], reference["openness"], strict=True
    ):
        answer = network.answer(picture)
        expected = read_answer(mask.astype(np.float32), float(openness))
        assert answer.openness_logit == pytest.approx(float(openness), abs=1e-3)
        assert (answer.x, answer.y) == pytest.approx((expected.x, expected.y), abs=0.05)
        assert answer.certainty == pytest.approx(expected.certainty, abs=2e-3)


def test_the_weights_are_small_and_say_whom_they_have_seen() -> None:
    facts = PupilNetwork().facts
    assert described("pupil").bytes < 1_000_000
    assert facts.subjects
    assert 1_000_000 < facts.macs < 50_000_000
    assert facts.openness.weights[0] > 0


def test_normalisation_takes_light_and_gain_out() -> None:
    picture = np.random.default_rng(0).integers(60, 120, (128, 128), np.uint8)
    brighter = (picture.astype(np.int64) + 40).astype(np.uint8)
    assert np.allclose(normalised(picture), normalised(brighter), atol=1e-4)
    assert np.isfinite(normalised(np.zeros((128, 128), np.uint8))).all()


def blob(row: int, column: int, size: int, chance: float) -> np.ndarray:
    mask = np.zeros((64, 64), np.float32)
    mask[row : row + size, column : column + size] = chance
    return mask


def test_the_heaviest_region_is_the_pupil_and_the_rest_its_rivals() -> None:
    answer = read_answer(blob(10, 20, 8, 0.9) + blob(50, 50, 4, 0.9), 2.0)
    assert (answer.x, answer.y) == pytest.approx((2 * 23.5 + 0.5, 2 * 13.5 + 0.5))
    assert answer.rivalry == pytest.approx(16 / (64 + 16))
    assert answer.certainty == pytest.approx(0.9)
    assert (answer.width, answer.height) == (16, 16)


def test_a_faint_mask_gives_a_place_and_little_certainty() -> None:
    answer = read_answer(blob(10, 20, 8, 0.2), 2.0)
    assert answer.x == pytest.approx(47.5)
    assert answer.certainty == pytest.approx(0.2)


@pytest.mark.parametrize("chance", [0.0, 0.01])
def test_an_empty_mask_has_no_place(chance: float) -> None:
    answer = read_answer(np.full((64, 64), chance, np.float32), -3.0)
    assert np.isnan(answer.x)
    assert np.isfinite(answer.features).all()
