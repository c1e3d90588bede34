"""The commands of the program itself, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.processes import byline


def test_settings_are_listed_with_their_values() -> None:
    settings = byline("settings", "--json", BYLINE_PORT="9000")
    assert {"name": "BYLINE_PORT", "value": "9000"}.items() <= json.loads(settings.stdout)[-2].items()


def test_doctor_examines_the_library_and_exits_0_when_there_is_no_fault(library: Path) -> None:
    examined = byline("doctor", "--json", library=library)
    found = json.loads(examined.stdout)
    assert (examined.returncode, examined.stderr, found["ok"]) == (0, "", True)
    assert [list(check) for check in found["checks"]] == [["name", "state", "detail", "remedy"]] * len(found["checks"])
    assert {check["state"] for check in found["checks"]} <= {"ok", "warning"}
    assert len(byline("doctor", library=library).stdout.splitlines()) >= len(found["checks"])


def test_doctor_exits_1_when_the_library_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file where a folder should be", encoding="utf-8")
    examined = byline("doctor", "--json", library=tmp_path / "library")
    found = json.loads(examined.stdout)
    assert (examined.returncode, found["ok"]) == (1, False)
    assert [check["remedy"] for check in found["checks"] if check["state"] == "fault"] != [""]
