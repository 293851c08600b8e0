from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from evals.data.scenario import (
    REPORT,
    TUNING,
    Scenario,
    ScenarioError,
    holds,
    read_lives,
    read_scenario,
)
from evals.day import CATEGORIES, FULL, report
from evals.day_baselines import Bm25, TextsOnly
from evals.day_scores import (
    abstained,
    evidence,
    reply_right,
    right_version,
    takes_for_wearers,
)
from evals.day_systems import Answer, Companioned, Lived, NoHistory, pooled
from evals.day_tuning import misses
from evals.month import Month
from llm.grounding import UNKNOWN
from memory.records import Kind
from tests.memory.day import open_memory

CAST = """
[cast]
ada = { name = "Ada Quill" }
stranger = {}
"""
SCENE = """
[[scene]]
at = 2026-03-02T08:00:00
events = [
  { ada = "The rehearsal is on Friday at six.", seen = "ada", id = "friday" },
  { names = "ada" },
  { stranger = "I keep bees on my roof.", id = "bees" },
  { looks_at = "cup" },
  { reads = ["QUAY HALL", "DOOR 3"], id = "door" },
  { feels = "happy", sight = "cup", id = "glad" },
  { me = "My locker is number forty.", id = "locker" },
]
[[scene]]
at = 2026-03-03T08:00:00
events = [{ ada = "The rehearsal moves to Sunday at four.", seen = "ada", id = "sunday" }]
"""
QUESTION = """
[[question]]
id = "rehearsal"
at = 2026-03-03T09:00:00
words = "When is the rehearsal?"
category = "update"
evidence = ["sunday"]
holds = ["Sunday"]
lacks = ["Friday"]
"""
DERIVED = {
    "hydrologist": {
        f"hydrologist/{key}"
        for key in (
            "client-who",
            "ankles-who",
            "boat-who",
            "teacher-class",
            "in-front",
            "who-in-front",
        )
    }
}
BEES = """
[[question]]
id = "bees-mine"
at = 2026-03-02T09:00:00
words = "Do I keep bees?"
category = "stranger"
unanswerable = true
strangers = ["bees"]
"""


@pytest.fixture(scope="module")
def reported() -> list[Scenario]:
    return read_lives(REPORT)


@pytest.fixture(scope="module", params=(*TUNING, *REPORT))
def month(request: pytest.FixtureRequest) -> Scenario:
    [scenario] = read_lives([request.param])
    return scenario


def written(folder: Path, week: str, cast: str = CAST) -> Scenario:
    folder = folder / "life"
    folder.mkdir(exist_ok=True)
    (folder / "cast.toml").write_text(cast, encoding="utf-8")
    (folder / "week.toml").write_text(week, encoding="utf-8")
    return read_scenario(folder)


def test_the_months_ask_enough_of_every_kind(reported: list[Scenario]) -> None:
    asked = Counter(q.category for scenario in reported for q in scenario.questions)

    assert sum(asked.values()) >= 150
    assert set(asked) == set(CATEGORIES)
    assert min(asked.values()) >= 10


def test_a_month_is_a_month(month: Scenario) -> None:
    days = month.days()

    assert (days[-1] - days[0]).days >= 25
    assert len(days) >= 20
    assert len(month.happenings) >= 350


def test_gold_strings_stand_in_the_gold_evidence(month: Scenario) -> None:
    happenings = {happening.id: happening for happening in month.happenings}
    told: Counter[str] = Counter()
    for question in month.questions:
        gold = [happenings[event_id] for event_id in question.evidence]
        texts = " ".join(f"{h.text} {month.names.get(h.who, '')} {h.cause}" for h in gold)
        lines = texts.replace("\n", " ")
        told[question.id] = sum(not holds(lines, string) for string in question.holds)
        assert not gold or all(holds(lines, string) for string in question.warns), question.id
    # Dates, and people who introduced themselves, are known by what the evidence does not repeat.
    allowed = DERIVED.get(month.name)
    assert allowed is None or set(+told) <= allowed
    assert len(+told) <= 0.1 * len(month.questions)


