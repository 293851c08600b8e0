from __future__ import annotations

import numpy as np
import pytest

from llm.companion import Companion
from llm.context import CurrentContext
from llm.hearing import Hearing, without_unclear
from llm.turn import UNCLEAR
from memory.records import Hit, Kind, Source, Spoken
from memory.store import Memory
from perception.events import Embedding, Utterance
from tests.llm.conftest import END_NS, START_NS, S

MISHEARD = 'Irma said: "I teach pottery at the old school of Grimsdale."'
HEARD = 'Irma said: "I teach pottery at the old school of Grimsby."'


def hit(number: int, text: str, at_s: int) -> Hit:
    return Hit(Kind.UTTERANCE, number, START_NS + at_s * S, text, 1.0, None, ())


def heard(**confidence: float) -> Hearing:
    rows = {Source(Kind.UTTERANCE, int(key[1:])): value for key, value in confidence.items()}
    return Hearing(rows)


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [((0.9, 0.9), True), ((0.4, 0.6), True), ((0.6, 0.4), False), ((0.9, 0.4), False)],
)
def test_the_later_words_count_unless_they_were_heard_worse(
    confidence: tuple[float, float], expected: bool
) -> None:
    hearing = heard(u1=confidence[0], u2=confidence[1])
    early, late = hit(1, MISHEARD, 0), hit(2, HEARD, 60)
    assert hearing.outdoes(late, early) is expected
    assert hearing.outdoes(early, late) is not expected


def test_who_states_all_of_it_again_outdoes_other_words() -> None:
    early, late = hit(1, 'Irma said: "I am a potter."', 0), hit(2, 'Irma said: "Pots it is."', 9)
    assert not heard().outdoes(late, early)
    stated = frozenset({("Irma", "works as", "potter")})
    both = {Source(Kind.UTTERANCE, 1): stated, Source(Kind.UTTERANCE, 2): stated}
    assert Hearing(stated=both).outdoes(late, early)
    assert Hearing(stated=both).questions(late) == "works as"


def test_a_day_is_told_without_what_was_heard_badly() -> None:
    told = 'You said: "Good day." Irma Sand said: "I sell (old) plumbs." You seemed moved.'
    said = [
        Spoken(1, 0, 1, "Good day.", None, True, 0.9, None),
        Spoken(2, 0, 1, "I sell (old) plumbs.", None, False, 0.5, None),
    ]
    assert without_unclear(told, said) == 'You said: "Good day." You seemed moved.'


def test_two_speakers_do_not_outdo_each_other() -> None:
    assert not heard().outdoes(hit(2, HEARD.replace("Irma", "Olaf"), 60), hit(1, MISHEARD, 0))


@pytest.mark.parametrize(("confidence", "is_unclear"), [(0.5, True), (0.9, False)])
def test_a_name_that_was_heard_badly_is_told_with_a_reserve(
    memory: Memory, confidence: float, is_unclear: bool
) -> None:
    text = "The ferry to Skudeneshavn leaves from the long pier."
    now = START_NS + 120 * S
    memory.record(Utterance(now, now + 3 * S, text, confidence, "", False, 0.0, _nobody()))
    spoken = Companion(memory, None).reply(
        "Where does the ferry leave from?", CurrentContext(END_NS), END_NS
    )
    reply = [sentence.text for sentence in spoken]
    assert "Skudeneshavn" in reply[0]
    assert (UNCLEAR in reply) is is_unclear


def _nobody() -> Embedding:
    voice = np.zeros(256, np.float32)
    voice[9] = 1.0
    return voice
