"""Errors as application/problem+json (RFC 9457), and the one table from our errors to HTTP statuses."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ingest.errors import PruneNeedsConsent
from rag import errors
from ui.wording import fault_words

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

STATUSES: dict[type[errors.BylineError], HTTPStatus] = {
    errors.ArticleNotFound: HTTPStatus.NOT_FOUND,
    errors.AnswererNotConfigured: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    PruneNeedsConsent: HTTPStatus.CONFLICT,
    errors.LibraryInUse: HTTPStatus.CONFLICT,
    errors.Interrupted: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StorageError: HTTPStatus.INSUFFICIENT_STORAGE,
}
"""Every other BylineError is a 500: it should have stopped the server from starting."""


def problem(status: int, detail: str, **more: Any) -> Response:
    """A problem as a response. ASCII only, so that whatever a caller sent can be named in it."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return Response(json.dumps(body), status, media_type="application/problem+json")


def problem_of(error: errors.BylineError) -> Response:
    """The problem that one of our errors is."""
    status = STATUSES.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    return problem(status, str(error), error=type(error).__name__)


def add_problem_handlers(app: FastAPI) -> None:
    """Let every error leave the app as a problem."""
    app.add_exception_handler(errors.BylineError, _on_our_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)


async def _on_our_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.BylineError):
        raise error
    return problem_of(error)


async def _on_invalid(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [{"field": _field(fault["loc"]), "problem": fault_words(fault)} for fault in error.errors()]
    first = faults[0]
    detail = f"{first['field']}: {first['problem']}. The fields are described at /openapi.json"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=faults)


async def _on_http_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem(error.status_code, str(error.detail))


def _field(location: tuple[int | str, ...]) -> str:
    inner = [str(part) for part in location if part != "body"]
    return ".".join(inner) or "body"
