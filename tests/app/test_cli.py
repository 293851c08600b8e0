from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import cli
from app.settings import SettingsError, load_settings
from assets.errors import AttuneError
from memory.records import Kind, Source
from memory.store import Memory
from tests.memory.day import said

COMMANDS = (
    "run",
    "talk",
    "ask",
    "why",
    "calibrate",
    "review",
    "reflect",
    "day",
    "consolidate",
    "people",
    "export",
    "forget",
    "doctor",
    "eval",
)


def attune(*arguments: str, says_yes: bool = False) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, arguments, input="y\n" if says_yes else None)
    if isinstance(result.exception, AttuneError):
        raise result.exception
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize("command", [*COMMANDS, "assets list", "assets fetch", "assets verify"])
def test_every_command_explains_itself(command: str) -> None:
    code, output = attune(*command.split(), "--help")
    assert code == 0
    assert "Usage" in output


def test_doctor_names_what_it_looked_at(tmp_path: Path) -> None:
    _, output = attune("doctor", "--store", str(tmp_path))
    for part in ("Python", "SQLite", "assets: core", "settings", "store", "windows", "speaker"):
        assert part in output


def test_a_wrong_address_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="nowhere is not a folder"):
        attune("run", str(tmp_path / "nowhere"), "--store", str(tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_an_empty_memory_says_where_to_start(tmp_path: Path) -> None:
    code, output = attune("people", "--store", str(tmp_path))
    assert code == 0
    assert "attune run" in output


def test_a_day_is_told_and_a_day_without_anything_says_what_to_do(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path))
    assert "attune run" in attune("day", *store)[1]
    with Memory.open(load_settings(tmp_path).database) as memory:
        memory.begin("recording:/a", 1_700_000_000_000_000_000)
        memory.record(said(0, 2, "The key is under the mat."))
    assert "is told" in attune("consolidate", *store)[1]
    assert "under the mat" in attune("day", *store)[1]
    assert "under the mat" in attune("day", "--level", "ten minutes", *store)[1]
    assert "attune consolidate" in attune("day", "2020-01-01", *store)[1]
    with pytest.raises(AttuneError, match="write it like"):
        attune("day", "yesterday", *store)


def test_forgetting_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--help"):
        attune("forget", "--store", str(tmp_path))


def test_forgetting_asks_first(tmp_path: Path) -> None:
    with Memory.open(load_settings(tmp_path).database) as memory:
        memory.add_fact("Rosa waters the plants", 1)
    assert attune("forget", "--everything", "--store", str(tmp_path))[0] == 1
    with Memory.open(load_settings(tmp_path).database) as memory:
        assert memory.facts()
    code, output = attune("forget", "--everything", "--store", str(tmp_path), says_yes=True)
    assert (code, "fact" in output) == (0, True)
    with Memory.open(load_settings(tmp_path).database) as memory:
        assert not memory.facts()


def test_export_says_what_it_wrote(tmp_path: Path) -> None:
    with Memory.open(load_settings(tmp_path / "store").database) as memory:
        memory.add_fact("Rosa waters the plants", 1)
    code, output = attune("export", str(tmp_path / "out"), "--store", str(tmp_path / "store"))
    assert code == 0
    assert "1 fact" in output
    assert any("Rosa" in file.read_text() for file in (tmp_path / "out").glob("*.jsonl"))


def test_why_lists_the_memories_behind_the_last_reply(tmp_path: Path) -> None:
    assert "Nothing has been said yet" in attune("why", "--store", str(tmp_path))[1]
    with Memory.open(load_settings(tmp_path).database) as memory:
        fact = memory.add_fact("Rosa waters the plants", 1)
        memory.add_turn(2, "Who waters?", "Rosa does.", (Source(Kind.FACT, fact.id),))
    code, output = attune("why", "--store", str(tmp_path))
    assert code == 0
    assert "Rosa does." in output
    assert "Rosa waters the plants" in output


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_SENSING__QUEUE_FRAMES", "0")
    with pytest.raises(SettingsError, match="ATTUNE_SENSING__QUEUE_FRAMES"):
        load_settings()


def test_an_unknown_evaluation_lists_the_known() -> None:
    with pytest.raises(AttuneError, match="loop"):
        attune("eval", "nonsense")
