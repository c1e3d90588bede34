from __future__ import annotations

import pytest

from ingest.formats.headings import Part, connected_name, part_of


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("Full Retelling", Part.RETELLING),
        ("📖 FULL RETELLING", Part.RETELLING),
        ("## 📚 Related People and Topics:", Part.ENTITIES),
        ("**Related People & Topics**", Part.ENTITIES),
        ("🔗 Entity Intersection Graph", Part.GRAPH),
        ("Connections for the People's Bank of China:", Part.GRAPH),
        ("Mentioned entities", Part.MENTIONED),
        ("🔍 Deep Analysis", Part.ANALYSIS),
        ("1. Why It Matters", Part.WHY),
        ("Context &  Background", Part.BACKGROUND),
        ("🔮 What Happens Next", Part.NEXT),
        ("❓ Frequently Asked Questions", Part.FAQ),
        ("What Happens Next to the tanuki", None),
        ("A full retelling", None),
        ("Why it matters: they eat beetles", None),
        ("", None),
        ("📖", None),
    ],
)
def test_part_of_knows_a_heading_by_its_words_alone(line: str, part: Part | None) -> None:
    assert part_of(line) is part


def test_connected_name_is_whose_connections_they_are() -> None:
    assert connected_name("🕸 Connections for C.C. Wei:") == "C.C. Wei"
    assert connected_name("Connections") is None
