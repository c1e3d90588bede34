from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ingest.drafts import Block, Draft, Facts
from ingest.formats.pdf import read_pdf
from rag.domain import Kind

if TYPE_CHECKING:
    from pathlib import Path

PAGE_ONE = [
    "Tanuki return to the",
    "hills",
    "4 May 2026 - Harbour Ledger",
    "By Aiko Mori",
    "",
    "The raccoon dogs that left the hills above the har-",
    "bour twenty years ago have come back, says an AI-",
    "driven count that well-known volunteers made.",
    "",
    "They eat beetles and fallen fruit, and the well-",
    "known shrine",
]
PAGE_TWO = [
    "has fed them since.",
    "A short end. ",
    "A new paragraph then begins here and goes on to its end.",
]
TEXT = (
    "The raccoon dogs that left the hills above the harbour twenty years ago have come back, says an "
    "AI-driven count that well-known volunteers made.\n\n"
    "They eat beetles and fallen fruit, and the well-known shrine has fed them since.\n\n"
    "A short end.\n\nA new paragraph then begins here and goes on to its end."
)


def write(path: Path, pages: list[list[str]], *, foot: str = "", **options: Any) -> Path:
    canvas = Canvas(str(path), invariant=1, **options)
    canvas.setTitle("Tanuki return to the hills")
    canvas.setAuthor("Aiko Mori")
    canvas.setSubject("Harbour Ledger")
    for number, lines in enumerate(pages, start=1):
        for row, line in enumerate(lines):
            canvas.drawString(50, 780 - 14 * row, line)
        if foot:
            canvas.drawString(50, 30, foot)
        canvas.drawString(300, 20, f"Page {number} of {len(pages)}")
        canvas.showPage()
    canvas.save()
    return path


def test_a_pdf_is_its_text_in_paragraphs_without_heads_and_feet(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", [PAGE_ONE, PAGE_TWO], foot="The Ledger of the Harbour")
    facts = Facts(
        title="Tanuki return to the hills",
        published="D:20000101000000+00'00'",
        source="Harbour Ledger",
        author="Aiko Mori",
    )
    assert read_pdf(path) == Draft(facts, (Block(Kind.REPORTED, "", TEXT),))


def test_a_headline_that_is_no_fact_of_the_file_is_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path))
    for height, line in ((780, "Tanuki return"), (740, "They are"), (726, "back again"), (712, "in May.")):
        canvas.drawString(50, height, line)
    canvas.save()
    draft = read_pdf(path)
    assert (draft.facts.title, draft.facts.author) == ("Tanuki return", None)
    assert draft.blocks == (Block(Kind.REPORTED, "", "They are back again in May."),)


def test_a_pdf_without_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path))
    canvas.rect(50, 50, 100, 100)
    canvas.save()
    with pytest.raises(ValueError, match=r"^holds no text layer$"):
        read_pdf(path)


@pytest.mark.parametrize("strength", [40, 128])
def test_a_pdf_with_a_password_is_refused(tmp_path: Path, strength: int) -> None:
    path = write(tmp_path / "a.pdf", [PAGE_TWO], encrypt=StandardEncryption("secret", strength=strength))
    with pytest.raises(ValueError, match=r"^is encrypted$"):
        read_pdf(path)


@pytest.mark.filterwarnings("ignore::Warning:pypdf")
@pytest.mark.parametrize("data", [b"", b"<html></html>", b"%PDF-1.4\n1 0 obj << /Type"])
def test_a_damaged_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"^is a damaged PDF"):
        read_pdf(path)


def test_a_pdf_cut_off_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.pdf", [PAGE_ONE, PAGE_TWO]).read_bytes()
    path = tmp_path / "cut.pdf"
    for length in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:length])
        try:
            read_pdf(path)
        except ValueError as error:
            assert str(error) == "holds no text layer" or str(error).startswith("is a damaged PDF")  # noqa: PT017
