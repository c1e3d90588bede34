"""The routes that change a library or work on the whole of it."""

from __future__ import annotations

import secrets
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI, Header, Request
from starlette.responses import Response

from rag.errors import ArticleNotFound, Forbidden
from ui import schemas as wire
from ui.api.feed import Feed, answer_job, stream

if TYPE_CHECKING:
    from ui.desk import LocalDesk

Accept = Annotated[str, Header()]


def add_changing(app: FastAPI, desk: LocalDesk, *, ingest_root: Path, secret: str) -> None:
    """What everybody who can connect may do: ingest paths below ``ingest_root``, remove an article."""

    @app.post("/v1/ingest", response_model=wire.IngestOut)
    def ingest(request: wire.IngestIn, caller: Request, accept: Accept = "") -> wire.IngestOut | Response:
        """Ingest files and folders of this machine. Asked for ``application/x-ndjson``, reports progress."""
        if not _knows(caller, secret):
            _check_paths(request.paths, ingest_root)
        return answer_job(partial(desk.ingest, request), accept)

    @app.delete("/v1/articles/{article_id:path}")
    def remove_article(article_id: str, *, wait: bool = False) -> wire.RemoveOut:
        """Remove an article with all its revisions."""
        removed = desk.remove(wire.RemoveIn(ids=[article_id], wait=wait), lambda _progress: None)
        if removed.unknown:
            raise ArticleNotFound(article_id)
        return removed


def add_keeping(app: FastAPI, desk: LocalDesk, *, secret: str) -> None:
    """What commands hand over that know the secret of the library's owner. All report progress as ingest does."""

    def check_secret(caller: Request) -> None:
        if not _knows(caller, secret):
            path = caller.url.path
            problem = "is open only to commands that know the secret of the library's owner"
            raise Forbidden(path, problem, f"Use: byline {path.rpartition('/')[2]}")

    owner_only = [Depends(check_secret)]

    @app.post("/v1/remove", response_model=wire.RemoveOut, dependencies=owner_only)
    def remove(request: wire.RemoveIn, accept: Accept = "") -> wire.RemoveOut | Response:
        """Remove articles with all their revisions."""
        return answer_job(partial(desk.remove, request), accept)

    @app.post("/v1/verify", response_model=wire.VerifyOut, dependencies=owner_only)
    def verify(request: wire.JobIn, accept: Accept = "") -> wire.VerifyOut | Response:
        """Check the whole library."""
        return answer_job(partial(desk.verify, request), accept)

    @app.post("/v1/rebuild", response_model=wire.RebuildOut, dependencies=owner_only)
    def rebuild(request: wire.RebuildIn, accept: Accept = "") -> wire.RebuildOut | Response:
        """Make the projections anew, or all passages and vectors with another model."""
        return answer_job(partial(desk.rebuild, request), accept)

    @app.post("/v1/compact", response_model=wire.CompactOut, dependencies=owner_only)
    def compact(request: wire.JobIn, accept: Accept = "") -> wire.CompactOut | Response:
        """Give back the disk space that removed articles leave."""
        return answer_job(partial(desk.compact, request), accept)

    @app.get("/v1/export", response_model=wire.ExportOut, dependencies=owner_only)
    def export(*, wait: bool = False) -> Response:
        """All that the library holds, a ``line`` at a time, then how many there were."""
        return stream(partial(_export, desk, wire.JobIn(wait=wait)))


def _export(desk: LocalDesk, request: wire.JobIn, feed: Feed) -> wire.ExportOut:
    count = 0
    with closing(desk.export(request, feed.tell)) as lines:
        for line in lines:
            feed.give({"line": line})
            count += 1
    return wire.ExportOut(lines=count)


def _knows(caller: Request, secret: str) -> bool:
    given = caller.headers.get("authorization", "")
    return secrets.compare_digest(given.encode(), f"Bearer {secret}".encode())


def _check_paths(paths: list[str], root: Path) -> None:
    allowed = root.resolve()
    for path in paths:
        if "://" not in path and not Path(path).resolve().is_relative_to(allowed):
            raise Forbidden(
                path,
                f"only paths below {allowed} are ingested over HTTP",
                "Set BYLINE_INGEST_ROOT, or use: byline ingest",
            )
