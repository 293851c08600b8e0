"""What was remembered, told: consolidating it with a progress bar, and printing a day."""

from __future__ import annotations

import time
from datetime import date, datetime, tzinfo

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from app.conversation import open_chat
from app.settings import Settings, SettingsError
from app.terminal import console
from app.widgets import words
from llm.summaries import ChatSummarizer
from memory.history.windows import day_of, day_window
from memory.records import Context, Level
from memory.store import Memory


def consolidate(memory: Memory, settings: Settings) -> None:
    """Tell everything up to now, with a bar that counts what is told."""
    with _bar() as bars:
        task = bars.add_task("telling", total=None)

        def told(level: Level, _t_ns: int) -> None:
            bars.update(task, advance=1, description=f"telling: {level}")

        memory.consolidate(time.time_ns(), words.MACHINE_ZONE, settings.memory.details_ns, told)


def polish(memory: Memory, settings: Settings, at_most: int) -> None:
    """Let the language model word the newest summaries better, as many as are wanted.

    Raises:
        ChatError: The model does not answer.
    """
    with open_chat(settings) as chat, _bar() as bars:
        if chat is None:
            return
        summarizer = ChatSummarizer(chat, chat.name)
        task = bars.add_task("summaries", total=at_most)
        while not bars.finished and memory.polish(summarizer, at_most=1):
            bars.update(task, advance=1)


def contexts_of(memory: Memory, day: date, level: Level, zone: tzinfo) -> list[Context]:
    """Return what is told of a day; it begins at four in the morning.

    A level longer than a day gives what it tells of the time around that day.
    """
    window = day_window(day, zone)
    return memory.contexts(window.start_ns, window.end_ns, level)


def chosen_day(memory: Memory, text: str, zone: tzinfo) -> date | None:
    """Return the day that was asked for, or the last one that is told of, or None.

    Raises:
        SettingsError: The text is no date.
    """
    if text:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise SettingsError(
                "no-date", f"{text!r} is no date: write it like {date(2026, 5, 1)}"
            ) from None
    minutes = memory.contexts()
    return day_of(minutes[-1].start_ns, zone) if minutes else None


def show_day(memory: Memory, text: str, level: Level, zone: tzinfo = words.MACHINE_ZONE) -> None:
    """Print a day, or say what to do where there is none."""
    day = chosen_day(memory, text, zone)
    found = contexts_of(memory, day, level, zone) if day else []
    if day is None:
        console.print("Nothing is told yet. Start with `attune run`, then `attune consolidate`.")
        return
    if not found:
        console.print(
            f"Of {words.day_title(day)} nothing is told at the level {level!s}. A level is told"
            " once it is over: try `attune consolidate`, or a shorter one with --level minute."
        )
        return
    table = Table("when", "what", "moved", title=words.day_title(day), title_justify="left")
    for context in found:
        table.add_row(_when(context, zone), context.summary, f"{context.arousal:.0%}")
    console.print(table)


def _when(context: Context, zone: tzinfo) -> str:
    start = datetime.fromtimestamp(context.start_ns / 1e9, zone)
    end = datetime.fromtimestamp(context.end_ns / 1e9, zone)
    if context.level in (Level.WEEK, Level.MONTH, Level.YEAR):
        return f"{start:%d %b} to {end:%d %b}"
    return f"{start:%H:%M} to {end:%H:%M}"


def _bar() -> Progress:
    columns = (TextColumn("{task.description:>22}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True)
