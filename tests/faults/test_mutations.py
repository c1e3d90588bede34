"""The list of damages."""

from __future__ import annotations

from pathlib import Path

from tests.faults.mutations import FILES, HARMS, KIND, MODELS, READ_ONLY, list_cases


def test_the_rounds_of_the_page_damage_every_file_in_several_ways_and_meet_every_model() -> None:
    cases = list_cases()[: KIND.full]
    assert len(set(cases)) == 65
    harms = {file: {case.harm for case in cases if case.file == file} for file in FILES}
    assert min(len(each) for each in harms.values()) >= 3
    assert {harm for each in harms.values() for harm in each} == {*HARMS, READ_ONLY}
    assert [case.harm for case in cases if case.file == "the model"] == list(MODELS)


def test_each_harm_changes_the_file(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"otters" * 9)
    left = {}
    for name, harm in HARMS.items():
        file = tmp_path / "file"
        file.write_bytes(b"tanuki" * 10)
        harm(file, other)
        left[name] = file.read_bytes() if file.exists() else None
    assert len(set(left.values())) == len(HARMS)
    assert left["deleted"] is None
    assert left["exchanged"] == b"otters" * 9
    assert left["cut"] == b"tanuki" * 5
    assert left["flipped at the start"] == bytes([ord("t") ^ 0xFF]) + (b"tanuki" * 10)[1:]
