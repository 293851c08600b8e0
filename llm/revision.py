"""What was said later of what a memory says, in other words than those of the question.

"Saturday at the Crown, then" is taken back by "the Crown is shut, so I've got us in at the Mill",
which shares more with what it takes back than with a question for the day. Memory is therefore
asked a second time, by the words of what answers the question, and by whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from llm.cues import Asked, asks
from llm.exchanges import next_said
from llm.versions import ONE_TALK_NS, is_change, is_of_now, quoted_words, speaker
from memory.recall.asked_for import can_answer, content, values
from memory.records import Cue, Hit, Kind, Person
from memory.stems import is_same_stem, stems
from memory.store import Memory

LOOKED_AT = 6
TRIED = 2
NEAR = 0.5
"""How likely something answers, at least, for it to be looked at."""
ALIKE = 0.9
"""How likely what the wearer said answers what they said before, where no word is the same."""
SHARED_AT_LEAST = 2

_OF_TIME = frozenset(stems("day week month year time morning afternoon evening night"))
_TOLD = frozenset({Kind.UTTERANCE, Kind.FACT, Kind.TEXT})
_SAID_OR_READ = frozenset({Kind.UTTERANCE, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Revision:
    """What was said later of what a memory says.

    Attributes:
        old: What holds no longer.
        newer: What holds instead, from one talk, in the order in which it was said.
    """

    old: Hit
    newer: tuple[Hit, ...]


def revision_of(memory: Memory, hits: Sequence[Hit], asked: Asked, now_ns: int) -> Revision | None:
    """Return what took the place of one of the likeliest answers, None where they still hold.

    Raises:
        MemoryStoreError: Memory cannot be read.
    """
    if not is_of_now(asked):
        return None
    told = sorted(
        (hit for hit in hits if hit.kind in _TOLD and hit.answers >= NEAR),
        key=lambda hit: -hit.answers,
    )
    found = (_revised(memory, old, asked, now_ns) for old in told[:TRIED])
    return next((revision for revision in found if revision is not None), None)


def _revised(memory: Memory, old: Hit, asked: Asked, now_ns: int) -> Revision | None:
    later = {hit.text: hit for hit in _said_later(memory, old, asked, now_ns)}
    if not later:
        return None
    newest_ns = max(hit.t_ns for hit in later.values())
    talk = [hit for hit in later.values() if hit.t_ns > newest_ns - ONE_TALK_NS]
    talk.sort(key=lambda hit: hit.t_ns)
    after = next_said(memory, talk[-1])
    if after is not None and not _only_asks(after) and _says_otherwise(after, old):
        talk.append(after)
    # It answers as likely as what it takes the place of.
    return Revision(old, tuple(replace(hit, answers=old.answers) for hit in talk))


def _said_later(memory: Memory, old: Hit, asked: Asked, now_ns: int) -> Iterator[Hit]:
    words = quoted_words(old).rstrip("?")
    cue = Cue(words, old.t_ns + ONE_TALK_NS, now_ns, kinds=_SAID_OR_READ, limit=LOOKED_AT)
    yield from (hit for hit in memory.recall(cue) if _revises(hit, old, asked))
    about = _concerned(memory.people(), old, asked)
    if about:
        cue = replace(cue, text=asked.text, person_ids=about)
        yield from (hit for hit in memory.recall(cue) if _changes_value(hit, old, asked))


def _concerned(people: Iterable[Person], old: Hit, asked: Asked) -> tuple[int, ...]:
    """Return who is asked for, and who said what may no longer hold."""
    named = {person.id for person in asked.people}
    said = {p.id for p in people if p.label.casefold() == speaker(old).casefold()}
    return tuple(sorted(named | said))


def _revises(new: Hit, old: Hit, asked: Asked) -> bool:
    if new.answers < NEAR or _only_asks(new) or not can_answer(asked.text, new.text):
        return False
    shared = _shared(new, old)
    is_by_same = speaker(new) == speaker(old)
    if not is_change(new):
        return is_by_same and bool(shared) and _says_otherwise(new, old)
    if speaker(new) == "You":
        is_alike = is_by_same and (shared or new.answers >= ALIKE)
        return bool(is_alike) or _is_of_one_thing(shared, asked)
    is_by_concerned = is_by_same or speaker(new) in {person.label for person in asked.people}
    return is_by_concerned or _is_of_one_thing(shared, asked)


def _is_of_one_thing(shared: set[str], asked: Asked) -> bool:
    return len(shared) >= SHARED_AT_LEAST or bool(shared & content(asked.text))


def _shared(new: Hit, old: Hit) -> set[str]:
    """Return the stems that two memories share, but for those of times."""
    now, before = (set(stems(quoted_words(hit))) for hit in (new, old))
    times = set(stems(" ".join(values(old.text)))) | _OF_TIME
    return {o for o in before - times if any(is_same_stem(o, n) for n in now)}


def _changes_value(new: Hit, old: Hit, asked: Asked) -> bool:
    """Tell whether somebody concerned says that a time or an amount is another now."""
    return is_change(new) and can_answer(asked.text, new.text) and _says_otherwise(new, old)


def _says_otherwise(new: Hit, old: Hit) -> bool:
    before, now = values(quoted_words(old)), values(quoted_words(new))
    return bool(before and now) and before.isdisjoint(now)


def _only_asks(hit: Hit) -> bool:
    return speaker(hit) == "You" and asks(quoted_words(hit))
