"""The evaluation of recall on a conversation written for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.data.folder import DataError
from evals.data.locomo import Question, QuestionKind, read_locomo
from evals.recall import Tally, answerable_examples
from evals.recall_fit import Example, fit
from evals.recall_peers import full_text, fused
from evals.recall_store import CachedEmbedder, Store
from memory.recall.embedding import Vectors
from memory.recall.ranking import FEATURES

CONVERSATION = {
    "sample_id": "conv-0",
    "conversation": {
        "speaker_a": "Odile",
        "speaker_b": "Piotr",
        "session_2_date_time": "12:05 am on 1 March, 2024",
        "session_2": [
            {"speaker": "Piotr", "dia_id": "D2:1", "text": "My beehive swarmed this morning."},
        ],
        "session_1_date_time": "1:30 pm on 28 February, 2024",
        "session_1": [
            {"speaker": "Odile", "dia_id": "D1:1", "text": "What did you build over the winter?"},
            {
                "speaker": "Piotr",
                "dia_id": "D1:2",
                "text": "A canoe, out of cedar strips.",
                "blip_caption": "a boat on trestles",
            },
        ],
    },
    "qa": [
        {"question": "What did Piotr build?", "category": 4, "evidence": ["D1:02"]},
        {"question": "What swarmed?", "category": 1, "evidence": ["D1:2; D2:1"]},
        {"question": "Whom did Odile marry?", "category": 5, "evidence": ["D9:9"]},
    ],
}


class Hashed:
    """Unit vectors that tell words apart and know no meaning."""

    version = "hashed"

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 384), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, sum(word.encode()) % 384] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(1e-6, lengths), np.float32)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path))
    path = tmp_path / "memory" / "locomo.json"
    path.parent.mkdir()
    path.write_text(json.dumps([CONVERSATION]))
    return path


def test_reads_sessions_in_order_and_evidence_however_it_is_written(data: Path) -> None:
    (conversation,) = read_locomo()
    assert [line.id for line in conversation.lines()] == ["D1:1", "D1:2", "D2:1"]
    assert conversation.sessions[1].start == datetime(2024, 3, 1, 0, 5, tzinfo=UTC)
    evidence = [(q.kind, q.evidence) for q in conversation.questions]
    assert evidence == [
        (QuestionKind.SINGLE_HOP, frozenset({"D1:2"})),
        (QuestionKind.MULTI_HOP, frozenset({"D1:2", "D2:1"})),
    ], "a question whose evidence is not there is left out"


@pytest.mark.parametrize("content", ["", "[]x", '[{"qa": []}]', "[1]", '{"a": 1}'])
def test_a_damaged_file_is_named(data: Path, content: str) -> None:
    data.write_text(content)
    with pytest.raises(DataError, match=r"locomo\.json"):
        read_locomo()


def test_a_conversation_is_remembered_line_by_line_and_recalled(data: Path, tmp_path: Path) -> None:
    (conversation,) = read_locomo()
    embedder = CachedEmbedder(Hashed())
    store = Store.remember(conversation, tmp_path, embedder)
    try:
        assert store.texts["D1:2"] == (
            'Piotr said: "(Shows a boat on trestles.) A canoe, out of cedar strips."'
        )
        assert {p.name for p in store.memory.people()} == {"Odile", "Piotr"}
        assert store.recall("What did Piotr build?")[:2] == ["D1:2", "D1:1"]
        assert store.recall_by(np.zeros(len(FEATURES)), "swarmed beehive")
        examples = answerable_examples(store)
        assert [int(example.is_evidence.sum()) for example in examples] == [1, 2]
    finally:
        store.close()


def test_full_text_drops_stop_words_and_stems() -> None:
    search = full_text({"a": "Ida said: baking", "b": "Ida said: the what"})
    assert search("What do they bake?") == ["a"]
    assert search("What?") == []


def test_fusion_prefers_what_both_rank_well() -> None:
    assert fused([["a", "b", "c"], ["b", "d"]])[0] == "b"


def test_the_fit_finds_what_tells_evidence_apart() -> None:
    random = np.random.default_rng(0)
    examples = []
    for _ in range(400):
        features = random.normal(size=(20, 3))
        is_evidence = np.zeros(20, np.bool_)
        is_evidence[np.argmax(features @ [2.0, 0.0, -1.0] + random.gumbel(size=20))] = True
        examples.append(Example(features, is_evidence))
    assert fit(examples) == pytest.approx([2.0, 0.0, -1.0], abs=0.2)


def test_a_question_counts_by_the_share_of_its_evidence() -> None:
    tally = Tally()
    question = Question("?", QuestionKind.MULTI_HOP, frozenset({"a", "b"}))
    tally.add("conv", question, ["a", *"vwxyz", "b"])
    kinds: Any = (QuestionKind.MULTI_HOP,)
    assert [tally.recall(depth, kinds) for depth in (5, 10)] == [0.5, 1.0]
    assert tally.recall(5, kinds, only=("other",)) == 0.0
