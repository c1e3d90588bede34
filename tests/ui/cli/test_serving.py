"""The commands of the program itself, as a user runs them."""

from __future__ import annotations

import json

from tests.processes import byline


def test_settings_are_listed_with_their_values() -> None:
    settings = byline("settings", "--json", BYLINE_PORT="9000")
    assert {"name": "BYLINE_PORT", "value": "9000"}.items() <= json.loads(settings.stdout)[-2].items()
