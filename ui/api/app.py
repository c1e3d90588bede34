"""The HTTP API: one route a request of the desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, Query
from fastapi.openapi.utils import get_openapi
from fastapi.responses import StreamingResponse
from starlette.responses import JSONResponse, Response

from rag.errors import BylineError
from ui import schemas as wire
from ui.api.keeping import add_changing, add_keeping
from ui.api.problems import add_problem_handlers
from ui.desk import ArticlesQuery, LocalDesk
from ui.relay import relay
from ui.schemas.conversions import hits_out

if TYPE_CHECKING:
    from typing import Any

VERSION = "0.1.0"


def build_api(desk: LocalDesk, *, ingest_root: Path, secret: str) -> FastAPI:
    """The API over a desk. Paths below ``ingest_root`` may be ingested by anybody who can connect; others
    only by who knows the ``secret`` of the library's owner, as do the commands that keep the library."""
    app = FastAPI(title="Byline", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)
    add_problem_handlers(app)
    _add_asking(app, desk)
    _add_articles(app, desk)
    add_changing(app, desk, ingest_root=ingest_root, secret=secret)
    add_keeping(app, desk, secret=secret)
    _add_health(app)
    return app


def _add_asking(app: FastAPI, desk: LocalDesk) -> None:
    @app.post("/v1/answers", response_model=wire.AnswerOut)
    def answers(request: wire.AskIn) -> wire.AnswerOut | Response:
        """Ask a question. With ``stream`` the passages found come first, as server-sent events."""
        if request.stream:
            events = _answer_events(desk, request)
            first = next(events)  # what cannot be asked gets a status of its own
            return StreamingResponse(chain([first], events), media_type="text/event-stream")
        return desk.ask(request)

    @app.post("/v1/search")
    def search(request: wire.SearchIn) -> wire.SearchOut:
        """Find the passages that match a query."""
        return desk.search(request)


def _add_articles(app: FastAPI, desk: LocalDesk) -> None:
    @app.get("/v1/articles")
    def articles(
        q: Annotated[str | None, Query(description="Words of the title.", max_length=wire.LONGEST_QUESTION)] = None,
        source: str | None = None,
        from_: Annotated[wire.Day | None, Query(alias="from")] = None,
        to: wire.Day | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        cursor: str | None = None,
    ) -> wire.ArticlesOut:
        """List articles, newest first."""
        filters = wire.FiltersIn.model_validate(
            {"source": source or [], "published_from": _day(from_), "published_to": _day(to)}
        )
        return desk.articles(ArticlesQuery(filters, q, limit, cursor))

    @app.get("/v1/articles/{article_id:path}")
    def article(article_id: str, revision: Annotated[int | None, Query(ge=1, le=2**31)] = None) -> wire.ArticleOut:
        """An article, live or in a revision."""
        return desk.article(article_id, revision)

    @app.get("/v1/status")
    def status() -> wire.StatusOut:
        """What the library holds."""
        return desk.status()


def _add_health(app: FastAPI) -> None:
    @app.get("/health/live")
    def live() -> dict[str, str]:
        """The process runs."""
        return {"status": "live"}

    @app.get("/health/ready")
    def ready() -> dict[str, str]:
        """Questions are answered; the library is opened before the server listens."""
        return {"status": "ready"}

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        return JSONResponse(get_openapi(title=app.title, version=app.version, routes=app.routes))


def _answer_events(desk: LocalDesk, request: wire.AskIn) -> Iterator[str]:
    found = desk.find(request)
    hits = [hit.model_dump(mode="json") for hit in hits_out(found.hits)]
    yield _event("hits", hits)
    try:
        answer = yield from relay(desk.tell(request, found), _sentence_event)
    except BylineError as error:
        yield _event("problem", {"error": type(error).__name__, "detail": str(error)})
    else:
        yield _event("answer", answer.model_dump(mode="json", by_alias=True))


def _sentence_event(stated: wire.StatedOut) -> str:
    return _event("sentence", stated.model_dump(mode="json"))


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
