"""Full text is exact among few documents, and bounded in time and still sensible among many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from memory.database import Database
from memory.recall import words
from memory.recall.catalogue import Catalogue
from memory.recall.words import Terms
from memory.schema import DocumentRow


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "memory.sqlite")
    yield opened
    opened.close()


def _fill(database: Database, texts: list[str]) -> None:
    rows = [
        {
            "id": number,
            "kind": "utterance",
            "row_id": number,
            "start_ns": number,
            "end_ns": number + 1,
            "text": words_,
            "importance": 0.0,
            "revision": number,
        }
        for number, words_ in enumerate(texts, 1)
    ]
    with database.write() as session:
        session.execute(insert(DocumentRow), rows)


def _terms(session: Session, *terms: str) -> Terms:
    return Terms.of(session, list(terms), Catalogue().count(session))


def _best(database: Database, terms: list[str], among: set[int] | None = None) -> list[int]:
    mask = None
    if among is not None:
        mask = np.zeros(10_000, np.bool_)
        mask[list(among)] = True
    with database.read() as session:
        return list(_terms(session, *terms).best(session, mask, 5))


def test_stems_count_and_the_best_are_those_of_bm25(database: Database) -> None:
    _fill(
        database,
        [
            "the dog sleeps",
            "dogs bark at the gate, the dog of the house barks loudest of all",
            "a bark",
            "gates",
        ],
    )
    with database.read() as session:
        frequency = _terms(session, "dog", "bark", "cat").frequency
        assert frequency == {"dog": 2, "bark": 2, "cat": 0}
        by_rank = text("SELECT rowid FROM words WHERE words MATCH 'dog OR bark' ORDER BY rank")
        expected = list(session.scalars(by_rank))
    assert _best(database, ["dog", "bark", "cat"]) == expected
    assert _best(database, ["cat"]) == []


def test_a_filter_is_exact(database: Database) -> None:
    _fill(database, ["dog"] * 50 + ["dog and cat"] * 50)
    assert set(_best(database, ["cat"], {3, 60, 80})) == {60, 80}
    assert set(_best(database, ["dog"], {3, 60, 80})) == {3, 60, 80}
    assert _best(database, ["dog"], set()) == []


def test_common_words_find_the_newest_that_hold_them_together(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "RANKED_AT_MOST", 20)
    _fill(database, ["dog"] * 40 + ["dog at school"] * 3 + ["school"] * 60 + ["dog"] * 10)
    assert _best(database, ["school", "dog"])[:3] == [43, 42, 41]
    assert len(_best(database, ["school", "dog"])) == 5
    assert _best(database, ["dog"]) == [113, 112, 111, 110, 109]


def test_rare_words_find_and_common_ones_count(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "RANKED_AT_MOST", 20)
    _fill(database, ["dog"] * 60 + ["okapi", "okapi with a dog"])
    with database.read() as session:
        terms = _terms(session, "dog", "okapi")
        found = terms.best(session, None, 5)
        covered = dict(zip(found, terms.coverage(session, list(found)), strict=True))
    assert set(found) == {61, 62}
    assert covered[62] == pytest.approx(1)
    assert 0.5 < covered[61] < 1


def test_few_that_are_wanted_are_found_by_common_words(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "RANKED_AT_MOST", 20)
    _fill(database, ["dog"] * 300)
    assert set(_best(database, ["dog"], {3, 60, 80})) == {3, 60, 80}


def test_coverage_counts_rare_words_more_and_unknown_ones_most(database: Database) -> None:
    _fill(database, ["dog"] * 20 + ["cats", "dogs and a cat", "nothing"])
    with database.read() as session:
        terms = _terms(session, "dog", "cat", "okapi")
        dog, cat, both, nothing = terms.coverage(session, [1, 21, 22, 23])
        assert terms.coverage(session, []).tolist() == []
        assert _terms(session).coverage(session, [1]).tolist() == [0.0]
    assert nothing == 0 < dog < cat < both < 0.7
    assert both == pytest.approx(dog + cat)
