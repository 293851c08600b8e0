"""What a wearer might ask of a made-up store: rare words and common ones, filters, and nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from evals.scale_store import PEOPLE, START_NS, STEP_NS, Language, name
from memory.records import Cue, Kind

WEEK_NS = 7 * 86_400 * 10**9
_FILLER = 65
"""Ranks below this are the words that hold a sentence together."""


def cues(language: Language, size: int, rounds: int, seed: int = 2) -> Iterator[tuple[str, Cue]]:
    """Yield cues with the name of their kind, each kind ``rounds`` times."""
    rng = np.random.default_rng(seed)
    last_ns = START_NS + size * STEP_NS

    def words(low: int, high: int, count: int) -> str:
        return " ".join(language.words[rank] for rank in rng.integers(low, high, count))

    def running(count: int) -> str:
        return " ".join(language.words[rank] for rank in language.ranks(rng, count))

    def person() -> int:
        return int(np.minimum(rng.zipf(1.5), PEOPLE))

    def span(lasts_ns: int) -> tuple[int, int]:
        start_ns = int(rng.integers(START_NS, max(START_NS + 1, last_ns - lasts_ns)))
        return start_ns, start_ns + lasts_ns

    made: dict[str, Callable[[], Cue]] = {
        "rare words": lambda: Cue(words(3_000, 30_000, 3)),
        "common words": lambda: Cue(words(_FILLER, 300, 4)),
        "running speech": lambda: Cue(running(12)),
        "a name and common words": lambda: Cue(f"{name(language, person())} {words(65, 600, 3)}"),
        "by a person": lambda: Cue(running(8), person_ids=(person(),)),
        "within a week": lambda: Cue(running(8), *span(WEEK_NS)),
        "within half of it all": lambda: Cue(running(8), *span(size * STEP_NS // 2)),
        "of two kinds": lambda: Cue(running(8), kinds=frozenset({Kind.UTTERANCE, Kind.FACT})),
        "newest of a person": lambda: Cue(person_ids=(person(),)),
        "unknown words": lambda: Cue("Qwyx brzk xyzzq"),
    }
    for _ in range(rounds):
        for kind, make in made.items():
            yield kind, make()
