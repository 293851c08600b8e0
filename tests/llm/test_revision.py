from __future__ import annotations

import pytest

from llm.cues import read_question
from llm.revision import Revision, revision_of
from llm.versions import quoted_words
from memory.records import Kind, Source
from memory.store import Memory
from tests.llm.conftest import END_NS, said

IDA, BO = 3, 4
LATER_S = 900
LATEST_NS = END_NS + 2 * LATER_S * 1_000_000_000


def revised(memory: Memory, before: str, question: str) -> Revision | None:
    """Return the revision of one memory, whatever else the question would find."""
    memory.consolidate(LATEST_NS)
    old = next(one.id for one in memory.spoken() if one.text == before)
    hit = memory.evidence(Source(Kind.UTTERANCE, old))
    assert hit is not None
    asked = read_question(question, memory.people(), (), "", LATEST_NS)
    return revision_of(memory, [hit], asked, LATEST_NS)


@pytest.mark.parametrize(
    ("before", "after", "question"),
    [
        ("The boat leaves the north harbour on Sunday at seven.",
         "The boat from the north harbour leaves at half past eight instead.",
         "When do we sail?"),
        ("The boat leaves the north harbour at seven.",
         "The boat moved, it leaves at the south harbour.", "Where do we board?"),
        ("The carpenter wants forty for the gate.", "The carpenter wants fifty for the gate.",
         "How much is the work?"),
    ],
)  # fmt: skip
def test_what_was_said_later_in_other_words_than_the_question_takes_the_place(
    memory: Memory, before: str, after: str, question: str
) -> None:
    said(memory, 200, before, IDA)
    said(memory, 200 + LATER_S, after, IDA)
    revision = revised(memory, before, question)
    assert revision is not None
    assert quoted_words(revision.old) == before
    assert [quoted_words(hit) for hit in revision.newer] == [after]


def test_what_is_added_at_once_belongs_to_it(memory: Memory) -> None:
    before, after = "The boat leaves on Sunday at seven.", "The boat cannot leave on Sunday now."
    said(memory, 200, before, IDA)
    said(memory, 200 + LATER_S, after, IDA)
    said(memory, 206 + LATER_S, "Tuesday at six, then.", BO)
    revision = revised(memory, before, "When do we sail?")
    assert revision is not None
    assert [quoted_words(hit) for hit in revision.newer] == [after, "Tuesday at six, then."]


@pytest.mark.parametrize(
    ("after", "question"),
    [
        ("The boat leaves on Sunday with the piano.", "When do we sail?"),
        ("The piano leaves at noon instead.", "When do we sail?"),
        ("The boat leaves on Tuesday instead.", "What did Ida say of the sailing?"),
    ],
)
def test_what_says_the_same_or_of_something_else_takes_nothing_back(
    memory: Memory, after: str, question: str
) -> None:
    before = "The boat leaves on Sunday at seven."
    said(memory, 200, before, IDA)
    said(memory, 200 + LATER_S, after, BO)
    assert revised(memory, before, question) is None


def test_what_goes_on_in_one_talk_takes_nothing_back(memory: Memory) -> None:
    before = "The boat leaves on Sunday at seven."
    said(memory, 200, before, IDA)
    said(memory, 206, "The other boat leaves on Sunday at eight instead.", IDA)
    assert revised(memory, before, "When do we sail?") is None
