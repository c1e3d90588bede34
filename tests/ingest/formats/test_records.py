from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ingest.drafts import Block, Draft, Facts, Fault
from ingest.formats import records
from ingest.formats.records import REMEDY, read_records
from rag.domain import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read_one(folder: Path, record: object) -> Draft | Fault:
    (found,) = read_records(write(folder, "one.json", json.dumps(record)))
    return found


def body(text: str) -> tuple[Block, ...]:
    return (Block(Kind.REPORTED, "", text),)


def test_a_json_object_is_an_article(tmp_path: Path) -> None:
    record = {
        "id": "hills/貉 1",
        "title": "Tanuki return",
        "text": "They are back.",
        "published": "2026-05-04",
        "updated": None,
        "source": "Harbour Ledger",
        "author": ["Aiko Mori", "Ben Hale"],
        "url": "https://harbour.example/tanuki",
        "language": "en",
        "mood": "glad",
    }
    facts = Facts(
        "hills/貉 1", "Tanuki return", "2026-05-04", None, "Harbour Ledger", "Aiko Mori, Ben Hale",
        "https://harbour.example/tanuki", "en",
    )  # fmt: skip
    assert read_one(tmp_path, record) == Draft(facts, body("They are back."), (), 1, "record 1")


@pytest.mark.parametrize("wrap", [lambda items: items, lambda items: {"articles": items}])
def test_a_list_holds_an_article_a_record(tmp_path: Path, wrap: Callable[[object], object]) -> None:
    items = [{"id": 7, "text": "One."}, {"id": 8.5, "text": "Two."}]
    path = write(tmp_path, "list.json", json.dumps(wrap(items)))
    assert list(read_records(path)) == [
        Draft(Facts(id="7"), body("One."), (), 1, "record 1"),
        Draft(Facts(id="8.5"), body("Two."), (), 2, "record 2"),
    ]


def test_sections_have_kinds_and_entities_descriptions(tmp_path: Path) -> None:
    record = {
        "title": "Tanuki return",
        "sections": [
            {"text": "They are back."},
            {"kind": "prediction", "heading": "What Happens Next", "text": "More may come."},
        ],
        "entities": ["Kyoto", {"name": "Tanuki", "type": "Canid", "description": None}],
    }
    assert read_one(tmp_path, record) == Draft(
        Facts(title="Tanuki return"),
        (*body("They are back."), Block(Kind.PREDICTION, "What Happens Next", "More may come.")),
        (Entity("Kyoto"), Entity("Tanuki", "Canid")),
        1,
        "record 1",
    )


def test_sections_may_be_places_in_the_text(tmp_path: Path) -> None:
    record = {"text": "One.\n\nTwo.", "sections": [{"kind": "faq", "heading": "Why?", "start": 6, "end": 10}]}
    assert read_one(tmp_path, record) == Draft(Facts(), (Block(Kind.FAQ, "Why?", "Two."),), (), 1, "record 1")


def test_a_text_that_is_a_news_analysis_page_is_read_as_one(tmp_path: Path) -> None:
    record = {"id": "a", "text": "Tanuki return\nFull Retelling\nThey are back.\nWhy It Matters\nBeetles."}
    assert read_one(tmp_path, record) == Draft(
        Facts(id="a", title="Tanuki return"),
        (
            Block(Kind.REPORTED, "Full Retelling", "They are back."),
            Block(Kind.ANALYSIS, "Why It Matters", "Beetles."),
        ),
        (),
        1,
        "record 1",
    )


def test_a_broken_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [
        '\ufeff{"id": "a", "text": "One."}', "", "{broken", '["a"]', '{"title": "only"}',
        '{"id": {}, "text": "x"}', '{"sections": [{"kind": "gossip", "text": "x"}]}', '{"sections": "x"}',
        '{"sections": [{"kind": "faq"}]}',
        '{"text": "x", "entities": 1}', '{"text": "x", "entities": [1]}', "[" * 100_000, "1" * 5_000,
        '{"id": "b", "text": "Two."}',
    ]  # fmt: skip
    data = "\r\n".join(lines).encode() + b'\n\xff\n{"id": "c", "text": "Three."}'
    path = write(tmp_path, "wire.jsonl", data)
    known = "reported, background, analysis, prediction, faq, entities"
    assert list(read_records(path)) == [
        Draft(Facts(id="a"), body("One."), (), 1, "line 1"),
        Fault(
            "line 3",
            "is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))",
            "Correct the line",
        ),
        Fault("line 4", "is not a JSON object", REMEDY),
        Fault("line 5", 'has no "text" and no "sections"', REMEDY),
        Fault("line 6", 'has a field "id" that is not text', REMEDY),
        Fault("line 7", f"has a section 1 of the kind 'gossip', which is none of {known}", REMEDY),
        Fault("line 8", 'has "sections" that are not a list of objects', REMEDY),
        Fault("line 9", "has a section 1 without text", REMEDY),
        Fault("line 10", 'has "entities" that are not a list', REMEDY),
        Fault("line 11", 'has "entities" that are neither names nor objects', REMEDY),
        Fault("line 12", "is not JSON that can be read", "Correct the line"),
        Fault("line 13", "is not JSON that can be read", "Correct the line"),
        Draft(Facts(id="b"), body("Two."), (), 14, "line 14"),
        Fault("line 15", "is not UTF-8", "Correct the line"),
        Draft(Facts(id="c"), body("Three."), (), 16, "line 16"),
    ]


def test_a_line_without_end_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST_LINE", 1_000_000)
    data = b"x" * 3_500_000 + b'\n{"id": "b", "text": "Two."}\n' + b"y" * 1_000_001
    path = write(tmp_path, "wire.ndjson", data)
    assert list(read_records(path)) == [
        Fault("line 1", "is longer than 1 MB", "Write one article a line"),
        Draft(Facts(id="b"), body("Two."), (), 2, "line 2"),
        Fault("line 3", "is longer than 1 MB", "Write one article a line"),
    ]


def test_lines_are_read_one_at_a_time(tmp_path: Path) -> None:
    path = write(tmp_path, "wire.jsonl", '{"text": "One."}\n{"text": "Two."}\n')
    drafts = read_records(path)
    assert next(drafts) == Draft(Facts(), body("One."), (), 1, "line 1")


@pytest.mark.parametrize("data", ["", "{", "[1,", b"\xff\xfe{"])
def test_a_json_file_that_is_broken_is_broken_as_a_whole(tmp_path: Path, data: bytes | str) -> None:
    with pytest.raises(ValueError, match=r"^is not (JSON|UTF-8)"):
        list(read_records(write(tmp_path, "one.json", data)))
