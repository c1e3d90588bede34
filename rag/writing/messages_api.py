"""Anthropic's Messages API: the few fields of it that are needed, over a client that is given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from rag.writing.endpoint import Endpoint

VERSION = "2023-06-01"


def write_message(
    client: httpx.Client, endpoint: Endpoint, body: dict[str, Any]
) -> Iterator[tuple[str, int | None, bool]]:
    """Each piece of text, the number of tokens read where it is told, and whether the message has ended.

    Raises httpx.HTTPError for a refusal or a broken connection, ValueError for what is not the protocol.
    """
    headers = {"x-api-key": endpoint.key or "", "anthropic-version": VERSION}
    asked = body | {"stream": True, "temperature": 0}
    with client.stream("POST", endpoint.url, json=asked, headers=headers) as reply:
        reply.raise_for_status()
        for line in reply.iter_lines():
            if line.startswith("data:"):
                yield from _read(json.loads(line.removeprefix("data:")))


def _read(event: Any) -> Iterator[tuple[str, int | None, bool]]:
    if not isinstance(event, dict) or event.get("type") == "error":
        raise ValueError("the endpoint reports an error")
    kind = event.get("type")
    if kind == "message_start":
        yield "", event["message"]["usage"]["input_tokens"], False
    elif kind == "content_block_delta" and event["delta"].get("type") == "text_delta":
        yield str(event["delta"]["text"]), None, False
    elif kind == "message_stop":
        yield "", None, True
