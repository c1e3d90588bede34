"""What a request may hold."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ui import schemas as wire


@pytest.mark.parametrize(
    ("request_type", "fields", "field", "problem"),
    [
        (wire.IngestIn, {"paths": []}, ("paths",), "List should have at least 1 item after validation, not 0"),
        (
            wire.IngestIn,
            {"paths": ["a"], "keep_revisions": -1},
            ("keep_revisions",),
            "Input should be greater than or equal to 0",
        ),
        (wire.RemoveIn, {"ids": []}, ("ids",), "List should have at least 1 item after validation, not 0"),
        (wire.RemoveIn, {"ids": [""]}, ("ids", 0), "String should have at least 1 character"),
        (wire.RemoveIn, {"ids": ["a\0b"]}, ("ids", 0), "Value error, it holds a NUL character"),
        (wire.RebuildIn, {"model": ""}, ("model",), "String should have at least 1 character"),
        (
            wire.RebuildIn,
            {"model": "m", "passage_tokens": 31},
            ("passage_tokens",),
            "Input should be greater than or equal to 32",
        ),
        (
            wire.RebuildIn,
            {"passage_tokens": 200},
            (),
            "Value error, passages of another length need embedding: name the model too",
        ),
        (wire.JobIn, {"hurry": True}, ("hurry",), "Extra inputs are not permitted"),
    ],
)
def test_what_a_request_may_not_hold_is_named(
    request_type: type[wire.Request], fields: dict[str, Any], field: tuple[str | int, ...], problem: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        request_type.model_validate(fields)
    (fault,) = caught.value.errors()
    assert (fault["loc"], fault["msg"]) == (field, problem)


def test_jobs_do_not_wait_and_keep_everything_unless_they_are_told() -> None:
    asked = wire.IngestIn.model_validate({"paths": ["a"]})
    assert (asked.keep_revisions, asked.wait, asked.prune, asked.yes) == (None, False, False, False)
