from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.drafts import Fault
from ingest.formats.exports import Exported, announced, export_lines, read_export
from rag.domain import Article, Entity, Kind
from rag.engine import Engine
from rag.library.history import HeldRevision
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

OTTER = make_article(
    "池塘 news/ü 1",
    'Otters \u2028 rest\x85 and \u2029 "build" 😀.',
    (Kind.BACKGROUND, "Context & more", "The pond\tis old.\nVery."),
    published="2024-05-01",
    updated="2024-05-02T10:00:00+00:00",
    source="River Times",
    author="Rin Mori",
    url="https://river.example/1",
    language="en",
    entities=(Entity("Rin Mori", "Person", "A reporter."), Entity("池")),
    root="/news",
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    embedder = HashEmbedder()
    with closing(open_for(embedder, tmp_path / "library")) as library:
        yield Engine(library, embedder)


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def exported(path: Path) -> list[HeldRevision]:
    found = list(read_export(path))
    assert [each for each in found if isinstance(each, Fault)] == []
    return [each.revision for each in found if isinstance(each, Exported)]


def test_a_line_says_all_that_a_library_knows_of_a_revision(engine: Engine) -> None:
    shelve(engine.library, engine.embedder, OTTER)
    (held,) = engine.history()
    first, line = export_lines(engine)
    assert json.loads(first) == {"byline_export": 1, "revisions": 1}
    record = json.loads(line)
    assert len(record.pop("sum")) == 16
    assert record == {
        "id": "池塘 news/ü 1",
        "number": 1,
        "live": True,
        "seen": held.state.seen,
        "superseded": None,
        "root": "/news",
        "title": "Pond news",
        "text": OTTER.text,
        "published": "2024-05-01",
        "updated": "2024-05-02T10:00:00+00:00",
        "source": "River Times",
        "author": "Rin Mori",
        "url": "https://river.example/1",
        "language": "en",
        "sections": [
            {"kind": "reported", "heading": "", "start": 0, "end": 31},
            {"kind": "background", "heading": "Context & more", "start": 33, "end": 55},
        ],
        "entities": [
            {"name": "Rin Mori", "type": "Person", "description": "A reporter."},
            {"name": "池", "type": "", "description": ""},
        ],
        "digest": OTTER.digest,
    }
    assert "池塘" in line
    assert line.splitlines() == [line]


def test_what_is_read_back_is_what_was_written(engine: Engine, tmp_path: Path) -> None:
    shelve(engine.library, engine.embedder, OTTER, make_article("kappa", "Kappa trade."))
    shelve(engine.library, engine.embedder, make_article("kappa", "Kappa rest."))
    path = write(tmp_path / "all.jsonl", list(export_lines(engine)))
    assert exported(path) == list(engine.history())
    assert [(each.article.id, each.state.number, each.state.is_live) for each in exported(path)] == [
        ("kappa", 1, False),
        ("kappa", 2, True),
        ("池塘 news/ü 1", 1, True),
    ]


def test_an_empty_library_gives_a_whole_export(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "all.jsonl", list(export_lines(engine)))
    assert announced(path) == 0
    assert list(read_export(path)) == []


def test_other_files_are_no_exports(tmp_path: Path) -> None:
    for number, content in enumerate(("", "\n", '{"id": "a", "text": "b"}\n', "[1]\n", "\xff", "{" * 2000)):
        path = tmp_path / f"{number}.jsonl"
        path.write_text(content, encoding="latin-1")
        assert announced(path) is None
    assert announced(tmp_path / "gone.jsonl") is None


@pytest.mark.parametrize(
    ("first", "problem"),
    [
        ({"byline_export": 2, "revisions": 1}, "is an export of a newer Byline (format 2; this one reads 1)"),
        ({"byline_export": 1}, "begins as an export does, but does not say how many revisions follow"),
    ],
)
def test_an_export_that_cannot_be_understood_is_named(first: dict[str, int], problem: str, tmp_path: Path) -> None:
    path = write(tmp_path / "new.jsonl", [json.dumps(first)])
    with pytest.raises(ValueError, match=re.escape(problem)):
        announced(path)


def test_a_damaged_line_is_named_and_all_others_are_read(engine: Engine, tmp_path: Path) -> None:
    shelve(engine.library, engine.embedder, *(make_article(f"a{number}", "Otters rest.") for number in range(6)))
    lines = list(export_lines(engine))
    lines[1] = lines[1].replace("Otters", "Utters")
    lines[2] = lines[2].replace('"id":"a1"', '"id":"a7"')
    lines[3] = lines[3][:100]
    lines[4] = "[]"
    lines[5] = lines[5].replace("Otters", "\\ud800tters")
    found = list(read_export(write(tmp_path / "all.jsonl", lines)))
    assert [(each.place, each.problem) for each in found if isinstance(each, Fault)] == [
        ("line 2", "is not as it was exported"),
        ("line 3", "is not as it was exported"),
        ("line 4", "is not JSON"),
        ("line 5", "is not a JSON object"),
        ("line 6", "is not a revision of an article"),
    ]
    assert [(each.place, each.revision.article.id) for each in found if isinstance(each, Exported)] == [
        ("line 7", "a5")
    ]


def test_an_article_that_was_damaged_in_the_library_is_not_taken_for_a_whole_one(
    engine: Engine, tmp_path: Path
) -> None:
    shelve(engine.library, engine.embedder, make_article("a", "Otters rest."))
    with engine.library._catalog.writing() as connection:
        connection.exec_driver_sql("UPDATE revisions SET text = 'Otters rust.'")
    (found,) = read_export(write(tmp_path / "all.jsonl", list(export_lines(engine))))
    assert isinstance(found, Fault)
    assert found.problem == "holds an article that was damaged before it was exported"


def test_an_export_that_was_cut_off_says_so(engine: Engine, tmp_path: Path) -> None:
    shelve(engine.library, engine.embedder, *(make_article(f"a{number}", "Otters rest.") for number in range(3)))
    *_, found = read_export(write(tmp_path / "all.jsonl", list(export_lines(engine))[:3]))
    assert isinstance(found, Fault)
    assert (found.place, found.problem) == ("", "ends after 2 of its 3 revisions")


def test_joined_exports_and_other_spellings_of_json_are_read(engine: Engine, tmp_path: Path) -> None:
    shelve(engine.library, engine.embedder, OTTER)
    first, line = export_lines(engine)
    respelled = json.dumps(dict(reversed(json.loads(line).items())), indent=None)
    path = write(tmp_path / "all.jsonl", ["\ufeff" + first, line, first, respelled])
    assert exported(path) == [*engine.history()] * 2


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(id_=WORDS, title=WORDS, text=WORDS, heading=WORDS, author=st.none() | WORDS)
def test_any_words_are_read_back(
    engine: Engine, tmp_path: Path, id_: str, title: str, text: str, heading: str, author: str | None
) -> None:
    article: Article = make_article(id_, (Kind.FAQ, heading, text), title=title, author=author)
    engine.library.remove([each.article.id for each in engine.history()])
    shelve(engine.library, engine.embedder, article)
    lines = list(export_lines(engine))
    assert [line.splitlines() for line in lines] == [[line] for line in lines]
    (found,) = exported(write(tmp_path / "all.jsonl", lines))
    assert found.article == article
