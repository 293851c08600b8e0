"""What the terminal shows: the live view, progress bars and what is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from app.companion.state import LoopSnapshot, TranscriptLine, Who
from assets.fetch import Fetched

console = Console()
errors = Console(stderr=True)

_LINES_SHOWN = 6
_LABEL_STYLE = "bold cyan"


class FetchBars:
    """Progress bars for a fetch; one bar per archive or file."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def advance(self, asset: str, item: str, done_bytes: int, total_bytes: int) -> None:
        """Move a bar."""
        if item not in self._tasks:
            self._tasks[item] = self._bars.add_task(asset, total=total_bytes)
        self._bars.update(self._tasks[item], completed=done_bytes)
        if done_bytes >= total_bytes:
            self._bars.update(self._tasks[item], visible=False)

    def note(self, asset: str, message: str) -> None:
        """Leave out which sources were passed over: the error names them if none delivers."""

    def done(self, asset: str, file: str, source: str) -> None:
        """Leave single files to :func:`show_fetched`."""


@contextmanager
def fetch_bars() -> Iterator[FetchBars]:
    """Show progress bars while the block runs."""
    columns = (
        TextColumn("{task.description:>16}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        yield FetchBars(bars)


def show_fetched(fetched: Iterable[Fetched]) -> None:
    """Print what was delivered just now, and by whom; nothing for what was here already."""
    for asset in fetched:
        sources = sorted(set(asset.sources.values()) - {"cache"})
        if sources:
            console.print(
                f"  [green]verified[/green] {asset.name} [dim]from {', '.join(sources)}[/dim]",
                highlight=False,
                soft_wrap=True,
            )


class LiveView:
    """The companion in a terminal: what is in view, who is there, what is said and remembered.

    Without a terminal (in a log, say) it prints each line of the transcript once instead.
    """

    def __init__(self, target: Console = console) -> None:
        self._console = target
        self._live: Live | None = None
        self._printed_ns = -1

    def __enter__(self) -> LiveView:
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=8, transient=True)
            self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.__exit__(None, None, None)

    def show(self, snapshot: LoopSnapshot) -> None:
        """Draw the loop as it is now."""
        if self._live is not None:
            self._live.update(draw(snapshot))
            return
        for line in snapshot.transcript:
            if line.t_ns > self._printed_ns:
                self._console.print(_spoken(line))
                self._printed_ns = line.t_ns


def draw(snapshot: LoopSnapshot) -> RenderableType:
    """Lay a snapshot out as a panel."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style=_LABEL_STYLE, justify="right")
    facts.add_column(ratio=1)
    attended = [box.label for box in snapshot.boxes if box.is_attended]
    others = [box.label for box in snapshot.boxes if not box.is_attended]
    facts.add_row("looking at", Text(", ".join(attended) or _gaze(snapshot)))
    facts.add_row("in view", Text(", ".join(others) or "nothing known"))
    moment = snapshot.last_moment
    remembered = ", ".join(moment.attended) or "a moment" if moment else "nothing yet"
    facts.add_row("remembered", Text(remembered))
    facts.add_row("stages, ms", Text(_numbers(snapshot.latency_ms)))
    facts.add_row("dropped", Text(_numbers(snapshot.dropped) or "nothing"))
    said = Group(*(_spoken(line) for line in snapshot.transcript[-_LINES_SHOWN:]))
    return Panel(
        Group(facts, Text(), said), title=_title(snapshot), title_align="left", border_style="cyan"
    )


def clock(t_ns: int) -> str:
    """Return a time of day for people; recordings carry no time zone."""
    return datetime.fromtimestamp(t_ns / 1e9, UTC).strftime("%H:%M:%S")


def _title(snapshot: LoopSnapshot) -> Text:
    state = ("● recording", "bold red") if snapshot.is_recording else ("○ not recording", "dim")
    if snapshot.is_paused:
        state = ("❚❚ paused", "bold yellow")
    answering = "  answering…" if snapshot.is_answering else ""
    return Text.assemble("Attune  ", state, f"  {clock(snapshot.t_ns)}{answering}")


def _gaze(snapshot: LoopSnapshot) -> str:
    if snapshot.gaze_in_scene_px is None:
        return "eyes closed or away"
    x_px, y_px = snapshot.gaze_in_scene_px
    return f"({x_px:.0f}, {y_px:.0f}) px"


def _numbers(values: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.0f}" for name, value in values.items() if value)


def _spoken(line: TranscriptLine) -> Text:
    if line.who is Who.COMPANION:
        name = "Attune (unasked) " if line.is_unasked else "Attune "
        return Text.assemble(f"{clock(line.t_ns)} ", (name, "bold magenta"), line.text)
    name = "you" if line.who is Who.WEARER else line.name
    return Text.assemble(f"{clock(line.t_ns)} ", (f"{name} ", "bold green"), line.text)
