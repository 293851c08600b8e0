"""The made-up store is what it is said to be, and recall's times come from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from evals import recall_scale, scale_kept
from evals.scale_store import Language, sentences


@pytest.fixture(scope="module")
def language() -> Language:
    return Language()


def test_words_are_as_unevenly_common_as_in_speech(language: Language) -> None:
    ranks = language.ranks(np.random.default_rng(0), 200_000)
    share = Counter(ranks.tolist())
    assert share[0] > 2 * share[5] > 4 * share[50] > 0
    assert len(set(language.words)) == len(language.words)


def test_sentences_that_share_words_are_close_and_the_same_again(language: Language) -> None:
    one, again = (list(sentences(language, 50)) for _ in range(2))
    assert [s.text for s in one] == [s.text for s in again]
    rare = [language.words[rank] for rank in (5_000, 6_000, 7_000, 8_000, 9_000, 9_500)]
    first, second, other = language.embed(
        [" ".join(rare[:3]), " ".join(rare[1:4]), " ".join(rare[3:])]
    )
    assert first @ second > 0.5 > 0.2 > first @ other


def test_every_system_answers_and_ours_finds_the_nearest(
    tmp_path: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall_scale, "ROUNDS", 2)
    monkeypatch.setenv("ATTUNE_SCALE_STORES", str(tmp_path))
    with scale_kept.store(language, 1_000) as kept:
        p95_ms, rows = recall_scale.measure(kept, language, 1_000)
    with scale_kept.store(language, 1_000) as again:
        assert again == kept, "it is not made anew"
    share = {row[0]: row[-1] for row in rows}
    assert p95_ms > 0
    assert share["int8 scan, compared exactly (ours)"] == 1
    assert share["float32 scan (numpy)"] == 1
