from __future__ import annotations

import pytest

from app.settings import SettingsError, load_settings
from perception.analytics.energy import EnergyConstants


def test_a_device_may_name_its_own_power(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_ENERGY__SCENE_CAMERA_W", "0.07")
    assert load_settings().energy == EnergyConstants(scene_camera_w=0.07)


@pytest.mark.parametrize("watts", ["-1", "nan", "much"])
def test_impossible_power_is_told(monkeypatch: pytest.MonkeyPatch, watts: str) -> None:
    monkeypatch.setenv("ATTUNE_ENERGY__CPU_W", watts)
    with pytest.raises(SettingsError, match="energy"):
        load_settings()
