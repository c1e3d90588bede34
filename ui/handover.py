"""Hands work over to the process that owns the library, over loopback.

A running ``byline serve`` owns its library; other commands find it through the owner's note and do their
work through its HTTP API, so that they need not wait for it to stop.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from rag.errors import ArticleNotFound, BylineError, LibraryInUse
from ui import schemas as wire

if TYPE_CHECKING:
    from pathlib import Path

    from rag.library.owner import Owner
    from ui.desk import ArticlesQuery
    from ui.jobs import Progress

ENDED = (
    "The server ended before the work was done. Start it again and repeat the command: "
    "an ingest or a rebuild goes on where it was."
)
TIMEOUT = httpx.Timeout(120, connect=2)
PATIENT = httpx.Timeout(None, connect=2)
"""For jobs: they may take hours, and are silent meanwhile."""
EVENTS = {"Accept": "application/x-ndjson"}


class HandedBack(BylineError):
    """The owner of the library could not do what was handed over; ``error`` names its error's class."""

    def __init__(self, error: str, detail: str) -> None:
        self.error = error
        super().__init__(detail)


class RemoteDesk:
    """A desk that passes everything on to the library's owner."""

    def __init__(self, owner: Owner, library: Path) -> None:
        self._owner, self._library = owner, library
        headers = {"Authorization": f"Bearer {owner.secret}"}
        self._client = httpx.Client(base_url=owner.url or "", headers=headers, timeout=TIMEOUT, trust_env=False)

    def ask(self, request: wire.AskIn) -> wire.AnswerOut:
        """The answer to a question, or its refusal."""
        return wire.AnswerOut.model_validate(self._post("/v1/answers", request))

    def search(self, request: wire.SearchIn) -> wire.SearchOut:
        """The passages that match a query."""
        return wire.SearchOut.model_validate(self._post("/v1/search", request))

    def article(self, article_id: str, revision: int | None = None) -> wire.ArticleOut:
        """An article, live or in a revision. Raises ArticleNotFound."""
        params = {"revision": revision} if revision else {}
        try:
            return wire.ArticleOut.model_validate(self._get(f"/v1/articles/{quote(article_id, safe='')}", params))
        except HandedBack as error:
            if error.error == ArticleNotFound.__name__:
                raise ArticleNotFound(article_id, revision) from None
            raise

    def articles(self, query: ArticlesQuery) -> wire.ArticlesOut:
        """A page of the list of articles."""
        filters = query.filters
        params = {
            "q": query.words,
            "source": filters.source[0] if filters.source else None,
            "from": filters.published_from,
            "to": filters.published_to,
            "limit": query.limit,
            "cursor": query.cursor,
        }
        given = {name: str(value) for name, value in params.items() if value is not None}
        return wire.ArticlesOut.model_validate(self._get("/v1/articles", given))

    def ingest(self, request: wire.IngestIn, progress: Progress) -> wire.IngestOut:
        """Bring the library in step with paths of this machine."""
        return wire.IngestOut.model_validate(self._report_of("/v1/ingest", request, progress))

    def remove(self, request: wire.RemoveIn, progress: Progress) -> wire.RemoveOut:
        """Remove articles with all their revisions."""
        return wire.RemoveOut.model_validate(self._report_of("/v1/remove", request, progress))

    def verify(self, request: wire.JobIn, progress: Progress) -> wire.VerifyOut:
        """Check the whole library."""
        return wire.VerifyOut.model_validate(self._report_of("/v1/verify", request, progress))

    def rebuild(self, request: wire.RebuildIn, progress: Progress) -> wire.RebuildOut:
        """Make the projections anew, or all passages and vectors with another model."""
        return wire.RebuildOut.model_validate(self._report_of("/v1/rebuild", request, progress))

    def compact(self, request: wire.JobIn, progress: Progress) -> wire.CompactOut:
        """Give back the disk space that removed articles leave."""
        return wire.CompactOut.model_validate(self._report_of("/v1/compact", request, progress))

    def export(self, request: wire.JobIn, progress: Progress) -> Generator[str, None, None]:
        """All that the library holds, as lines of text without their ends."""
        params = {"wait": str(request.wait).lower()}
        sent = self._client.build_request("GET", "/v1/export", params=params, headers=EVENTS, timeout=PATIENT)
        for event in self._events(sent, progress):
            if "line" in event:
                yield event["line"]

    def status(self) -> wire.StatusOut:
        """What the library holds."""
        return wire.StatusOut.model_validate(self._get("/v1/status", {}))

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _post(self, path: str, request: wire.Request) -> Any:
        with self._translated():
            return _check(self._client.post(path, json=_body(request))).json()

    def _get(self, path: str, params: dict[str, Any]) -> Any:
        with self._translated():
            return _check(self._client.get(path, params=params)).json()

    def _report_of(self, path: str, request: wire.Request, progress: Progress) -> Any:
        sent = self._client.build_request("POST", path, json=_body(request), headers=EVENTS, timeout=PATIENT)
        *_, last = self._events(sent, progress)
        return last["report"]

    def _events(self, sent: httpx.Request, progress: Progress) -> Iterator[dict[str, Any]]:
        """What a job gives, its report last; its progress is told on the way.

        Raises HandedBack with its problem, or when the server ends before it.
        """
        with self._translated(), closing(self._client.send(sent, stream=True)) as reply:
            _check(reply)
            for line in _lines(reply):
                event = json.loads(line)
                if "problem" in event:
                    raise HandedBack(event["problem"]["error"], event["problem"]["detail"])
                if "progress" in event:
                    progress(wire.ProgressOut.model_validate(event["progress"]))
                    continue
                yield event
                if "report" in event:
                    return
        raise HandedBack("StorageError", ENDED)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            raise LibraryInUse(str(self._library), f"{self._owner}, which does not answer ({error})") from error


def _lines(reply: httpx.Response) -> Iterator[str]:
    """The lines of a reply; one that breaks off is the server's end."""
    try:
        yield from reply.iter_lines()
    except httpx.RemoteProtocolError as error:
        raise HandedBack("StorageError", ENDED) from error


def _body(request: wire.Request) -> dict[str, Any]:
    return request.model_dump(mode="json", exclude_none=True)


def _check(reply: httpx.Response) -> httpx.Response:
    if reply.is_success:
        return reply
    reply.read()
    try:
        problem = reply.json()
    except ValueError:
        problem = {}
    error = problem.get("error", "BadRequest" if reply.is_client_error else "HandedBack")
    raise HandedBack(error, problem.get("detail", f"The server replied {reply.status_code}"))
