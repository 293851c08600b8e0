"""Cutting a text to the lines that fit."""

from __future__ import annotations

from collections.abc import Callable

ELLIPSIS = "…"


def shortened(text: str, letters: int) -> str:
    """Return ``text`` cut to so many letters, with an ellipsis where something was cut."""
    return text if len(text) <= letters else text[: letters - 1].rstrip() + ELLIPSIS


def clamp(text: str, width: float, lines: int, measure: Callable[[str], float]) -> str:
    """Return ``text`` cut to so many lines, with an ellipsis where something was cut.

    Args:
        text: Words separated by white space.
        width: Room per line.
        lines: At most so many lines.
        measure: Tells the width of a string, in the unit of ``width``.
    """
    wrapped = _wrap(text.split(), width, measure)
    if len(wrapped) > lines:
        wrapped[lines - 1 :] = [" ".join(wrapped[lines - 1 : lines + 1])]
    return " ".join(_shortened(line, width, measure) for line in wrapped)


def _shortened(line: str, width: float, measure: Callable[[str], float]) -> str:
    if measure(line) <= width:
        return line
    while line and measure(line + ELLIPSIS) > width:
        line = line[:-1].rstrip()
    return line + ELLIPSIS


def _wrap(pieces: list[str], width: float, measure: Callable[[str], float]) -> list[str]:
    wrapped: list[str] = []
    for piece in pieces:
        longer = f"{wrapped[-1]} {piece}" if wrapped else piece
        if wrapped and measure(longer) <= width:
            wrapped[-1] = longer
        else:
            wrapped.append(piece)
    return wrapped
