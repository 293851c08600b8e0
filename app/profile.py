"""The profile as a person reads it: by kind, with age, source, confidence and what has changed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from memory.records import WEARER, Category, Fact
from memory.store import Memory


def show(memory: Memory, with_history: bool) -> RenderableType:
    """Return the wearer's profile, with what does not go together below.

    Args:
        memory: What is remembered.
        with_history: Show what holds no longer too.
    """
    facts = memory.facts(WEARER, None if with_history else time.time_ns())
    parts: list[RenderableType] = [_table(kind, facts) for kind in Category if _of(kind, facts)]
    if not parts:
        parts.append("Nothing yet. What you say about yourself is listed here.")
    for contradiction in memory.contradictions():
        head = f"These do not go together ({contradiction.subject}, {contradiction.slot}):"
        parts.append(Text(f"\n{head}", style="yellow"))
        parts += [
            Text(f"  {fact.id}  {fact.text}  ({_when(fact.t_ns)})") for fact in contradiction.facts
        ]
    return Group(*parts)


def change(
    memory: Memory, correct: tuple[int, str] | None, close: int | None, reopen: int | None
) -> Iterable[str]:
    """Do what the wearer asked for, and yield a line about each thing done.

    Raises:
        MemoryStoreError: There is no such fact, or nothing to undo.
    """
    if correct is not None:
        fact_id, words = correct
        fact = memory.correct_fact(fact_id, words, time.time_ns())
        yield f"fact {fact_id} is now fact {fact.id}: {fact.text} (undo: --reopen {fact_id})"
    if close is not None:
        memory.close_fact(close, time.time_ns())
        yield f"fact {close} holds no longer (undo: --reopen {close})"
    if reopen is not None:
        memory.reopen_fact(reopen)
        yield f"fact {reopen} holds as it did before"


def _table(kind: Category, facts: list[Fact]) -> Table:
    columns = ("id", "fact", "since", "where", "until", "sure", "from")
    table = Table(*columns, title=kind.value, title_justify="left")
    for fact in _of(kind, facts):
        until = "" if fact.valid_until_ns is None else _when(fact.valid_until_ns)
        sources = ", ".join(f"{source.kind} {source.id}" for source in fact.sources) or "you"
        style = "dim" if until else ""
        sure = f"{fact.confidence:.0%}"
        table.add_row(
            str(fact.id),
            Text(fact.text),
            _when(fact.valid_from_ns),
            Text(fact.place),
            until,
            sure,
            sources,
            style=style,
        )
    return table


def _when(t_ns: int) -> str:
    return datetime.fromtimestamp(t_ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M")


def _of(kind: Category, facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.category == kind]
