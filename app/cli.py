"""The command line."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app import doctor as health
from app.intake import Pace
from app.settings import ChatSize, EyeFinder, Settings, load_settings
from app.terminal import clock, console, errors, fetch_bars, show_fetched
from assets import fetch
from assets.errors import AttuneError
from assets.manifest import GROUPS, manifest
from memory.records import Level

app = typer.Typer(
    name="attune",
    help="The companion for camera-and-eye-tracking glasses. Start with `attune run`.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
assets_app = typer.Typer(help="Model weights and sample footage.", no_args_is_help=True)
app.add_typer(assets_app, name="assets")

EVAL_WIDTH = 140

StoreOption = Annotated[
    Path | None, typer.Option("--store", help="Folder of the memory. Default: from the settings.")
]


@app.command()
def run(
    uri: Annotated[str, typer.Argument(help="`sample`, a folder, or `recording:PATH`.")] = "sample",
    pace: Annotated[
        Pace, typer.Option(help="Play a recording at its own pace or as fast as possible.")
    ] = Pace.FAST,
    store: StoreOption = None,
    model: Annotated[
        ChatSize | None, typer.Option(help="Embedded language model. Default: from the settings.")
    ] = None,
    windows: Annotated[bool, typer.Option(help="Open the window instead of the terminal.")] = False,
) -> None:
    """Wear and talk: go through a recording, remember it, and answer the wearer.

    The first run fetches the model weights, and for `sample` the footage, with progress bars.
    Going through the same recording again completes what is remembered and doubles nothing.

    Examples:
        attune run
        attune run recording:/data/neon/2026-05-01 --pace real
    """
    from app.walk import walk

    walk(_settings(store, model), uri, pace, in_window=windows)


@app.command()
def talk(
    text: Annotated[str, typer.Option(help="A question, instead of the microphone.")] = "",
    enrol: Annotated[
        bool, typer.Option(help="Learn the wearer's voice from ten seconds of speech first.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Talk with the companion about what is remembered, by microphone or by --text."""
    from app.conversation import enrol_wearer, listen_and_answer, open_conversation, show_reply

    settings = _settings(store)
    if enrol:
        enrol_wearer(settings)
    with open_conversation(settings) as (memory, turns):
        if text:
            show_reply(memory, turns, text)
        else:
            listen_and_answer(memory, turns, settings)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="For example: Where does Jon work?")],
    store: StoreOption = None,
    model: Annotated[ChatSize | None, typer.Option(help="Embedded language model.")] = None,
    why: Annotated[bool, typer.Option(help="Show the memories that the reply rests on.")] = False,
) -> None:
    """Ask what is remembered. The reply is printed and written as WAV."""
    from app.conversation import open_conversation, show_reply

    with open_conversation(_settings(store, model)) as (memory, turns):
        show_reply(memory, turns, question, why=why)


@app.command()
def why(store: StoreOption = None) -> None:
    """Say why Attune said what it said last: the memories it rests on, and their clips."""
    from app.conversation import show_reasons
    from app.remembering import open_memory

    with open_memory(_settings(store)) as memory:
        show_reasons(memory, None, time.time_ns())


