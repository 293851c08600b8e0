from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from rich.console import Console

from evals.registry import EVALS, module_of
from evals.report import EvalReport, percentile


def report() -> EvalReport:
    return EvalReport(
        name="sums",
        claim="Sums are right",
        columns=("system", "error"),
        rows=(("ours", 0.125), ("baseline", None)),
        verdicts={"error under 0.2": True, "error under 0.1": False},
    )


def test_a_miss_is_printed_as_a_miss() -> None:
    console = Console(width=100)
    with console.capture() as printed:
        console.print(report().table())
    text = " ".join(printed.get().split())
    assert "kept: error under 0.2" in text
    assert "MISSED: error under 0.1" in text


def test_the_figures_are_written_unrounded(tmp_path: Path) -> None:
    content = json.loads(report().write(tmp_path / "new").read_text())
    assert content["rows"] == [
        {"system": "ours", "error": 0.125},
        {"system": "baseline", "error": None},
    ]
    assert content["verdicts"] == {"error under 0.2": True, "error under 0.1": False}


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        EvalReport("x", "y", ("a", "b"), (("only one",),))


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([], 50, 0.0), ([3.0], 95, 3.0), ([4.0, 1.0, 3.0, 2.0, 5.0], 50, 3.0), ([1, 2, 3], 100, 3)],
)
def test_percentile(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


@pytest.mark.parametrize("name", EVALS)
def test_every_evaluation_is_a_module_with_a_claim(name: str) -> None:
    assert find_spec(module_of(name)) is not None
