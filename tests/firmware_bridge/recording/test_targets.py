from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.device import DeviceError
from firmware_bridge.recording.targets import Target, read_targets

HEADER = "t_ns,x_px,y_px\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "targets.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_holds_until_the_next(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}10,100,200.5\n20,300,400\n30,,\n50,1,2\n60,,\n")
    assert read_targets(path) == [
        Target(10, 20, 100.0, 200.5),
        Target(20, 30, 300.0, 400.0),
        Target(50, 60, 1.0, 2.0),
    ]


def test_rows_out_of_order_are_sorted_and_an_endless_one_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}20,3,4\n10,1,2\n")
    assert read_targets(path) == [Target(10, 20, 1.0, 2.0)]


def test_other_columns_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, "name,t_ns,x_px,y_px\nfirst,10,1,2\n,20,,\n")
    assert read_targets(path) == [Target(10, 20, 1.0, 2.0)]


def test_no_rows_are_no_targets(tmp_path: Path) -> None:
    assert read_targets(written(tmp_path, HEADER)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("t_ns,x_px\n1,2\n", "missing-column"),
        (f"{HEADER}soon,1,2\n", "damaged-targets"),
        (f"{HEADER}10,left,2\n", "damaged-targets"),
        ("", "missing-column"),
    ],
)
def test_damage_is_named(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(DeviceError, match=r"targets\.csv") as raised:
        read_targets(written(tmp_path, text))
    assert raised.value.code == code


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as raised:
        read_targets(tmp_path / "targets.csv")
    assert raised.value.code == "no-targets"
