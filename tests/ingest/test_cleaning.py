from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.cleaning import clean_line, clean_text, decode

CLEAN = "Zürich — “Ja”, said 林.\n\n- one\n- two\n\n  indented ½ 👨\u200d👩\u200d👧"
AWKWARD = st.text(
    "ae \n\t\r\u00a0\u0301\u0323\u0344\u094d\u0915\u06cc\u200b\u200c\u200d\u00ad\u2028\u202e\u3000"
    "\u2764\ufe0f\u1100\u1161\x00\x85\ud800"
)


@settings(deadline=None)
@given(st.one_of(st.text(), AWKWARD))
@example("\u094d\u0301\u200c\u0645\u200c\u0301")
def test_cleaning_clean_text_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@settings(deadline=None)
@given(AWKWARD)
def test_clean_text_can_always_be_stored(text: str) -> None:
    assert clean_text(text).encode().decode() == clean_text(text)


def test_clean_text_leaves_clean_text_alone() -> None:
    assert clean_text(CLEAN) == CLEAN


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("cafe\u0301", "café"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb\u00a0c\u202fd", "a b c d"),
        ("a\0b\x1bc\x7fd\x9fe", "abcde"),
        ("\u202eabc\u202c \u2066d\u2069 \u200fe", "abc d e"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("half \ud83d letter", "half  letter"),
        ("tag\U000e0041\U000e0042ged", "tagged"),
        ("  a  \nb\u3000\n", "a\nb"),
        ("a\n\n\n\n\nb", "a\n\nb"),
    ],
)
def test_clean_text_drops_what_nobody_sees(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@pytest.mark.parametrize("word", ["\u0645\u06cc\u200c\u062e\u0648", "क्\u200dष", "❤️\u200d🔥"])
def test_joiners_stay_where_they_shape_the_writing(word: str) -> None:
    assert clean_text(word) == word


def test_joiners_between_latin_letters_go() -> None:
    assert clean_text("pass\u200dword \u200cname") == "password name"


def test_clean_line_puts_a_headline_on_one_line() -> None:
    assert clean_line(" Tanuki\n  return\u00a0 home ") == "Tanuki return home"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("naïve".encode(), "naïve"),
        (codecs.BOM_UTF8 + "naïve".encode(), "naïve"),
        ("naïve".encode("utf-16"), "naïve"),
        (codecs.BOM_UTF16_BE + "naïve".encode("utf-16-be"), "naïve"),
        ("naïve".encode("utf-32"), "naïve"),
        ("Der Bürgermeister von Zürich — “ja”".encode("cp1252"), "Der Bürgermeister von Zürich — “ja”"),
        (
            "Президент заявил, что переговоры продолжатся в Женеве".encode("cp1251"),
            "Президент заявил, что переговоры продолжатся в Женеве",
        ),
        (
            "中国人民银行周一表示将继续推进试点工作".encode("gb18030"),
            "中国人民银行周一表示将继续推进试点工作",
        ),
        ("naïve ".encode() * 20 + b"\xff", "naïve " * 20 + "\ufffd"),
        (b"", ""),
    ],
)
def test_decode_finds_the_encoding(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("data", [b"text\0text", bytes(range(1, 32)) * 4, b"\x89PNG\r\n\x1a\n\0\0"])
def test_decode_refuses_bytes_that_are_no_text(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^is binary, not text$"):
        decode(data)
