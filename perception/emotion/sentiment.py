"""Words in, how pleasant they are out."""

from __future__ import annotations

from functools import cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer


def valence(text: str) -> float:
    """Return how pleasant a sentence is, from -1 to 1, by VADER's lexicon and rules.

    0 says that nothing in it is loaded, or that good and bad balance. English only: words of other
    languages count as not loaded.
    """
    return float(_analyser().polarity_scores(text)["compound"])


def probability(valence: float) -> float:
    """Return how likely the speaker feels as pleasantly or unpleasantly as the words are.

    Straight lines through the shares measured on the training dialogues of ECF (9,966 utterances
    of a television series with an emotion each). Unpleasant words tell more than pleasant ones,
    which are mostly politeness.
    """
    if valence < 0.0:
        return min(0.33 - 0.53 * valence, 0.8)
    return 0.05 + 0.45 * valence


@cache
def _analyser() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
