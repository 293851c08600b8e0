"""Sentences out of a stream of text, each as soon as it is complete."""

from __future__ import annotations

import re

MAX_SENTENCE_CHARS = 300

_END = re.compile(r"[.!?…]+[\"'\u201d\u2019)\]]*(?=\s)|\n+(?=[^\n])")
_NEVER_LAST = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "mt", "e.g", "i.e", "vs", "approx"})
_OFTEN_LAST = frozenset({"sr", "jr", "etc", "a.m", "p.m", "rd", "ave", "inc", "ltd", "co"})


class SentenceSplitter:
    """Cuts streamed text into sentences without losing a character.

    A full stop ends a sentence only when what follows shows it: white space, and then no lower-case
    letter where the stop may belong to an abbreviation. Text that never ends is cut at a word
    after ``MAX_SENTENCE_CHARS`` characters, so that a voice can begin.
    """

    def __init__(self) -> None:
        self._open = ""

    def push(self, text: str) -> list[str]:
        """Take in a piece and return the sentences that it completes, white space included."""
        self._open += text
        sentences = []
        while (end := self._end()) is not None:
            sentences.append(self._open[:end])
            self._open = self._open[end:]
        return sentences

    def flush(self) -> list[str]:
        """Return what is still open."""
        rest, self._open = self._open, ""
        return [rest] if rest else []

    def _end(self) -> int | None:
        """Return where the first complete sentence ends, or None while more text is needed."""
        for match in _END.finditer(self._open):
            following = self._open[match.end() :].lstrip()
            if match[0].startswith("\n"):
                if self._open[: match.start()].strip():
                    return match.end()
            elif not _is_abbreviation(self._open[: match.start()], match[0]):
                return match.end()
            elif not following:
                break
            elif _ends_after_abbreviation(self._open[: match.start()], following):
                return match.end()
        if len(self._open) > MAX_SENTENCE_CHARS:
            cut = self._open.rfind(" ", 1, MAX_SENTENCE_CHARS)
            return cut if cut > 0 else MAX_SENTENCE_CHARS
        return None


def _last_word(before: str) -> str:
    match = re.search(r"[\w.]+\Z", before)
    return match[0].lower() if match else ""


def _is_abbreviation(before: str, stop: str) -> bool:
    word = _last_word(before)
    is_initial = len(word) == 1 and word.isalpha() and before[-1:].isupper() and word != "i"
    return stop == "." and (word in _NEVER_LAST | _OFTEN_LAST or is_initial)


def _ends_after_abbreviation(before: str, following: str) -> bool:
    word = _last_word(before)
    goes_on = word in _NEVER_LAST or len(word) == 1
    return not goes_on and following[0].isupper()
