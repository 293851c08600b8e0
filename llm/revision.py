"""What was said later of what a memory says, in other words than those of the question.

"Saturday at the Crown, then" is taken back by "the Crown is shut, so I've got us in at the Mill",
which shares more with what it takes back than with a question for the day. Memory is therefore
asked a second time, by the words of what answers the question, and by whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from llm.cues import Asked
from llm.exchanges import next_said
from llm.versions import ONE_TALK_NS, is_change, is_of_now, quoted_words, speaker
from memory.recall.asked_for import can_answer, values
from memory.records import Cue, Hit, Kind, Person
from memory.sentences import is_question
from memory.stems import stems
from memory.store import Memory

LOOKED_AT = 6
NEAR = 0.15
"""How likely what tells of a change answers what a memory says, where it is about the same."""
VERY_NEAR = 0.5
"""The same of what does not tell of a change."""
NEAR_ALONE = 0.3
"""The same where it shares no word with it."""
TRIED = 2

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
    shared = _share_more_than_times(new, old)
    is_by_same = speaker(new) == speaker(old)
    if is_change(new):
        is_by_concerned = speaker(new) in {person.label for person in asked.people}
        is_anothers = speaker(new) != "You" and (is_by_same or is_by_concerned)
        return shared or is_anothers or new.answers >= NEAR_ALONE
    is_close = new.answers >= VERY_NEAR or is_by_same
    return shared and is_close and _says_otherwise(new, old)


def _share_more_than_times(new: Hit, old: Hit) -> bool:
    times = set(stems(" ".join(values(old.text))))
    return bool(set(stems(quoted_words(new))) & set(stems(quoted_words(old))) - times)


def _changes_value(new: Hit, old: Hit, asked: Asked) -> bool:
    """Tell whether somebody concerned says that a time or an amount is another now."""
    return is_change(new) and can_answer(asked.text, new.text) and _says_otherwise(new, old)


def _says_otherwise(new: Hit, old: Hit) -> bool:
    before, now = values(quoted_words(old)), values(quoted_words(new))
    return bool(before and now) and before.isdisjoint(now)


def _only_asks(hit: Hit) -> bool:
    return speaker(hit) == "You" and is_question(quoted_words(hit))