@app.command()
def calibrate(
    uri: Annotated[str, typer.Argument(help="A recording with eye video, made while calibrating.")],
    targets: Annotated[
        Path | None,
        typer.Option(help="What was shown when. Default: targets.csv in the recording."),
    ] = None,
    finder: Annotated[
        EyeFinder | None, typer.Option(help="Who finds the pupil. Default: from the settings.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Turn eye pictures into gaze: fit to what was looked at, and say how exact it is.

    Without targets the glasses' own gaze is the reference, where they send it. From then on a
    device of the same kind that sends eye pictures but no gaze gets its gaze from them.

    Examples:
        attune calibrate recording:/data/calibration-walk
    """
    from app.calibrating import calibrate as fit

    settings = _settings(store)
    settings.eye_finder = finder or settings.eye_finder
    fit(settings, uri, targets)


@app.command()
def review(store: StoreOption = None) -> None:
    """Open the life-log: the day's moments with picture, people and words."""
    _open_window("life-log", store)


@app.command()
def reflect(store: StoreOption = None) -> None:
    """Open the reflection: the day's feelings and what they came from."""
    _open_window("reflection", store)


@app.command()
def day(
    date: Annotated[
        str, typer.Argument(help="For example 2026-05-01. Default: the last day.")
    ] = "",
    level: Annotated[Level, typer.Option(help="How long the stretches are.")] = Level.DAY,
    store: StoreOption = None,
) -> None:
    """Read how a day went, in stretches of a minute up to the whole day.

    Days begin at four in the morning. What is longer than a minute is told once it is over:
    `attune run` does so at its end, `attune consolidate` at any time.

    Examples:
        attune day
        attune day 2026-05-01 --level hour
    """
    from app.diary import show_day
    from app.remembering import open_memory

    with open_memory(_settings(store)) as memory:
        show_day(memory, date, level)


@app.command()
def consolidate(
    words: Annotated[
        int, typer.Option(help="Let the language model word so many summaries better.")
    ] = 0,
    store: StoreOption = None,
) -> None:
    """Tell what was remembered: minutes, hours, days, up to years. Safe at any time.

    Only what changed is told anew. What a model words is kept only if everything in it was seen,
    read or heard; otherwise the summary stays made of the sources' own sentences.

    Examples:
        attune consolidate
        attune consolidate --words 20
    """
    from app.diary import consolidate as tell
    from app.diary import polish
    from app.remembering import open_memory

    settings = _settings(store)
    with open_memory(settings, by_meaning=health.is_fetched("mpnet")) as memory:
        tell(memory, settings)
        if words:
            polish(memory, settings, words)
    console.print("Everything up to now is told. Read it with `attune day`.")


@app.command()
def people(
    name: Annotated[
        tuple[int, str] | None, typer.Option(help="Name a person: --name 3 'Maya'.")
    ] = None,
    merge: Annotated[
        tuple[int, int] | None, typer.Option(help="Make two people one: --merge KEEP DROP.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """List the people in memory; name or merge them."""
    from app.people import name_person
    from app.remembering import open_memory

    with open_memory(_settings(store)) as memory:
        if name is not None:
            before = name_person(memory, *name)
            console.print(f"person {name[0]} is now {name[1]!r} (was {before or 'unnamed'!r})")
        if merge is not None:
            memory.merge_people(*merge)
        table = Table("id", "name", "given by you", "seen", "heard", "last", title="People")
        for person in memory.people():
            given = "yes" if person.is_name_given or person.is_wearer else ""
            label = "you" if person.is_wearer else person.label
            seen, heard = str(person.sightings), str(person.utterances)
            table.add_row(str(person.id), label, given, seen, heard, clock(person.last_seen_ns))
        console.print(table if table.row_count else "Nobody yet. Start with `attune run`.")


@app.command()
def profile(
    history: Annotated[bool, typer.Option("--history", help="Also what holds no longer.")] = False,
    correct: Annotated[
        tuple[int, str] | None,
        typer.Option(help="Put a fact right: --correct 3 'I live in Leeds'."),
    ] = None,
    close: Annotated[int | None, typer.Option(help="Say that a fact holds no longer.")] = None,
    reopen: Annotated[int | None, typer.Option(help="Undo --correct or --close.")] = None,
    read: Annotated[
        bool, typer.Option("--read", help="Let the language model look for facts first. Slow.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Show what is known about you: by kind, with age, source, confidence and contradictions."""
    from app.conversation import read_facts
    from app.profile import change, show
    from app.remembering import open_memory

    settings = _settings(store)
    with open_memory(settings) as memory:
        if read:
            console.print(f"{read_facts(memory, settings)} facts more.")
        for done in change(memory, correct, close, reopen):
            console.print(done)
        console.print(show(memory, history))


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    store: StoreOption = None,
) -> None:
    """Write everything remembered in open formats: JSON Lines, MP4, JPEG."""
    from app.remembering import open_memory

    with open_memory(_settings(store)) as memory:
        report = memory.export(folder)
    rows = ", ".join(f"{count} {kind}" for kind, count in report.rows.items() if count)
    console.print(f"{folder} holds {rows or 'nothing yet'}; {report.files} media files.")


@app.command()
def forget(
    moment: Annotated[list[int] | None, typer.Option(help="A moment's id; may repeat.")] = None,
    person: Annotated[list[int] | None, typer.Option(help="A person's id; may repeat.")] = None,
    place: Annotated[
        list[str] | None, typer.Option(help="What happened at a place; may repeat.")
    ] = None,
    topic: Annotated[list[str] | None, typer.Option(help="What is about it; may repeat.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From this time on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this time (UTC).")] = None,
    everything: Annotated[bool, typer.Option(help="Forget all there is.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: StoreOption = None,
) -> None:
    """Forget for good, with everything derived from it, what meets all the given conditions.

    Shows what would go, and asks.

    Examples:
        attune forget --topic divorce
        attune forget --place "the clinic" --since 2026-05-01
        attune forget --person 3 --moment 17
    """
    from app.forgetting import describe, losses, selection
    from app.remembering import open_memory

    chosen = selection(
        moment or [], person or [], place or [], topic or [], since, until, everything
    )
    with open_memory(_settings(store)) as memory:
        console.print(f"This forgets {describe(chosen, memory)}. It cannot be undone.")
        would_go = losses(memory.would_forget(chosen))
        if not would_go:
            console.print("Nothing matches.")
            return
        console.print("\n".join(f"  {loss}" for loss in would_go))
        if not yes and not typer.confirm("Forget?"):
            raise typer.Exit(1)
        report = memory.forget(chosen)
    console.print(
        f"Forgotten: {', '.join(losses(report))}. {report.text_bytes:,} bytes of sentences and"
        f" {report.media_bytes:,} bytes of media were overwritten or removed."
    )


@app.command()
def doctor(store: StoreOption = None) -> None:
    """Say what is installed, found and missing, and the one command that mends it."""
    marks = {"good": "[green]✓[/]", "limited": "[yellow]○[/]", "missing": "[red]✗[/]"}
    table = Table("", "what", "found", "mend", box=None)
    findings = list(health.examine(_settings(store)))
    for finding in findings:
        table.add_row(marks[finding.health], finding.name, finding.detail, finding.mend)
    console.print(table)
    raise typer.Exit(0 if health.is_fit(findings) else 1)


@app.command(name="eval")
def evaluate(
    name: Annotated[str, typer.Argument(help="`attune eval list` shows all.")],
    out: Annotated[Path, typer.Option(help="Folder for the JSON of the figures.")] = Path(
        "build/evals"
    ),
) -> None:
    """Measure a claim: print its table and write its figures as JSON."""
    from importlib import import_module

    registry = import_module("evals.registry")
    if name == "list":
        console.print("\n".join(f"{key}  {what}" for key, what in registry.EVALS.items()))
        return
    wide = Console(width=max(console.width, EVAL_WIDTH))
    wide.print(registry.evaluate(name, out).table())


@assets_app.command("list")
def list_assets() -> None:
    """Show every file that is not code, with size, licence and whether it is here."""
    table = Table("name", "group", "MB", "licence", "here", "purpose", title="Assets")
    for asset in manifest().assets:
        here = "yes" if health.is_fetched(asset.name) else ""
        size = f"{asset.bytes / 1e6:.1f}"
        table.add_row(asset.name, asset.group, size, asset.licence, here, asset.purpose)
    console.print(table)


@assets_app.command("fetch")
def fetch_assets(
    names: Annotated[
        list[str] | None, typer.Argument(help=f"Assets or groups: {', '.join(GROUPS)}.")
    ] = None,
) -> None:
    """Download and verify assets. Resumes what was cut off; does nothing for what is here."""
    with fetch_bars() as bars:
        fetched = fetch.fetch(names or ["core", "llm"], bars)
    show_fetched(fetched)


@assets_app.command("verify")
def verify_assets() -> None:
    """Hash every fetched file anew and compare it with the manifest."""
    checked = fetch.verify()
    console.print(f"{checked} files match the manifest.")


def main() -> None:
    """Run the command line; an error that a person can act on is printed, not traced."""
    try:
        app()
    except AttuneError as error:
        errors.print(f"[red]error[/red] {error.message} [dim]({error.code})[/dim]")
        sys.exit(1)
    except KeyboardInterrupt:
        errors.print("Stopped. Everything remembered so far is kept.")
        sys.exit(130)


def _settings(store: Path | None, model: ChatSize | None = None) -> Settings:
    settings = load_settings(store)
    if model is not None:
        settings.chat.model = model
    return settings


def _open_window(face: str, store: Path | None) -> None:
    from app.remembering import open_memory
    from app.windows import open_face

    with open_memory(_settings(store), by_meaning=health.is_fetched("mpnet")) as memory:
        open_face(face, memory)
