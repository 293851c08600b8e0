"""Pictures of the three faces over a real memory: ``python -m app.screenshots OUT --store DIR``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import av
import typer

from app import windows
from app.companion.presenter import CompanionPresenter
from app.companion.state import LoopSnapshot, SeenBox, TranscriptLine, Who
from app.settings import load_settings
from app.widgets.moments import speaker
from app.widgets.window import prepare
from firmware_bridge.packets import UInt8Image
from memory.records import Kind, Moment
from memory.store import Memory

if TYPE_CHECKING:
    from app.shell import AttuneApp

SETTLE_S = 1.2
TRANSCRIPT_LINES = 12


def take(app: AttuneApp, pictures: dict[str, Path]) -> None:
    """Show each face, write its picture as PNG, and close the window.

    Args:
        app: The window.
        pictures: Where the picture of each face goes, by the face's key.
    """
    from kivy.clock import Clock

    faces = list(pictures.items())

    def show(at: int) -> None:
        if at == len(faces):
            app.stop()
            return
        app.choose(faces[at][0])
        _ready_face(app, faces[at][0])
        Clock.schedule_once(lambda _: keep(at), SETTLE_S)

    def keep(at: int) -> None:
        app.root.export_to_png(str(faces[at][1]))
        show(at + 1)

    Clock.schedule_once(lambda _: show(0), 0)
    app.run()


def live_moment(memory: Memory) -> Moment | None:
    """Return the moment that shows most: people first, then words, then things."""
    moments = [moment for moment in memory.moments() if moment.clip is not None]
    return max(
        moments, key=lambda m: (len(m.people), len(m.spoken), len(m.seen), m.id), default=None
    )


def snapshot_of(memory: Memory, moment: Moment) -> LoopSnapshot:
    """Return what the loop showed when attention was strongest in a moment."""
    earlier = memory.moments(end_ns=moment.start_ns)
    return LoopSnapshot(
        t_ns=moment.key_ns,
        frame=_frame_at(moment),
        gaze_in_scene_px=moment.gaze_in_scene_px,
        boxes=tuple(
            SeenBox(seen.box, seen.text, seen.is_attended)
            for seen in moment.seen
            if seen.kind is Kind.OBJECT
        ),
        transcript=_transcript(memory, moment.end_ns),
        is_recording=True,
        last_moment=earlier[-1] if earlier else None,
    )


def _transcript(memory: Memory, until_ns: int) -> tuple[TranscriptLine, ...]:
    said = [
        TranscriptLine(
            spoken.start_ns,
            Who.WEARER if spoken.is_wearer else Who.OTHER,
            speaker(spoken),
            spoken.text,
        )
        for spoken in memory.spoken(end_ns=until_ns)
    ]
    for turn in memory.turns(end_ns=until_ns):
        said.append(TranscriptLine(turn.t_ns, Who.COMPANION, "", turn.replied))
    return tuple(sorted(said, key=lambda line: line.t_ns)[-TRANSCRIPT_LINES:])


def _frame_at(moment: Moment) -> UInt8Image | None:
    if moment.clip is None:
        return None
    key_s = (moment.key_ns - moment.start_ns) / 1e9
    with av.open(str(moment.clip)) as container:
        picture: UInt8Image | None = None
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="bgr24")
            if float(frame.time or 0.0) >= key_s:
                break
        return picture


def _ready_face(app: AttuneApp, face: str) -> None:
    """Open the first moment, so that the picture shows a moment in full."""
    if face == windows.LIFELOG:
        app.view(face).key("down", [])


def _app(memory: Memory) -> Callable[[], AttuneApp]:
    moment = live_moment(memory)
    snapshot = snapshot_of(memory, moment) if moment else LoopSnapshot(0)
    presenter = CompanionPresenter(lambda: snapshot, lambda _: None)
    return lambda: windows.companion_app(presenter, memory)


def main(
    out: Annotated[Path, typer.Argument(help="Folder for the pictures.")],
    store: Annotated[Path | None, typer.Option(help="Folder of the memory.")] = None,
) -> None:
    """Write companion.png, life-log.png and reflection.png."""
    out.mkdir(parents=True, exist_ok=True)
    settings = load_settings(store)
    prepare()
    with Memory.open(settings.database, settings.media) as memory:
        faces = (windows.COMPANION, windows.LIFELOG, windows.REFLECTION)
        take(_app(memory)(), {face: out / f"{face}.png" for face in faces})


if __name__ == "__main__":
    typer.run(main)
