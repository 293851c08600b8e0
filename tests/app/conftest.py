from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.store import Memory
from tests.memory.day import events, open_memory, remember


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Memory]:
    """A store that remembers nothing."""
    with open_memory(tmp_path) as opened:
        yield opened


@pytest.fixture
def day(empty: Memory) -> Memory:
    """A store that remembers the invented day."""
    remember(empty, events())
    return empty
