"""An answer that a language model writes, over HTTP and as the page shows it meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.domain import AnswererName
from rag.engine import open_engine
from rag.settings import Settings, load_settings
from tests.endpoints import ScriptedEndpoint, endpoint, says
from ui import schemas as wire
from ui.api.app import build_api
from ui.desk import LocalDesk
from ui.web.chat import converse
from ui.web.conversation import Conversation

QUESTION = "How long is the bridge over the Kotogawa?"
WRITTEN = "It is 85 metres long. [1] Otters finished a bridge. [1]"
KEY = "sk-pond-4711"


@pytest.fixture
def heard() -> Iterator[ScriptedEndpoint]:
    with endpoint(says(WRITTEN)) as serving:
        yield serving


@pytest.fixture
def writing_desk(
    tmp_path: Path, corpus: Path, heard: ScriptedEndpoint, settings_for: Callable[[Path], Settings]
) -> Iterator[LocalDesk]:
    """A desk whose answers are written by the scripted endpoint unless a request says otherwise."""
    settings_for(tmp_path)
    settings = load_settings(library=tmp_path / "library", llm_url=heard.url, llm_model="otter-1b", llm_key=KEY)
    desk = LocalDesk(open_engine(settings, "test"), answerer=AnswererName.LLM)
    desk.ingest(wire.IngestIn(paths=[str(corpus)]), lambda _progress: None)
    desk.engine.warm()
    yield desk
    desk.close()


def post(desk: LocalDesk, **request: Any) -> str:
    async def send() -> str:
        transport = httpx.ASGITransport(app=build_api(desk, ingest_root=Path(), secret="-"))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.post("/v1/answers", json=request)).text

    return asyncio.run(send())


def test_the_hits_come_first_then_each_sentence_then_the_answer(writing_desk: LocalDesk) -> None:
    reply = post(writing_desk, question=QUESTION, stream=True)
    events = [event.split("\n") for event in reply.strip().split("\n\n")]
    assert [name for name, _ in events] == ["event: hits", "event: sentence", "event: sentence", "event: answer"]
    _, first, second, answer = [json.loads(data.removeprefix("data: ")) for _, data in events]
    assert [first["sentence"], second["sentence"]] == answer["sentences"]
    assert first["citations"] + second["citations"] == answer["citations"]
    assert [each["text"] for each in answer["sentences"]] == ["It is 85 metres long.", "Otters finished a bridge."]
    assert [each["status"] for each in answer["sentences"]] == ["verified", "verified"]
    assert (answer["answerer"], len(answer["citations"])) == ("llm", 2)
    assert KEY not in reply


def test_a_request_may_ask_for_the_extractive_answer(writing_desk: LocalDesk, heard: ScriptedEndpoint) -> None:
    answer = json.loads(post(writing_desk, question=QUESTION, answerer="extractive"))
    assert (answer["answerer"], heard.heard) == ("extractive", [])


def test_the_page_shows_each_sentence_while_the_next_is_written(writing_desk: LocalDesk) -> None:
    shown = [each.exchanges[-1].shown for each in converse(writing_desk, QUESTION, Conversation())]
    assert len(shown) == 5
    assert "It is <strong>85 metres</strong> long." in shown[2]
    assert "Otters finished a bridge." not in shown[2]
    assert "Otters finished a bridge." in shown[3]
    assert "Writing…" in shown[3]
    assert "llm answer" in shown[4]
    assert "Writing…" not in shown[4]
