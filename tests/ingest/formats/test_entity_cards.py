from __future__ import annotations

import pytest

from ingest.formats.entity_cards import read_cards, read_connections, read_names
from ingest.formats.lines import Line, lines_of_text
from rag.domain import Entity

KYOTO = "Kyoto is a city in Japan that was the seat of the emperor until 1868 and has many hills ar..."


def names(entities: list[Entity]) -> list[str]:
    return [entity.name for entity in entities]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (f"Kyoto\nCity in Japan\n{KYOTO}", [Entity("Kyoto", "City in Japan", KYOTO)]),
        (f"Kyoto\n\nCity in Japan\n\n{KYOTO}", [Entity("Kyoto", "City in Japan", KYOTO)]),
        (f"🏙 Kyoto\n{KYOTO}\nTanuki\nCanid", [Entity("Kyoto", "", KYOTO), Entity("Tanuki", "Canid")]),
        ("Kyoto\n\nTanuki\nCanid\nIt eats.", [Entity("Kyoto"), Entity("Tanuki", "Canid", "It eats.")]),
        ("Fox Inc.\nMaker\nIt is.\nA. B. Jr.", [Entity("Fox Inc.", "Maker", "It is."), Entity("A. B. Jr.")]),
        ("Kyoto\nCity\nOld.\nIt is large…", [Entity("Kyoto", "City", "Old.\nIt is large…")]),
        ("", []),
    ],
)  # fmt: skip
def test_read_cards_tells_names_types_and_descriptions_apart(text: str, entities: list[Entity]) -> None:
    assert read_cards(lines_of_text(text)) == entities


def test_a_heading_is_always_a_name() -> None:
    lines = [Line("Kyoto", 3), Line("Tanuki", 3), Line("Canid"), Line("Tanuki are canids.")]
    assert read_cards(lines) == [Entity("Kyoto"), Entity("Tanuki", "Canid", "Tanuki are canids.")]


@pytest.mark.parametrize(
    "links",
    [
        "Kyoto (12 shared)\nC.C. Wei (3)",
        "- 🏙 Kyoto: 12\n- C.C. Wei · 3",
        "Kyoto — 12 mentions\nC.C. Wei 3 shared",
        "Kyoto 12\nC.C. Wei 3",
    ],
)
def test_read_connections_names_both_ends_without_the_weights(links: str) -> None:
    lines = lines_of_text(f"Entity Intersection Graph\nConnections for Tanuki:\n{links}")
    assert names(read_connections(lines)) == ["Tanuki", "Kyoto", "C.C. Wei"]


def test_a_number_that_is_part_of_a_name_stays() -> None:
    assert names(read_connections(lines_of_text("Connections for Boeing:\nBoeing 737\nKyoto"))) == [
        "Boeing",
        "Boeing 737",
        "Kyoto",
    ]
    assert names(read_names(lines_of_text("- GPT-4\n- Yi Peng 3\n- 01.AI"))) == [
        "GPT-4",
        "Yi Peng 3",
        "01.AI",
    ]


def test_prose_is_no_name() -> None:
    assert read_names(lines_of_text("Kyoto\n" + "word " * 40)) == [Entity("Kyoto")]
