"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.data.folder import DataError, root

REPOSITORY = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process waits for it at the end."""
    items.sort(key=lambda item: "slow" not in item.keywords)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of development data, or a visible skip where it is absent."""
    try:
        return root()
    except DataError as error:
        pytest.skip(error.message)
