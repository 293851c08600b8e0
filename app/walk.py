"""`attune run`: from nothing installed to a remembered day and spoken answers."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

from rich.progress import Progress
from rich.table import Table

from app.conversation import open_turns
from app.diary import consolidate
from app.doctor import has_display
from app.intake import Pace
from app.loop import LoopReport
from app.remembering import open_memory
from app.sample import build as sample
from app.session import Session
from app.settings import Settings
from app.sound import ReplySound
from app.terminal import LiveView, console, fetch_bars, show_fetched
from app.turns import Turns
from assets import fetch
from firmware_bridge.connect import connect
from memory.records import Kind
from memory.store import Memory

SAMPLE = "sample"
SAMPLE_QUESTIONS = ("Where is Sheila from originally?", "What did I take with me?")
NEXT_STEPS = (
    ('attune ask "What did I look at?" --why', "ask, and see what the reply rests on"),
    ("attune day", "read how the day went"),
    ("attune review", "scroll the day: clips, people, words; correct and delete"),
    ("attune reflect", "see what moved you, and why"),
    ("attune people", "who was there; name them with --name"),
    ("attune export FOLDER", "take everything with you in open formats"),
    ("attune doctor", "what is installed, found and missing"),
)


def walk(settings: Settings, uri: str, pace: Pace, in_window: bool) -> None:
    """Fetch what is missing, go through the device, say what is remembered, answer.

    Raises:
        AttuneError: Whatever keeps the walk from going on, with what to do next.
    """
    if uri != SAMPLE:
        asyncio.run(_introduce(uri))
    prepare(settings, uri == SAMPLE)
    address = uri
    if uri == SAMPLE:
        address = f"recording:{build_sample()}"
        settings = with_sample_voice(settings)
    with ExitStack() as stack:
        memory = stack.enter_context(open_memory(settings, by_meaning=True))
        turns = stack.enter_context(open_turns(memory, settings))
        report = _go(settings, uri, address, memory, turns, pace, in_window)
        if uri == SAMPLE:
            for question in SAMPLE_QUESTIONS:
                turns.answer(question, report.end_ns)
        consolidate(memory, settings)
        tell(memory, turns, report)


def prepare(settings: Settings, with_sample: bool) -> None:
    """Fetch what is missing, with progress bars; does nothing the second time."""
    wanted = ["core", *(["sample"] if with_sample else [])]
    if not settings.chat.base_url:
        wanted.append(settings.chat.model)
    with fetch_bars() as bars:
        fetched = fetch.fetch(wanted, bars)
    show_fetched(fetched)


def build_sample() -> Path:
    """Return the sample recording, put together first where it is missing."""
    with Progress(console=console, transient=True) as bars:
        task = bars.add_task("putting the sample day together", total=None)
        return sample.sample_path(
            lambda done, total: bars.update(task, completed=done, total=total)
        )


def with_sample_voice(settings: Settings) -> Settings:
    """Return settings in which the wearer is the sample's."""
    voice = sample.sample_path().parent / sample.VOICE_FILE
    return settings.model_copy(update={"wearer_voice": voice})


def tell(memory: Memory, turns: Turns, report: LoopReport) -> None:
    """Print what is remembered, what was asked, and what to try next."""
    console.print(_remembered(memory))
    for answered in turns.answered:
        how = "asked aloud" if answered.is_spoken else "typed"
        said = f"({how}) {answered.asked}" if answered.asked else "(asked nothing)"
        console.print(f"\n[bold green]you[/] {said}", highlight=False)
        console.print(f"[bold magenta]Attune[/] {answered.replied}", highlight=False)
        if answered.report.error is not None:
            console.print(f"  [yellow]{answered.report.error.message}[/yellow]")
        first_ms = answered.report.timings.first_sound_ms or 0.0
        console.print(f"  [dim]first sound after {first_ms / 1_000:.1f} s[/dim]")
    console.print(_sound_line(turns.sound))
    console.print(
        f"[dim]{report.stream_ns / 1e9:.0f} s of recording in {report.wall_s:.0f} s; "
        f"{report.heavy_frames} of {report.taken['SceneFrame']} scene frames analysed; "
        f"{sum(report.lost.values()) + sum(report.dropped.values())} items lost[/dim]"
    )
    steps = Table.grid(padding=(0, 2))
    for command, what in NEXT_STEPS:
        steps.add_row(f"  [cyan]{command}[/]", what)
    console.print("\nTry next", steps)


async def _introduce(uri: str) -> None:
    """Open a device once, so that a wrong address is told before anything is fetched."""
    async with connect(uri):
        pass


def _go(
    settings: Settings,
    uri: str,
    address: str,
    memory: Memory,
    turns: Turns,
    pace: Pace,
    in_window: bool,
) -> LoopReport:
    device = connect(address)
    if in_window:
        from app.windows import run_companion

        return run_companion(
            lambda show: Session(device, uri, memory, turns, settings, pace, show), memory
        )
    if has_display():
        console.print("A display is there: `attune run --windows` shows this in a window.")
    with LiveView() as view:
        return Session(device, uri, memory, turns, settings, pace, view.show).run()


def _remembered(memory: Memory) -> Table:
    counts = memory.counts()
    table = Table(title="What Attune remembers", show_header=False, box=None, title_justify="left")
    people = ", ".join(person.label for person in memory.people() if not person.is_wearer)
    attended = dict.fromkeys(thing for m in memory.moments() for thing in m.attended)
    writing = dict.fromkeys(s.text for m in memory.moments() for s in m.seen if s.kind is Kind.TEXT)
    feelings = dict.fromkeys(f"{f.emotion} ({f.cause})" for f in memory.feelings() if f.cause)
    table.add_row("moments", str(counts[Kind.MOMENT]), ", ".join(attended))
    table.add_row("people", str(counts[Kind.PERSON]), people)
    table.add_row("words", str(counts[Kind.UTTERANCE]), "utterances, with who said them")
    table.add_row("writing", str(counts[Kind.TEXT]), ", ".join(writing))
    table.add_row("feelings", str(counts[Kind.FEELING]), ", ".join(feelings))
    return table


def _sound_line(sound: ReplySound) -> str:
    how = "played and written" if sound.is_played else "no sound card, so only written"
    return f"\nSpoken replies: {how}, in {sound.folder}"
