from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ingest.discovery import SourceFile
from ingest.errors import CannotRead
from ingest.parsing import REMEDY, parse_file
from rag.domain import Article, Entity, Kind, Section

if TYPE_CHECKING:
    from pathlib import Path

BODY = (
    "The raccoon dogs that left the hills above the harbour twenty years ago have come back, the park office "
    "said on Monday, and forty of them were counted in one night by volunteers who took lamps to the shrine."
)
KYOTO = "Kyoto is a city in Japan that was the seat of the emperor until 1868 and has many hills ar..."
RSS = '<rss version="2.0"><channel>{0}</channel></rss>'
ITEM = f"<item><title>Tanuki return</title><description>{BODY}</description></item>"
ANALYSIS = "Tanuki return\n📖 Full Retelling\nDeep Analysis\nWhy It Matters\nBeetles.\n"


def parse(folder: Path, name: str, data: bytes | str) -> list[Article | CannotRead]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(parse_file(SourceFile(path, folder, name)))


def only(found: list[Article | CannotRead]) -> Article:
    (article,) = found
    assert isinstance(article, Article)
    return article


def messages(found: list[Article | CannotRead]) -> list[str]:
    return [str(item) for item in found if isinstance(item, CannotRead)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", f"# Tanuki return\n\n{BODY}"),
        ("a.MARKDOWN", f"---\ntitle: Tanuki return\n---\n{BODY}"),
        ("a.txt", f"Tanuki return\n\n{BODY}"),
        ("a.text", f"Tanuki return\n\n{BODY}".encode("utf-16")),
        ("a.html", f"<article><h1>Tanuki return</h1><p>{BODY}</p></article>"),
        ("a.htm", f"<html><body><main><h1>Tanuki return</h1><p>{BODY}</p></main></body></html>"),
        ("a.json", json.dumps({"title": "Tanuki return", "text": BODY})),
        ("a.jsonl", json.dumps({"title": "Tanuki return", "text": BODY})),
        ("a.ndjson", json.dumps({"title": "Tanuki return", "text": BODY}) + "\n\n"),
        ("a.rss", RSS.format(ITEM)),
    ],
)
def test_every_format_gives_the_same_article(tmp_path: Path, name: str, data: bytes | str) -> None:
    number = "#1" if name.endswith(("json", "jsonl", "rss")) else ""
    assert only(parse(tmp_path, name, data)) == Article(
        id=f"{tmp_path.name}/{name}{number}",
        title="Tanuki return",
        text=BODY,
        sections=(Section(Kind.REPORTED, "", 0, len(BODY)),),
        language="en",
        root=str(tmp_path),
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", ANALYSIS),
        ("a.md", "# Tanuki return\n## 📖 Full Retelling\n## Deep Analysis\n### Why It Matters\nBeetles.\n"),
        ("a.html", "<h1>Tanuki return</h1><h2>Full Retelling</h2><h2>Why It Matters</h2><p>Beetles.</p>"),
        ("a.json", json.dumps({"text": ANALYSIS})),
    ],
)
def test_a_news_analysis_page_is_known_in_every_format(tmp_path: Path, name: str, data: str) -> None:
    article = only(parse(tmp_path, name, data))
    assert (article.title, article.text, article.is_thin) == ("Tanuki return", "Beetles.", True)
    assert article.sections == (Section(Kind.ANALYSIS, "Why It Matters", 0, 8),)


@pytest.mark.parametrize("identity", ["hills/2026/1", "two words", "貉/回来了", "a#b?c=%20", "-1", "../up"])
def test_ids_are_kept_as_given(tmp_path: Path, identity: str) -> None:
    assert only(parse(tmp_path, "a.json", json.dumps({"id": identity, "text": BODY}))).id == identity
    assert only(parse(tmp_path, "a.md", f"---\nid: {json.dumps(identity)}\n---\n{BODY}")).id == identity
    page = f'<meta name="article:id" content="{identity}"><article><p>{BODY}</p></article>'
    assert only(parse(tmp_path, "a.html", page)).id == identity


