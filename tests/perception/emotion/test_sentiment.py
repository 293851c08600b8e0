from __future__ import annotations

from pathlib import Path

import pytest

from perception.emotion.sentiment import probability, valence

PLEASANT = {"joy"}
UNPLEASANT = {"anger", "disgust", "fear", "sadness"}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("I love this, it is wonderful!", 0.6, 1.0),
        ("That was a terrible, awful day.", -1.0, -0.6),
        ("This is not good.", -0.6, -0.1),
        ("The tin is on the table.", 0.0, 0.0),
        ("", 0.0, 0.0),
        ("Der Tisch steht im Zimmer.", 0.0, 0.0),
    ],
)
def test_words_have_a_valence(text: str, low: float, high: float) -> None:
    assert low <= valence(text) <= high


def test_probability_grows_with_how_loaded_the_words_are() -> None:
    rising = [probability(tenth / 10) for tenth in range(11)]
    falling = [probability(-tenth / 10) for tenth in range(1, 11)]
    assert rising == sorted(rising)
    assert falling == sorted(falling)
    assert all(0.0 <= p <= 0.8 for p in rising + falling)


def test_probability_holds_on_dialogues_it_was_not_fitted_to(shared_data: Path) -> None:
    """The mean probability told for loaded words is the share that was right, within a tenth."""
    told, right = [], []
    for line in (shared_data / "emotion" / "ecf" / "dev.txt").read_text("utf-8").splitlines():
        fields = [field.strip() for field in line.split("|")]
        pleasant = valence(fields[3]) if len(fields) == 5 else 0.0
        if pleasant >= 0.5 or pleasant <= -0.4:
            told.append(probability(pleasant))
            right.append(fields[2] in (PLEASANT if pleasant > 0.0 else UNPLEASANT))
    assert len(told) > 150
    assert sum(told) / len(told) == pytest.approx(sum(right) / len(right), abs=0.1)
