"""The current context, told in the terms of a conversation."""

from __future__ import annotations

from app.companion.state import Who
from app.in_view import InView
from llm.context import CurrentContext, Heard

HEARD_LINES = 4
HEARD_NS = 60_000_000_000


def current_context(view: InView | None, question: str, now_ns: int) -> CurrentContext:
    """Tell what is in view and was said just before a question.

    Args:
        view: None when nothing is in view, as in a typed conversation afterwards.
        question: Left out of what was heard.
        now_ns: When it was asked.
    """
    if view is None:
        return CurrentContext(now_ns)
    boxes = view.boxes()
    names = [box.label for box in sorted(boxes, key=lambda box: not box.is_attended)]
    people = {view.name_of(face.person_id) for face in view.faces()} - {""}
    attended = next((box.label for box in boxes if box.is_attended), "")
    return CurrentContext(
        t_ns=now_ns,
        objects=tuple(dict.fromkeys(name for name in names if name not in people)),
        people=tuple(sorted(people, key=lambda name: name != attended)),
        writing=tuple(text.text for text in view.writing() if text.is_attended),
        attended=attended,
        heard=_heard(view, question, now_ns),
        feeling=view.feeling.emotion.value if view.feeling else "",
    )


def _heard(view: InView, question: str, now_ns: int) -> tuple[Heard, ...]:
    lines = [
        Heard("you" if line.who is Who.WEARER else line.name, line.text)
        for line in view.transcript()
        if line.who is not Who.COMPANION
        and now_ns - HEARD_NS <= line.t_ns <= now_ns
        and line.text != question
    ]
    return tuple(lines[-HEARD_LINES:])