@pytest.mark.parametrize(
    ("week", "code", "says"),
    [
        ("scene = 3 3", "unreadable", "week.toml"),
        ('[[scene]]\nevents = [{ me = "Hi." }]', "bad-scene", "'at'"),
        (SCENE.replace("looks_at", "stares_at"), "bad-event", "'stares_at'"),
        (SCENE.replace('"cup" }', '"cup", reads = "X" }'), "bad-event", "one thing"),
        (SCENE.replace('seen = "ada"', 'seen = "bob"'), "bad-event", "'bob'"),
        (SCENE.replace('names = "ada"', 'names = "stranger"'), "bad-event", "no name"),
        (SCENE.replace('"happy"', '"merry"'), "bad-event", "'merry'"),
        (SCENE.replace("03-03T08", "03-02T08"), "overlap", "'sunday'"),
        (SCENE.replace('id = "door"', 'id = "bees"'), "not-unique", "'bees'"),
        (SCENE.replace(', seen = "ada", id = "friday"', ""), "nobody-to-name", "'ada'"),
        (SCENE + QUESTION + QUESTION, "not-unique", "'life/rehearsal'"),
        (SCENE + QUESTION.replace('"update"', '"riddle"'), "bad-question", "category"),
        (SCENE + QUESTION.replace("lacks", "lakcs"), "bad-question", "lakcs"),
        (SCENE + QUESTION.replace('["sunday"]', '["monday"]'), "bad-gold", "no event"),
        (SCENE + QUESTION.replace("03T09", "02T09"), "bad-gold", "after it"),
        (SCENE + QUESTION.replace('"update"', '"safety"'), "bad-gold", "safety"),
        (SCENE + QUESTION + "unanswerable = true", "bad-gold", "unanswerable"),
        (SCENE + BEES.replace("unanswerable = true", ""), "bad-gold", "needs evidence"),
        (SCENE + BEES.replace("09:00:00", "08:00:01"), "bad-gold", "happens"),
    ],
)
def test_the_reader_says_what_is_wrong(tmp_path: Path, week: str, code: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says) as raised:
        written(tmp_path, week)

    assert raised.value.code == code


def test_a_key_of_the_files_is_nobodys(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="'seen'"):
        written(tmp_path, SCENE, '[cast]\nseen = { name = "Ada" }')


@pytest.mark.parametrize(
    ("text", "gold", "expected"),
    [
        ("a team", "tea", False),
        ("Tea, please", "tea", True),
        ("allergies", "allerg*", True),
        ("at 14:00", "noon|14:00", True),
        ("at 14:000", "noon|14:00", False),
    ],
)
def test_gold_strings_are_whole_words(text: str, gold: str, expected: bool) -> None:
    assert holds(text, gold) is expected


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return written(tmp_path_factory.mktemp("short"), SCENE + QUESTION + BEES)


def test_a_month_is_recorded_as_it_is_perceived(short: Scenario, tmp_path: Path) -> None:
    with open_memory(tmp_path) as memory:
        month = Month(short, memory)
        asked = [question.id for question in month.live()]
        spoken = {line.text: line for line in memory.spoken()}
        counts = memory.counts()
        ada = next(person for person in memory.people() if person.name == "Ada Quill")

    assert asked == ["life/bees-mine", "life/rehearsal"]
    assert ada.is_name_given
    assert ada.utterances == 2  # known again the next day
    assert spoken["My locker is number forty."].is_wearer
    assert spoken["When is the rehearsal?"].is_wearer
    assert counts[Kind.FEELING] == 1
    assert counts[Kind.TEXT] == 2


@pytest.fixture(scope="module")
def lived(short: Scenario) -> dict[str, Lived]:
    systems = {FULL: Companioned(), "no history": Companioned(memory=NoHistory)}
    baseline = TextsOnly(Bm25)
    months = {name: system.live(short) for name, system in systems.items()}
    bm25 = baseline.live(short)
    return {**months, "no profile": months[FULL], "no real-time context": months[FULL]} | {
        "BM25 alone": bm25,
        "MiniLM alone": bm25,
        "MPNet alone": bm25,
    }


