"""Made-up stores that are kept from one run to the next: a million memories take long to write."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evals import scale_store
from evals.scale_store import Language


@dataclass(frozen=True, slots=True)
class Kept:
    """A made-up store.

    Attributes:
        path: Its database.
        index_s: Seconds that writing and indexing it took.
    """

    path: Path
    index_s: float


@contextmanager
def store(language: Language, size: int) -> Iterator[Kept]:
    """Yield a store, found in or left in the folder that ``ATTUNE_SCALE_STORES`` names, if any."""
    if folder := os.environ.get("ATTUNE_SCALE_STORES"):
        yield keep(Path(folder), language, size)
        return
    with tempfile.TemporaryDirectory() as passing:
        yield keep(Path(passing), language, size)


def keep(folder: Path, language: Language, size: int) -> Kept:
    """Return the store of a size in a folder, made where it is not there whole."""
    # Another way of making them up makes another store.
    made_by = Path(scale_store.__file__).read_bytes()
    path = folder / f"{size}-{hashlib.sha256(made_by).hexdigest()[:8]}.sqlite"
    seconds = path.with_suffix(".seconds")
    if not seconds.exists():
        for part in folder.glob(f"{path.name}*"):
            part.unlink()
        index_s = scale_store.build(path, language, size)
        seconds.write_text(f"{index_s:.1f}", encoding="utf-8")
    return Kept(path, float(seconds.read_text(encoding="utf-8")))
