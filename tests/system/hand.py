"""A hand and an eye in front of the window; run as ``python -m tests.system.hand WHAT STORE OUT``.

Each journey is a generator that gives the window time to draw wherever it yields.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from app import windows
from app.companion.presenter import CompanionPresenter
from app.companion.reasons import reasons_of
from app.companion.state import LoopSnapshot, SeenBox, TranscriptLine, Who
from app.intake import Pace
from app.screenshots import shots_of, take
from app.session import Session
from app.settings import load_settings
from app.widgets.window import prepare
from assets.errors import AttuneError
from firmware_bridge.connect import connect
from memory.records import Cue, Source
from memory.store import Memory
from perception.events import Box

DRAW_S = 0.25
PATIENCE = 240

Journey = Callable[[Any], Iterator[None]]


def drive(journey: Journey) -> None:
    """Let a journey happen in the window that is about to open, and close it afterwards."""
    prepare()
    from kivy.app import App
    from kivy.clock import Clock

    steps: Iterator[None] | None = None

    def go_on(_: float) -> None:
        nonlocal steps
        app = App.get_running_app()
        steps = journey(app) if steps is None else steps
        try:
            next(steps)
        except StopIteration:
            app.stop()
            return
        Clock.schedule_once(go_on, DRAW_S)

    Clock.schedule_once(go_on, DRAW_S)


def labels(root: Any, text: str) -> list[Any]:  # noqa: ANN401 - Kivy has no types
    """Return the labels in the window that say something."""
    from kivy.uix.label import Label

    return [w for w in root.walk() if isinstance(w, Label) and text in w.text]


def see(root: Any, text: str) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    """Wait until the window says ``text``, and until it has been laid out."""
    for _ in range(PATIENCE):
        yield
        if labels(root, text):
            yield
            return
    raise AssertionError(f"nothing in the window says {text!r}")


def press(root: Any, text: str) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    """Press the first thing that says ``text``."""
    from kivy.tests.common import UnitTestTouch

    yield from see(root, text)
    said = labels(root, text)[0]
    touch = UnitTestTouch(*said.to_window(*said.center))
    touch.touch_down()
    touch.touch_up()
    yield


def timeline(app: Any) -> Any:  # noqa: ANN401 - Kivy has no types
    """Return the list of moments."""
    from app.lifelog.view import Timeline

    return next(w for w in app.root.walk() if isinstance(w, Timeline))


def focused_entry(app: Any) -> Any:  # noqa: ANN401 - Kivy has no types
    """Return the text entry that takes what is typed."""
    from kivy.uix.textinput import TextInput

    return next(w for w in app.root.walk() if isinstance(w, TextInput) and w.focus)


def delete_a_moment(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    yield from press(timeline(app), "Ruth Ambler")
    yield from press(app.root, "Delete this moment")
    assert labels(app.root, "This goes with it")
    yield from press(labels(app.root, "Keep")[0].parent.parent, "Delete")
    yield from see(app.root, "The moment is deleted")


def take_a_deletion_back(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    yield from delete_a_moment(app)
    yield from press(app.root, "Undo")


def rename_a_person(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    yield from press(timeline(app), "Ruth Ambler")
    yield from press(app.root, "Rename")
    focused_entry(app).text = "Ruth"
    yield from press(app.root, "Save")
    yield from see(app.root, "is now Ruth")


def search(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    view = app.view(windows.LIFELOG)
    yield from see(timeline(app), "Book")
    assert view.key("f", ["ctrl"])
    entry = focused_entry(app)
    entry.text = "flask"
    entry.dispatch("on_text_validate")
    yield from see(app.root, "black flask")
    assert not labels(timeline(app), "Book")
    view.key("escape", [])
    yield from see(timeline(app), "Book")


def player(app: Any) -> Any:  # noqa: ANN401 - Kivy has no types
    """Return the clip of the opened moment."""
    from app.widgets.clip import ClipPlayer

    return next(w for w in app.root.walk() if isinstance(w, ClipPlayer))


def pixels(widget: Any) -> Any:  # noqa: ANN401 - Kivy has no types
    """Return what a widget looks like now, uint8 RGBA, shape ``(height, width, 4)``."""
    image = widget.export_as_image().texture
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width, 4)


def watch_a_clip(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    yield from press(timeline(app), "cup")
    clip = player(app)
    still, rested = pixels(clip), clip.trail.mark
    assert rested is not None, "the attended frame shows the gaze"
    yield from press(app.root, "Play")
    seen = []
    for _ in range(PATIENCE):
        yield
        if labels(app.root, "Play"):
            break
        seen.append((clip.position, clip.trail.mark, pixels(clip)))
    played = [position for position, _, _ in seen]
    assert len(played) > 5
    assert played == sorted(set(played)), "it goes on, and only forwards"
    assert played[-1] > 0.8
    points = {mark.point for _, mark, _ in seen}
    assert len(points) > 5, "the gaze goes along"
    brightness = [int(np.median(image[..., 0])) for _, _, image in seen]
    assert brightness[-1] - brightness[0] > 30, "the pictures brighten with time"
    yield
    assert clip.position == 0, "at the end the attended frame is back"
    assert clip.trail.mark == rested
    assert np.array_equal(pixels(clip), still)


def find_the_gaze(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    from app.widgets.gaze_trail import LARGEST_RING_DP

    yield from press(timeline(app), "cup")
    clip = player(app)
    clip.seek(0.5)
    yield
    with_gaze = pixels(clip).astype(int)
    (x, y), radius = clip.trail.mark.point, LARGEST_RING_DP * 2
    clip.trail.show(None, clip.position_of)
    yield
    rows, columns = np.nonzero(np.abs(with_gaze - pixels(clip)).max(axis=2) > 20)
    height, width = with_gaze.shape[:2]
    assert len(rows) > 50, "a ring can be seen"
    assert np.abs(columns - x * width).max() < radius, "it is where the gaze is"
    assert np.abs(rows - y * height).max() < radius


def scrub_a_clip(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    from kivy.tests.common import UnitTestTouch

    yield from press(timeline(app), "cup")
    clip = player(app)
    touch = UnitTestTouch(clip.x + clip.width * 0.2, clip.y + 12)
    touch.touch_down()
    brightness = []
    for share in (0.8, 0.2, 0.6):
        touch.touch_move(clip.x + clip.width * share, clip.y + 12)
        yield
        assert abs(clip.position - share) < 0.05
        assert clip.trail.mark is not None
        brightness.append(int(np.median(pixels(clip)[..., 0])))
    touch.touch_up()
    assert brightness[1] < brightness[2] < brightness[0], "every time has its picture"
    assert not clip.is_playing
    yield from press(app.root, "Play")
    yield
    yield from press(app.root, "Pause")
    assert clip.position > 0.6, "it plays on from there"


def answer_why(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    yield from press(app.root, "Yes")
    yield from see(app.root, "This was why")


def watch_live(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    yield from see(app.root, "You are looking at")
    assert labels(app.root, "Recording")


def watch_it_break(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    yield from see(app.root, "attune assets fetch")
    assert labels(app.root, "Not recording")


def ask_why(app: Any) -> Iterator[None]:  # noqa: ANN401 - Kivy has no types
    yield from press(app.root, "Why?")
    yield from see(app.root, "I'm a glazier")
    yield from press(app.root, "Watch")
    yield from see(app.root, "Delete this moment")


def glanced(memory: Memory) -> CompanionPresenter:
    """Return a companion window in the middle of a talk."""
    frame = np.full((480, 640, 3), 90, np.uint8)
    frame[100:300, 200:400] = (40, 160, 220)
    snapshot = LoopSnapshot(
        t_ns=0,
        frame=frame,
        gaze_in_scene_px=(300.0, 200.0),
        boxes=(SeenBox(Box(200, 100, 200, 200), "Ruth Ambler", True),),
        transcript=transcript(memory),
        is_recording=True,
        last_moment=next(iter(memory.moments()), None),
    )
    return CompanionPresenter(
        lambda: snapshot, lambda _: None, explain=lambda turn_id: reasons_of(memory, turn_id)
    )


def transcript(memory: Memory) -> tuple[TranscriptLine, ...]:
    """A question and its reply, as far as there is something to reply."""
    asked = TranscriptLine(0, Who.WEARER, "", "What does Ruth do?")
    hits = memory.recall(Cue("glazier", limit=1))
    if not hits:
        return (asked,)
    source = Source(hits[0].kind, hits[0].id)
    turn = memory.add_turn(hits[0].t_ns + 1, asked.text, "She is a glazier.", (source,))
    return asked, TranscriptLine(0, Who.COMPANION, "", turn.replied, turn_id=turn.id)


def portraits(memory: Memory, out: Path) -> None:
    """Take a picture of every face, with the reasons of the last reply."""
    presenter = glanced(memory)
    for line in presenter.refresh().transcript:
        if line.turn_id is not None:
            presenter.why(line.turn_id)
    take(windows.companion_app(presenter, memory), shots_of(memory, out))


def live(memory: Memory, recording: Path, store: Path) -> None:
    """Run a real session behind the window."""
    settings = load_settings(store)
    report = windows.run_companion(
        lambda show: Session(
            connect(f"recording:{recording}"), "day", memory, None, settings, Pace.FAST, show
        ),
        memory,
    )
    print("frames", report.taken["SceneFrame"])


REVIEWS: dict[str, tuple[str, Journey]] = {
    "delete": (windows.LIFELOG, delete_a_moment),
    "undo": (windows.LIFELOG, take_a_deletion_back),
    "rename": (windows.LIFELOG, rename_a_person),
    "search": (windows.LIFELOG, search),
    "watch": (windows.LIFELOG, watch_a_clip),
    "find": (windows.LIFELOG, find_the_gaze),
    "scrub": (windows.LIFELOG, scrub_a_clip),
    "answer": (windows.REFLECTION, answer_why),
}
LIVE: dict[str, Journey] = {"live": watch_live, "broken": watch_it_break}


def main(what: str, store: Path, other: Path) -> None:
    with Memory.open(store / "memory.sqlite", store / "media") as memory:
        if what == "portraits":
            portraits(memory, other)
        elif what == "why":
            drive(ask_why)
            windows.companion_app(glanced(memory), memory).run()
        elif what in REVIEWS:
            face, journey = REVIEWS[what]
            drive(journey)
            windows.open_face(face, memory)
        else:
            drive(LIVE[what])
            live(memory, other, store)


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    except AttuneError as error:
        print("error", error.code)
