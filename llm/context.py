"""What is going on right now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heard:
    """Something said just now.

    Attributes:
        speaker: ``"you"`` for the wearer, else a name or a label.
    """

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class CurrentContext:
    """What is going on right now. Everything but the time may be empty.

    Attributes:
        objects: Labels of what is in view, what is looked at first.
        people: Names or labels of who is in view, who is looked at first.
        writing: Lines that were read lately.
        attended: What or whom the wearer looks at: a label of ``objects`` or ``people``.
        heard: What was said lately, oldest first, without the question itself.
        feeling: The wearer's, in a word.
        place: Where this is, in words.
    """

    t_ns: int
    objects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    writing: tuple[str, ...] = ()
    attended: str = ""
    heard: tuple[Heard, ...] = ()
    feeling: str = ""
    place: str = ""

    @property
    def thing(self) -> str:
        """What "this" means: the writing in view, which tells more, else what is looked at.

        Whoever is looked at is no thing, but may hold or wear what can be read.
        """
        label = "" if self.attended in self.people else self.attended
        return " ".join(self.writing) or label
