"""Make text fit to be stored, searched and quoted: decode bytes, and drop what nobody can see.

Text that is already clean comes out unchanged, so offsets into it stay right.
"""

from __future__ import annotations

import codecs
import re
from unicodedata import normalize

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

SAMPLE_BYTES = 50_000
"""How much of a file of unknown encoding is looked at; more changes the guess no longer."""

FEWEST_FOREIGN = 0.3
"""Share of bytes beyond ASCII from which a text is in another script than Latin."""

_FOREIGN_BYTES = range(0x80, 0x100)
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # directions: they can show text in another order
    "\u00ad\u180e\u200b\u2060-\u2064\ufeff"  # soft hyphens and spaces without width
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"  # half characters, and letters nobody sees
)
_JOINED = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af"  # Arabic, Indic, Burmese, Mongolian
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_STRAY_JOINERS = re.compile(
    f"(?<![{_JOINED}{_EMOJI}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}{_EMOJI}\u200c\u200d])"
)
_DOUBLE_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_WIDE_SPACES = re.compile("[\t\u00a0\u2007\u202f]")
_TRAILING_SPACES = re.compile(r"[^\S\n]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"\s+")


def decode(data: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else the likeliest encoding.

    Raises ValueError if the bytes are no text.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    _refuse_binary(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_unknown(data)


def clean_text(text: str) -> str:
    """The text in NFC, without what is invisible, with plain line ends and at most one blank line."""
    text = normalize("NFC", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    text = _WIDE_SPACES.sub(" ", _without_stray_joiners(text))
    return _BLANK_LINES.sub("\n\n", _TRAILING_SPACES.sub("", text)).strip()


def clean_line(text: str) -> str:
    """The text cleaned and on one line, as headlines and names are."""
    return _SPACES.sub(" ", clean_text(text))


def _without_stray_joiners(text: str) -> str:
    """The text with joiners only where they shape what is seen; one removal may leave another astray."""
    while (kept := normalize("NFC", _STRAY_JOINERS.sub("", _DOUBLE_JOINERS.sub(r"\1", text)))) != text:
        text = kept
    return text


def _refuse_binary(data: bytes) -> None:
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if b"\0" in data or controls * 50 > len(data):
        raise ValueError("is binary, not text")


def _decode_unknown(data: bytes) -> str:
    repaired = data.decode("utf-8", "replace")
    foreign = sum(character > "\x7f" for character in repaired)
    if repaired.count("\ufffd") * 10 <= foreign:  # UTF-8 with a few damaged bytes
        return repaired
    return data.decode(_likeliest_encoding(data[:SAMPLE_BYTES]), "replace")


def _likeliest_encoding(sample: bytes) -> str:
    """A guess; but Windows' Western encoding for Latin letters, where guesses fail even on whole pages."""
    if sum(map(_FOREIGN_BYTES.__contains__, sample)) < len(sample) * FEWEST_FOREIGN:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"