def test_the_companion_finds_what_was_said(short: Scenario, lived: dict[str, Lived]) -> None:
    bees, rehearsal = short.questions
    answers = lived[FULL].answers

    assert evidence(rehearsal, answers["life/rehearsal"]) == 1.0
    assert not takes_for_wearers(bees, answers["life/bees-mine"])
    assert lived[FULL].foreign_facts == ()


def test_without_history_nothing_is_found(short: Scenario, lived: dict[str, Lived]) -> None:
    rehearsal = short.questions[1]

    assert evidence(rehearsal, lived["no history"].answers["life/rehearsal"]) == 0.0
    assert abstained(lived["no history"].answers["life/rehearsal"])


def test_a_baseline_knows_only_what_has_happened(lived: dict[str, Lived]) -> None:
    bees = lived["BM25 alone"].answers["life/bees-mine"]

    assert bees.reply == 'Someone said: "I keep bees on my roof."'
    assert frozenset({"bees"}) in bees.shown
    assert not any("sunday" in shown for shown in bees.shown)


def test_the_report_counts_what_was_asked(short: Scenario, lived: dict[str, Lived]) -> None:
    done = report([short], lived)

    counts = dict(zip(done.columns, done.rows[0], strict=True))
    assert counts["all"] == 2
    assert counts["update"] == counts["stranger"] == 1
    assert len(done.rows) == 1 + 3 * (len(lived) + 1)


def test_misses_are_shown_with_what_is_missed(tmp_path: Path) -> None:
    scenario = written(tmp_path, SCENE + QUESTION + BEES)
    wrong = Answer((REHEARSAL_FRIDAY,), (frozenset({"friday"}),), REHEARSAL_FRIDAY)
    right = Answer((), (), UNKNOWN)
    lived = pooled([Lived({"life/rehearsal": wrong}), Lived({"life/bees-mine": right})])

    shown = list(misses(scenario, lived))

    assert [(question.id, missed) for question, _, missed in shown] == [
        ("life/rehearsal", ["evidence@5", "right version", "reply right"])
    ]


REHEARSAL_FRIDAY = 'Ada Quill said: "The rehearsal is on Friday at six."'
REHEARSAL_SUNDAY = 'Ada Quill said: "The rehearsal moves to Sunday at four."'


def test_the_outdated_version_must_not_come_first(short: Scenario) -> None:
    question = short.questions[1]

    def version(*notes: str) -> float | None:
        return right_version(question, Answer(notes, (), ""))

    assert version(REHEARSAL_SUNDAY, REHEARSAL_FRIDAY) == 1.0
    assert version(REHEARSAL_FRIDAY, REHEARSAL_SUNDAY) == 0.0
    assert version(REHEARSAL_SUNDAY) == 1.0
    assert version("It moved from Friday to Sunday.") == 1.0
    assert version(REHEARSAL_FRIDAY) == version() == 0.0
    assert right_version(short.questions[0], Answer((), (), "")) is None


def test_a_reply_is_right_by_its_gold_strings(short: Scenario) -> None:
    bees, rehearsal = short.questions

    assert reply_right(rehearsal, Answer((), (), REHEARSAL_SUNDAY)) == 1.0
    assert reply_right(rehearsal, Answer((), (), "Sunday, no longer Friday.")) == 0.0
    assert reply_right(bees, Answer((), (), UNKNOWN)) == 1.0
    assert reply_right(bees, Answer((), (), "Yes, you keep bees.")) == 0.0


def test_a_quoted_admission_is_no_abstention() -> None:
    assert not abstained(Answer((), (), 'Ada Quill said: "I don\'t know."'))
    assert abstained(Answer((), (), UNKNOWN))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("You keep bees.", True),
        ('You said: "I keep bees."', True),
        ('someone 4 said: "I keep bees on my roof."', False),
        ("Somebody told you about bees.", False),
    ],
)
def test_only_attributed_words_stay_a_strangers(
    short: Scenario, reply: str, expected: bool
) -> None:
    assert takes_for_wearers(short.questions[0], Answer((), (), reply)) is expected
