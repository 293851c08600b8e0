from __future__ import annotations

from dataclasses import asdict, fields

import pytest

from perception.analytics.energy import (
    PUBLISHED,
    Constant,
    EnergyConstants,
    EnergyModel,
    Split,
    Usage,
)

EVERYTHING = Usage(*(1.0 for _ in fields(Usage)))


def test_every_constant_has_its_source() -> None:
    names = [field.name for field in fields(EnergyConstants)]
    assert names == list(PUBLISHED)
    for name in names:
        assert getattr(EnergyConstants(), name) == PUBLISHED[name].value
        assert len(PUBLISHED[name].source) > 20


def test_doing_nothing_costs_nothing() -> None:
    assert EnergyModel().joules(Usage()).total_j == 0.0


@pytest.mark.parametrize(
    ("usage", "part", "joules"),
    [
        (Usage(eye_camera_s=3600.0), "eye_camera_j", 3600 * 0.048),
        (Usage(eye_pixels=1e9), "eye_camera_j", 0.125),
        (Usage(led_s=3600.0), "leds_j", 3600 * 0.0264),
        (Usage(scene_camera_s=10.0, scene_standby_s=100.0), "scene_camera_j", 1.32 + 0.5),
        (Usage(scene_pixels=8e9), "scene_camera_j", 1.0),
        (Usage(encoded_pixels=1e9), "encoder_j", 3.9),
        (Usage(bytes_sent=1e6), "radio_j", 2.24),
        (Usage(macs=1e12), "inference_j", 16.7),
        (Usage(cpu_s=2.0), "cpu_j", 1.69),
        (Usage(imu_s=1000.0), "imu_j", 1.23),
    ],
)
def test_each_part_is_charged_to_itself_alone(usage: Usage, part: str, joules: float) -> None:
    split = EnergyModel().joules(usage)
    assert getattr(split, part) == pytest.approx(joules)
    assert split.total_j == pytest.approx(joules)


def test_every_use_costs_something() -> None:
    for field in fields(Usage):
        assert EnergyModel().joules(Usage(**{field.name: 1.0})).total_j > 0.0


def test_energy_adds_up() -> None:
    split = EnergyModel().joules(EVERYTHING + EVERYTHING.scaled(2.0))
    assert split.total_j == pytest.approx(3 * EnergyModel().joules(EVERYTHING).total_j)
    assert sum(asdict(split).values()) == pytest.approx(split.total_j)
    assert len(asdict(split)) == len(fields(Split))


def test_a_device_brings_its_own_constants() -> None:
    frugal = EnergyModel(EnergyConstants().changed(scene_camera_w=0.05))
    assert frugal.joules(Usage(scene_camera_s=100.0)).total_j == pytest.approx(5.0)


def test_impossible_constants_are_refused() -> None:
    with pytest.raises(ValueError, match="cpu_w"):
        EnergyConstants(cpu_w=-1.0)
    with pytest.raises(ValueError, match="cpu_w"):
        EnergyConstants(cpu_w=float("nan"))
    with pytest.raises(ValueError, match="between"):
        Constant(3.0, 1.0, 2.0, "nowhere")
