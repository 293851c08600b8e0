"""Pictures of the faces: ``python -m app.screenshots OUT --store DIR``.

The companion's picture is taken in a real run over the sample recording, with a real reply; the
others show the memory in ``DIR``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from app import windows
from app.companion.presenter import CompanionPresenter
from app.companion.state import LoopSnapshot
from app.conversation import open_turns
from app.intake import Pace
from app.remembering import open_memory
from app.session import Session
from app.settings import Settings, load_settings
from app.turns import Turns
from app.walk import build_sample, with_sample_voice
from app.widgets.gaze_path import gaze_path
from firmware_bridge.connect import connect
from memory.records import Moment
from memory.store import Memory

if TYPE_CHECKING:
    # Kivy opens its window on import, and must be prepared before.
    from app.shell import AttuneApp

QUESTION = "Where did I leave the biscuits?"
PEOPLE_MET = 2
SETTLE_S = 1.5
LOOKS, LOOK_EVERY_S = 40, 1 / 15


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Attributes:
        file: Where it goes, as PNG.
        face: Key of the face.
        ready: Brings the face into the state to show.
    """

    file: Path
    face: str
    ready: Callable[[AttuneApp], None]


def take(app: AttuneApp, shots: Sequence[Shot]) -> None:
    """Open the window, take the pictures one after the other, and close it."""
    from kivy.clock import Clock

    def show(at: int) -> None:
        if at == len(shots):
            app.stop()
            return
        app.choose(shots[at].face)
        shots[at].ready(app)
        Clock.schedule_once(lambda _: keep(at), SETTLE_S)

    def keep(at: int) -> None:
        app.root.export_to_png(str(shots[at].file))
        show(at + 1)

    Clock.schedule_once(lambda _: show(0), 0)
    app.run()


class LiveScene:
    """Waits in a run until the wearer meets somebody again, and then asks a question.

    Attributes:
        found: What the window showed just after the reply.
    """

    def __init__(self, memory: Memory, turns: Turns) -> None:
        self.found: LoopSnapshot | None = None
        self._memory = memory
        self._turns = turns
        self._session: Session | None = None

    def run(self, settings: Settings) -> LoopSnapshot:
        """Go through the sample until there is something to show."""
        device = connect(f"recording:{build_sample()}")
        self._session = Session(
            device, "sample", self._memory, self._turns, settings, Pace.FAST, self._look
        )
        self._session.run()
        return self.found or self._session.snapshot()

    def _look(self, snapshot: LoopSnapshot) -> None:
        if self.found is not None or self._session is None:
            return
        names = {person.name for person in self._memory.people() if person.name}
        looked_at = {box.label for box in snapshot.boxes if box.is_attended}
        if len(names) >= PEOPLE_MET and looked_at & names:
            self._turns.answer(QUESTION, snapshot.t_ns)
            self.found = self._session.snapshot()
            self._session.stop()


@contextmanager
def live_snapshot(settings: Settings) -> Iterator[LoopSnapshot]:
    """Give what the companion shows in the middle of the sample recording.

    Raises:
        AssetError: The sample or the weights have not been fetched.
    """
    with TemporaryDirectory() as folder, ExitStack() as stack:
        settings = with_sample_voice(settings.model_copy(update={"store": Path(folder)}))
        memory = stack.enter_context(open_memory(settings, by_meaning=True))
        turns = stack.enter_context(open_turns(memory, settings))
        yield LiveScene(memory, turns).run(settings)


def shots_of(memory: Memory, out: Path) -> list[Shot]:
    """Return the pictures that show the faces over a memory."""
    moment = fullest(memory)

    def open_fullest(app: AttuneApp) -> None:
        if moment is not None:
            app.view(windows.LIFELOG).open_moment(moment.id)
            _seek(app, liveliest(moment))

    return [
        Shot(out / "companion.png", windows.COMPANION, _as_it_is),
        Shot(out / "life-log.png", windows.LIFELOG, _as_it_is),
        Shot(out / "moment.png", windows.LIFELOG, open_fullest),
        Shot(out / "reflection.png", windows.REFLECTION, _as_it_is),
    ]


def fullest(memory: Memory) -> Moment | None:
    """Return the moment that shows most: a named face first, then people, words and feelings."""
    return max(
        memory.moments(),
        key=lambda moment: (
            any(person.name and person.thumbnail for person in moment.people),
            len(moment.people) + len(moment.spoken) + len(moment.feelings),
            moment.id,
        ),
        default=None,
    )


def liveliest(moment: Moment) -> float:
    """Return where in its clip, from 0 to 1, the gaze path near the attended frame shows best."""
    path = gaze_path(moment.gaze_track)
    key_s = (moment.key_ns - moment.start_ns) / 1e9
    duration_s = (moment.end_ns - moment.start_ns) / 1e9

    def shows(at_s: float) -> float:
        mark = path.at(at_s) if path else None
        strokes = mark.trail if mark else ()
        return sum(math.dist(*stroke.points) * (1 - stroke.age) for stroke in strokes)

    looks = (key_s + step * LOOK_EVERY_S for step in range(-LOOKS, LOOKS + 1))
    return max((at_s for at_s in looks if 0 <= at_s < duration_s), key=shows) / duration_s


def _seek(app: AttuneApp, share: float) -> None:
    from app.widgets.clip import ClipPlayer

    next(w for w in app.root.walk() if isinstance(w, ClipPlayer)).seek(share)


def _as_it_is(_: AttuneApp) -> None:
    """Leave the face as it opens."""


def main(
    out: Annotated[Path, typer.Argument(help="Folder for the pictures.")],
    store: Annotated[Path | None, typer.Option(help="Folder of the memory.")] = None,
) -> None:
    """Write companion.png, life-log.png, moment.png and reflection.png."""
    out.mkdir(parents=True, exist_ok=True)
    settings = load_settings(store)
    with open_memory(settings) as memory, live_snapshot(settings) as snapshot:
        presenter = CompanionPresenter(lambda: snapshot, lambda _: None)
        take(windows.companion_app(presenter, memory), shots_of(memory, out))


if __name__ == "__main__":
    typer.run(main)
