"""Every evaluation by name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from assets.errors import AttuneError
from evals.report import EvalReport

EVALS = {
    "gaze-events": "eye movements by sample and event on people, movies and trackers left out",
    "eyes": "pupils and blinks on near-eye pictures of people never trained on",
    "attention": "attention, targets, snippets and energy over video with masks and simulated gaze",
    "energy": "modelled joules per hour of the glasses, driven by counts on the sample recording",
    "loop": "speed, memory and losses of the whole sensing loop over the sample recording",
    "recall": "evidence found in long conversations, weights fitted on others, beside four peers",
    "day": "a written month of one wearer: evidence, versions, abstention, strangers, warnings",
    "day-chat": "replies of the embedded model to a sample of these months, beside quoted memory",
    "turn": "time from the end of a spoken question to the first sound of the reply",
    "recall-scale": "time, memory and exactness of recall from made-up stores of any size",
    "forget": "what is left in rows, indexes, raw bytes and media after deletions at random",
}


class EvalError(AttuneError):
    """An evaluation is unknown or lacks its data."""


def evaluate(name: str, out: Path) -> EvalReport:
    """Run one evaluation and write its figures.

    Raises:
        EvalError: There is no such evaluation.
    """
    if name not in EVALS:
        raise EvalError("unknown-eval", f"no evaluation is called {name!r}; try {', '.join(EVALS)}")
    report: EvalReport = import_module(module_of(name)).run()
    report.write(out)
    return report


def module_of(name: str) -> str:
    """Return the module of an evaluation."""
    return f"evals.{name.replace('-', '_')}"
