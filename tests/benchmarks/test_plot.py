"""The plot of a result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from benchmarks.plot import draw

SVG = "{http://www.w3.org/2000/svg}"


def parts(plot: str, tag: str) -> Iterator[ElementTree.Element]:
    return ElementTree.fromstring(plot).iter(f"{SVG}{tag}")


def texts(plot: str) -> list[str]:
    return [each.text or "" for each in parts(plot, "text")]


def dots(plot: str) -> list[tuple[str, float, float]]:
    return [
        (each.attrib["class"], float(each.attrib["cx"]), float(each.attrib["cy"])) for each in parts(plot, "circle")
    ]


def test_panels_stand_side_by_side_and_systems_by_their_pooled_value(result: dict[str, Any]) -> None:
    assert texts(draw(result["sets"])) == [
        *("Ranking of articles: nDCG@10 by system", "nDCG@10, higher is better"),
        *("Byline", "dense alone, exact, 256/32"),
        *("all questions", "3 questions", "0.5", "1.0", ".800", ".700"),
        *("XQuAD (English)", "2 questions", "0.5", "1.0", ".950", ".700"),
        *("pond & river", "1 questions", "0.5", "1.0", ".500", ".700"),
    ]


def test_a_dot_stands_where_its_value_is_on_the_axis(result: dict[str, Any]) -> None:
    # An axis from .5 to 1 is 96 pixels long; the first begins at 330, each other 124 further on.
    assert dots(draw(result["sets"])) == [
        *(("byline", 387.6, 96), ("peer", 368.4, 120)),
        *(("byline", 540.4, 96), ("peer", 492.4, 120)),
        *(("byline", 578, 96), ("peer", 616.4, 120)),
    ]


def test_a_fifth_panel_begins_a_new_row_with_the_systems_names(result: dict[str, Any]) -> None:
    xquad, pond = result["sets"]
    plot = draw([xquad, pond, xquad, pond])
    assert texts(plot)[-8:] == [
        *("Byline", "dense alone, exact, 256/32"),
        *("pond & river", "1 questions", "0.5", "1.0", ".500", ".700"),
    ]
    assert dots(plot)[-2:] == [("byline", 330, 224), ("peer", 368.4, 248)]


def test_lines_stand_at_the_tenths(result: dict[str, Any]) -> None:
    lines = [float(each.attrib["x1"]) for each in parts(draw(result["sets"][:1]), "line")]
    assert lines == [330, 362, 394, 426]


def test_a_single_set_is_not_pooled(result: dict[str, Any]) -> None:
    plot = draw(result["sets"][:1])
    assert texts(plot)[4:] == ["XQuAD (English)", "2 questions", "0.7", "1.0", ".950", ".700"]
    assert dots(plot) == [("byline", 410, 96), ("peer", 330, 120)]


def test_a_system_that_does_not_rank_some_set_is_left_out(result: dict[str, Any]) -> None:
    xquad, pond = result["sets"]
    del pond["systems"]["dense"]
    assert dots(draw([xquad, pond])) == [("byline", 387.6, 96), ("byline", 540.4, 96), ("byline", 578, 96)]


def test_names_are_written_so_that_no_browser_reads_them_as_code(result: dict[str, Any]) -> None:
    assert ">pond &amp; river</text>" in draw(result["sets"])
