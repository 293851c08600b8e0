"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.data.folder import DataError, root

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares fixtures on one process, and begin with what takes longest."""
    items.sort(key=lambda item: (not _needs_the_day(item), "slow" not in item.keywords))
    for item in items:
        group = "day" if _needs_the_day(item) else item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))


def _needs_the_day(item: pytest.Item) -> bool:
    return "walked" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of development data, or a visible skip where it is absent."""
    try:
        return root()
    except DataError as error:
        pytest.skip(error.message)
