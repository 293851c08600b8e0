"""Every stage that a ``stage_cases.py`` below this folder names, under the whole suite."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.perception import stage_suite
from tests.perception.stage_suite import StageCase

CHECKS: tuple[Callable[[StageCase], None], ...] = (
    stage_suite.require_deterministic,
    stage_suite.require_reset,
    stage_suite.require_empty_input,
    stage_suite.require_gap,
    stage_suite.require_stale_items_ignored,
    stage_suite.require_disorder_survived,
    stage_suite.require_nan_survived,
    stage_suite.require_pickles,
    stage_suite.require_bounded_state,
)


def cases() -> list[StageCase]:
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/stage_cases.py"))
    modules = (importlib.import_module(f"tests.perception.{name}.stage_cases") for name in folders)
    return [case for module in modules for case in module.CASES]


def parameters() -> list[object]:
    return [
        pytest.param(case, id=case.name, marks=[pytest.mark.weights] if case.is_heavy else [])
        for case in cases()
    ]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("require_"))
@pytest.mark.parametrize("case", parameters())
def test_stage(case: StageCase, check: Callable[[StageCase], None]) -> None:
    check(case)


def test_names_are_unique() -> None:
    names = [case.name for case in cases()]
    assert len(set(names)) == len(names)
