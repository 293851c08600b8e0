from __future__ import annotations

import numpy as np
import pytest

from evals.data.gaze_events import FIXATION, LOST, PURSUIT, SACCADE, UNLABELLED, Codes
from evals.gaze_scores import Agreement, events_of


def codes(*runs: tuple[int, int]) -> Codes:
    return np.repeat([kind for kind, _ in runs], [count for _, count in runs]).astype(np.uint8)


def agreement(true: Codes, found: Codes) -> Agreement:
    result = Agreement()
    result.add(true, found)
    return result


TRUE = codes((FIXATION, 50), (SACCADE, 10), (PURSUIT, 40), (LOST, 20), (FIXATION, 30))


def test_full_agreement_is_one_in_every_figure() -> None:
    same = agreement(TRUE, TRUE)
    assert (same.macro_sample_f1, same.macro_event_f1, same.kappa) == (1.0, 1.0, 1.0)


def test_sample_f1_is_that_of_its_definition() -> None:
    found = codes((FIXATION, 60), (PURSUIT, 40), (LOST, 20), (FIXATION, 30))
    figures = agreement(TRUE, found)
    assert figures.sample_f1(FIXATION) == pytest.approx(2 * 80 / (80 + 90))
    assert figures.sample_f1(SACCADE) == 0.0
    assert figures.sample_f1(PURSUIT) == 1.0


def test_an_event_in_two_halves_matches_once_and_costs_the_other() -> None:
    found = codes(
        (FIXATION, 30),
        (SACCADE, 1),
        (FIXATION, 19),
        (SACCADE, 10),
        (PURSUIT, 40),
        (LOST, 20),
        (FIXATION, 30),
    )
    figures = agreement(TRUE, found)
    assert figures.event_f1(FIXATION) == pytest.approx(2 * 2 / (2 + 3))
    assert figures.event_f1(SACCADE) == pytest.approx(2 * 1 / (1 + 2))


@pytest.mark.parametrize(("late", "expected"), [(20, 1.0), (21, 0.0)])
def test_events_match_from_half_of_what_they_cover(late: int, expected: float) -> None:
    true = codes((FIXATION, 10), (PURSUIT, 40))
    found = codes((FIXATION, 10 + late), (PURSUIT, 40 - late))
    assert agreement(true, found).event_f1(PURSUIT) == expected


def test_samples_without_a_label_are_left_out() -> None:
    true = codes((FIXATION, 20), (UNLABELLED, 5), (SACCADE, 10))
    found = codes((FIXATION, 22), (SACCADE, 13))
    figures = agreement(true, found)
    assert figures.sample_f1(FIXATION) == figures.sample_f1(SACCADE) == 1.0
    assert int(figures.confusion.sum()) == 30


def test_agreement_by_chance_is_no_kappa() -> None:
    random = np.random.default_rng(6)
    figures = agreement(*(random.integers(0, 4, 40_000).astype(np.uint8) for _ in range(2)))
    assert figures.kappa == pytest.approx(0.0, abs=0.02)


def test_counts_add_up_over_recordings() -> None:
    both = agreement(TRUE, TRUE)
    both.add(TRUE, codes((FIXATION, 150)))
    assert both.true[FIXATION] == 4
    assert both.found[FIXATION] == 3
    assert both.matched[FIXATION] == 2


def test_events_are_half_open() -> None:
    assert events_of(TRUE, FIXATION).tolist() == [[0, 50], [120, 150]]