def test_records_are_named_by_their_line(tmp_path: Path) -> None:
    found = parse(tmp_path, "a.jsonl", '{"text": "One."}\n{broken\n{"text": " "}\n{"text": "Four."}\n')
    assert [item.id for item in found if isinstance(item, Article)] == [
        f"{tmp_path.name}/a.jsonl#1",
        f"{tmp_path.name}/a.jsonl#4",
    ]
    assert messages(found) == [
        (
            f"{tmp_path}/a.jsonl, line 2: is not JSON (Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1)). Correct the line"
        ),
        f"{tmp_path}/a.jsonl, line 3: holds no text. {REMEDY}",
    ]


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.txt", b"\x89PNG\0\0\0", "is binary, not text"),
        ("a.md", " \n", "holds no text"),
        (
            "a.md",
            "---\ntitle: a: b\n---\n",
            "has broken front matter, line 2: mapping values are not allowed here",
        ),
        ("a.html", "<script>x</script>", "holds no text"),
        ("a.xml", "<urlset/>", "is not an RSS or Atom feed"),
        (
            "a.xml",
            '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            "declares a document type, which is refused because entities can swell",
        ),
        ("a.rss", RSS.format("<title>T</title>"), "holds no articles"),
        ("a.json", "[]", "holds no articles"),
        ("a.jsonl", "", "holds no articles"),
        (
            "a.json",
            "{",
            "is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))",
        ),
        ("a.pdf", "", "is a damaged PDF (Cannot read an empty file)"),
    ],
)
def test_what_goes_wrong_in_a_file_is_one_problem(
    tmp_path: Path, name: str, data: bytes | str, problem: str
) -> None:
    found = parse(tmp_path, name, data)
    assert messages(found) == [f"{tmp_path / name}: {problem}. {REMEDY}"]
    assert len(found) == 1


def test_an_encrypted_pdf_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret"))
    canvas.drawString(50, 700, "Tanuki return")
    canvas.save()
    assert messages(list(parse_file(SourceFile(path, tmp_path, "a.pdf")))) == [
        f"{path}: is encrypted. {REMEDY}"
    ]


@pytest.mark.parametrize(("name", "limit"), [("a.txt", 20), ("a.html", 20), ("a.pdf", 20), ("a.json", 100)])
def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, name: str, limit: int) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(300_000_000)
    assert messages(list(parse_file(SourceFile(path, tmp_path, name)))) == [
        f"{path}: is too large (300 MB, the limit is {limit} MB). {REMEDY}"
    ]


def test_a_file_that_is_gone_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    assert messages(list(parse_file(SourceFile(path, tmp_path, "a.md")))) == [
        f"{path}: cannot be opened (No such file or directory). Check that it may be read"
    ]


def test_every_section_is_where_the_article_says(tmp_path: Path) -> None:
    page = f"""Tanuki  return\u200b
Full Retelling
{BODY}\u00a0
Related People & Topics
Kyoto
City in Japan
{KYOTO}
Mentioned Entities
Tanuki
Frequently Asked Questions
Do they bite?
Cafe\u0301 owners say no.
"""
    article = only(parse(tmp_path, "a.txt", page))
    assert [(part.kind, part.heading, article.text[part.start : part.end]) for part in article.sections] == [
        (Kind.REPORTED, "Full Retelling", BODY),
        (
            Kind.ENTITIES,
            "Kyoto",
            f"City in Japan\n{KYOTO}",
        ),
        (Kind.FAQ, "Do they bite?", "Café owners say no."),
    ]
    assert article.title == "Tanuki return"
    assert article.entities == (
        Entity(
            "Kyoto",
            "City in Japan",
            KYOTO,
        ),
        Entity("Tanuki"),
    )
