"""The HTTP API by its contract, over a real connection to a real server."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

CITATION_FIELDS = [
    "number", "article_id", "revision", "title", "source", "author", "url", "published", "label", "attributed_to",
    "quote", "start", "end",
]  # fmt: skip
ANSWER_FIELDS = [
    "id", "question", "rewritten", "status", "confidence", "answerer", "text", "sentences", "citations", "hits",
    "refusal", "warnings", "suggestions", "as_of", "timings_ms",
]  # fmt: skip


def ask(client: httpx.Client, question: str, **more: object) -> dict[str, object]:
    reply = client.post("/v1/answers", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    body: dict[str, object] = reply.json()
    return body


def test_an_answer_has_the_fields_of_the_contract_and_its_quote_stands_in_the_article(client: httpx.Client) -> None:
    answer = client.post("/v1/answers", json={"question": "When did Ponpoko open a shop?"}).json()
    assert list(answer) == ANSWER_FIELDS
    assert answer["status"] == "answered"
    assert answer["text"].startswith("The tanuki Ponpoko opened a shop for leaves in Takamatsu on 3 May 2024. [1]")
    citation = answer["citations"][0]
    assert list(citation) == CITATION_FIELDS
    assert (citation["article_id"], citation["label"], citation["published"]) == (
        "tanuki/shop",
        "reported",
        "2024-05-04",
    )
    article = client.get("/v1/articles/tanuki/shop").json()
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"] == answer["sentences"][0]["text"]
    start, end = answer["sentences"][0]["answer_span"]
    assert citation["quote"][start:end] == "3 May 2024"
    assert list(answer["timings_ms"]) == ["retrieve", "answer", "total"]


def test_a_refusal_is_a_result_with_its_reason_and_the_nearest_articles(client: httpx.Client) -> None:
    answer = client.post("/v1/answers", json={"question": "Who is the mayor of Gondor?"}).json()
    assert (answer["status"], answer["sentences"], answer["citations"]) == ("refused", [], [])
    assert answer["refusal"]["reason"] == "unknown_name"
    assert answer["refusal"]["detail"] == "No article mentions “Gondor”."
    assert answer["refusal"]["nearest"]


@pytest.mark.parametrize(
    ("filters", "reason"),
    [({"source": "Nobody's Herald"}, "filtered_out"), ({"published_to": "1999-01-01"}, "filtered_out")],
)
def test_filters_that_leave_nothing_say_so(client: httpx.Client, filters: dict[str, str], reason: str) -> None:
    answer = client.post("/v1/answers", json={"question": "When did Ponpoko open a shop?", "filters": filters}).json()
    assert answer["refusal"]["reason"] == reason
    assert answer["refusal"]["detail"] == "The filters leave no article. Widen them, or ask without."


def test_an_answer_can_be_streamed_with_the_hits_first(client: httpx.Client) -> None:
    reply = client.post("/v1/answers", json={"question": "When did Ponpoko open a shop?", "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in block.splitlines()) for block in reply.text.strip().split("\n\n")]
    assert [event["event"] for event in events] == ["hits", "answer"]
    assert json.loads(events[0]["data"])[0]["article_id"] == "tanuki/shop"
    assert json.loads(events[1]["data"])["status"] == "answered"


def test_search_gives_the_best_passage_of_each_article(client: httpx.Client) -> None:
    found = client.post("/v1/search", json={"query": "bridge of driftwood", "per_article": True}).json()
    ids = [hit["article_id"] for hit in found["hits"]]
    assert ids[0] == "otter-bridge"
    assert len(ids) == len(set(ids))
    assert all(0 <= hit["score"] <= 1 for hit in found["hits"])


def test_filters_take_one_value_or_a_list(client: httpx.Client) -> None:
    one = client.post("/v1/search", json={"query": "shop", "filters": {"source": "pond gazette"}}).json()
    many = client.post("/v1/search", json={"query": "shop", "filters": {"source": ["Pond Gazette", "x"]}}).json()
    assert {hit["source"] for hit in one["hits"]} == {"Pond Gazette"}
    assert [hit["passage_id"] for hit in one["hits"]] == [hit["passage_id"] for hit in many["hits"]]


@pytest.mark.parametrize("encode", [lambda id_: quote(id_, safe=""), lambda id_: quote(id_, safe="/")])
def test_ids_with_slashes_spaces_and_chinese_are_found(client: httpx.Client, encode) -> None:  # type: ignore[no-untyped-def]
    article = client.get("/v1/articles/" + encode("池塘 news/ü 1")).json()
    assert (article["id"], article["text"], article["live"]) == (
        "池塘 news/ü 1",
        "The frogs of Uji counted 17 moons.",
        True,
    )
    assert article["sections"] == [{"kind": "reported", "heading": "", "start": 0, "end": 34}]
    assert article["revisions"][0]["revision"] == 1


def test_articles_are_listed_newest_first_and_continued(client: httpx.Client) -> None:
    first = client.get("/v1/articles", params={"limit": 3}).json()
    assert [each["id"] for each in first["data"]] == ["thin/kappa", "tanuki/shop", "otter-bridge"]
    rest = client.get("/v1/articles", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert [each["id"] for each in rest["data"]] == ["池塘 news/ü 1"]
    assert rest["next_cursor"] is None
    dated = client.get("/v1/articles", params={"from": "2024-01-01", "to": "2024-05-31"}).json()
    assert [each["id"] for each in dated["data"]] == ["tanuki/shop"]
    assert [each["id"] for each in client.get("/v1/articles", params={"q": "otters"}).json()["data"]] == [
        "otter-bridge"
    ]


def test_status_says_what_is_held(client: httpx.Client) -> None:
    status = client.get("/v1/status").json()
    assert (status["articles"], status["thin"], status["schema"]) == (4, 1, "0004")
    assert (status["published_from"], status["published_to"]) == ("2022-02-02", "2024-06-01")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/answers", b'{"question": NaN}', "question"),
        ("/v1/answers", b'{"question": "\\ud800"}', "question"),
        ("/v1/answers", b'{"question": "a\\u0000b"}', "question"),
        ("/v1/answers", b'{"question": "   "}', "question"),
        ("/v1/answers", b'{"question": "x", "as_of": "yesterday"}', "as_of"),
        ("/v1/answers", b'{"question": "x", "as_of": 5}', "as_of"),
        ("/v1/answers", b'{"question": "x", "colour": "red"}', "colour"),
        ("/v1/answers", b'{"question": "x", "filters": {"label": "gossip"}}', "filters.label.0"),
        ("/v1/search", b'{"query": "x", "limit": 1e999}', "limit"),
        ("/v1/search", b"[]", "body"),
        ("/v1/search", b"{", "1"),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(client: httpx.Client, path: str, body: bytes, field: str) -> None:
    reply = client.post(path, content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["errors"][0]["field"] == field
    assert problem["detail"].endswith("The fields are described at /openapi.json")


def test_a_question_of_20000_characters_is_refused_with_the_limit(client: httpx.Client) -> None:
    problem = client.post("/v1/answers", json={"question": "x" * 20_000}).json()
    assert problem["detail"] == (
        "question: String should have at most 2000 characters. The fields are described at /openapi.json"
    )


def test_an_answerer_that_is_not_configured_is_a_problem(client: httpx.Client) -> None:
    reply = client.post("/v1/answers", json={"question": "When did Ponpoko open a shop?", "answerer": "llm"})
    assert (reply.status_code, reply.json()["error"]) == (422, "AnswererNotConfigured")


def test_an_unknown_article_revision_or_route_is_a_404_problem(client: httpx.Client) -> None:
    for path in ("/v1/articles/nobody", "/v1/articles/otter-bridge?revision=9", "/v1/nothing"):
        reply = client.get(path)
        assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")


def test_ingest_takes_paths_below_the_allowed_root_only(client: httpx.Client, pond: Path, tmp_path: Path) -> None:
    outside = client.post("/v1/ingest", json={"paths": [str(tmp_path)]})
    assert outside.status_code == 403
    assert outside.json()["detail"].startswith(f"{tmp_path}: only paths below {pond}")
    sneaky = client.post("/v1/ingest", json={"paths": [f"{pond}/../.."]})
    assert sneaky.status_code == 403
    report = client.post("/v1/ingest", json={"paths": [str(pond)]}).json()
    assert (report["added"], report["unchanged"], report["embedded"], report["failed"]) == (0, 4, 0, [])


def test_ingest_reports_what_it_could_not_read(client: httpx.Client, pond: Path) -> None:
    report = client.post("/v1/ingest", json={"paths": [str(pond / "gone.md"), "https://example.org/a"]}).json()
    assert [failure["path"] for failure in report["failed"]] == [str(pond / "gone.md"), "https://example.org/a"]


def test_health_and_openapi_answer(client: httpx.Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready"}
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/answers", "/v1/search", "/v1/articles", "/v1/articles/{article_id}", "/v1/ingest"} <= set(paths)
