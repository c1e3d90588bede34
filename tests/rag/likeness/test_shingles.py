from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.likeness.shingles import VERSION, band_keys
from tests.rag.likeness.stories import DISAGREEING, OWN_WORDS, SAME_STORY, STORY

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("copy", [*SAME_STORY.values(), *(copy for copy, _ in DISAGREEING.values())])
def test_copies_share_a_key(copy: str) -> None:
    assert set(band_keys(STORY)) & set(band_keys(copy))


def test_a_story_told_in_other_words_shares_none() -> None:
    assert not set(band_keys(STORY)) & set(band_keys(OWN_WORDS))


@pytest.mark.parametrize("text", ["", "Tanuki return", " ".join(["leaf"] * 19)])
def test_too_few_words_have_none(text: str) -> None:
    assert band_keys(text) == ()


def test_bands_are_sixteen_different_signed_32_bit_integers() -> None:
    found = band_keys(STORY)
    assert len(set(found)) == len(found) == 16
    assert all(-(2**31) <= key < 2**31 for key in found)


def test_keys_of_different_bands_never_meet() -> None:
    same_throughout = " ".join(["leaf"] * 40)
    assert len(set(band_keys(same_throughout))) == 16


def test_bands_are_the_same_in_every_process() -> None:
    code = f"from rag.likeness.shingles import band_keys; print(band_keys({STORY!r}))"
    printed = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert printed == [str(band_keys(STORY))] * 2


def test_bands_are_those_that_libraries_hold() -> None:
    """Were keys made in another way under the same version, libraries would hold some that meet no new ones."""
    found = band_keys(STORY)
    assert (VERSION, found[0], found[1], found[-1]) == ("1", -680472145, 1747358225, -335867716)
