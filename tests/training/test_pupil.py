"""The network and its data; the part that needs torch is skipped where only Attune is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch comes with the extra `train`")

if TYPE_CHECKING:
    from training.pupil_pictures import Example

from tests.perception.eyes.drawing import eye  # noqa: E402
from training.pupil_network import LateralInhibition, PupilNet  # noqa: E402
from training.pupil_pictures import Hardener  # noqa: E402


def inhibited(row: list[float], inhibition: float) -> list[float]:
    """One row through the layer, its neighbours beside it alone."""
    layer = LateralInhibition(1)
    with torch.no_grad():
        layer.inhibition.fill_(inhibition)
        layer.zone.zero_()
        layer.zone[0, 0, 1, 0] = layer.zone[0, 0, 1, 2] = 1.0
        padded = torch.tensor([[[[row[0], *row, row[-1]]]]], dtype=torch.float32)
        return [float(value) for value in layer(padded)[0, 0, 0, 1:-1]]


def test_inhibition_stresses_edges_as_in_the_paper() -> None:
    assert inhibited([12, 12, 12, 8, 8, 8], 0.25) == [6, 6, 7, 3, 4, 4]


@pytest.mark.parametrize(("inhibition", "as_if"), [(-0.5, 0.0), (1.7, 1.0)])
def test_inhibition_stays_between_nothing_and_all(inhibition: float, as_if: float) -> None:
    assert inhibited([3, 9, 5], inhibition) == inhibited([3, 9, 5], as_if)


def test_the_zone_is_a_gaussian_without_its_middle() -> None:
    zone = LateralInhibition(4).zone[0, 0]
    assert zone[1, 1] == 0
    assert float(zone[0, 1]) == pytest.approx(np.exp(-0.5))
    assert float(zone[0, 0]) == pytest.approx(np.exp(-1.0))


def test_the_network_maps_a_picture_to_a_mask_and_a_logit() -> None:
    mask, openness = PupilNet().eval()(torch.zeros(3, 1, 128, 128))
    assert mask.shape == (3, 1, 64, 64)
    assert openness.shape == (3, 1)
    assert sum(parameter.numel() for parameter in PupilNet().parameters()) < 100_000


def hardened(seed: int, count: int = 60) -> list[Example]:
    picture = eye(64, 66, 12)
    rows, columns = np.ogrid[:128, :128]
    mask = (columns - 64) ** 2 + (rows - 66) ** 2 < 12**2
    harden = Hardener(seed)
    return [harden(picture, mask) for _ in range(count)]


def test_hardened_pictures_keep_a_pupil_in_view() -> None:
    for example in hardened(0):
        assert example.picture.shape == example.mask.shape == (128, 128)
        assert 0 <= example.picture.min() <= example.picture.max() <= 255
        assert 0 <= example.mask.min() <= example.mask.max() <= 1
        rows, columns = np.nonzero(example.mask > 0.5)
        assert len(rows) > 20
        assert 4 < rows.mean() < 124
        assert 4 < columns.mean() < 124


def test_the_same_seed_hardens_alike() -> None:
    for one, other in zip(hardened(1, 10), hardened(1, 10), strict=True):
        assert np.array_equal(one.picture, other.picture)
        assert np.array_equal(one.mask, other.mask)
