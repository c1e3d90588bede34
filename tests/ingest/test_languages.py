from __future__ import annotations

import pytest

from ingest.languages import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The tanuki have returned to the hills above the town, residents said.", "en"),
        ("Die Marderhunde sind in die Hügel über der Stadt zurückgekehrt, sagten Anwohner.", "de"),
        ("居民表示貉已经回到了城镇上方的山丘。今年的数量比去年多了不少。", "zh"),
    ],
)
def test_detect_language_names_the_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "Tanuki return", "2024 2025 2026 2027 2028 2029"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_language(text) is None
