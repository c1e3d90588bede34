"""Where a language model listens, and a connection to it that can neither be led elsewhere nor flooded."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

MOST_BYTES = 8_000_000
"""Of a reply. An answer takes less than 0.1 MB, and thousands of words of a model that thinks aloud some more."""
CONNECT_SECONDS = 5
_SENT = "accept anthropic-version authorization connection content-length content-type host transfer-encoding x-api-key"
_HEADERS_SENT = frozenset(_SENT.split())
"""The client of OpenAI adds some that describe this machine."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model's address, its name there and the key, the tokens it can read, and the seconds it may take."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    window: int = 4096
    seconds: int = 60

    @property
    def name(self) -> str:
        """How messages name it: by its host alone."""
        return urlsplit(self.url).netloc


def connect(endpoint: Endpoint) -> httpx.Client:
    """A client for the endpoint's address: without redirects, proxies, cookies of others, compression or retries."""
    fresh = httpx.Limits(max_keepalive_connections=0)  # one kept open may be found closed when it is needed
    direct = httpx.HTTPTransport(verify=ssl.create_default_context(), trust_env=False, limits=fresh)
    transport = GuardedTransport(direct, sends_key=bool(endpoint.key))
    timeout = httpx.Timeout(endpoint.seconds, connect=min(CONNECT_SECONDS, endpoint.seconds))
    return httpx.Client(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False)


def problem_reaching(endpoint: Endpoint) -> str | None:
    """What keeps the endpoint from being reached; None if something replies there. The key is not sent."""
    with connect(replace(endpoint, key=None, seconds=min(CONNECT_SECONDS, endpoint.seconds))) as client:
        try:
            client.head(endpoint.url)
        except (httpx.HTTPError, OSError) as error:
            return problem_of(error)
    return None


class GuardedTransport(httpx.BaseTransport):
    """Sends no header that is not needed, and reads no compressed or boundless reply."""

    def __init__(self, inner: httpx.BaseTransport, *, sends_key: bool) -> None:
        self._inner = inner
        self._sent = _HEADERS_SENT if sends_key else _HEADERS_SENT - {"authorization", "x-api-key"}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The reply to a request. Raises httpx.HTTPError."""
        for name in set(request.headers) - self._sent:
            del request.headers[name]
        request.headers["Accept-Encoding"] = "identity"
        reply = self._inner.handle_request(request)
        if reply.headers.get("content-encoding", "identity") != "identity":
            reply.close()
            raise httpx.DecodingError("the reply is compressed", request=request)
        return httpx.Response(
            reply.status_code,
            headers=reply.headers,
            stream=BoundedStream(reply.stream, request),
            extensions=reply.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._inner.close()


class BoundedStream(httpx.SyncByteStream):
    """A reply's body, which fails when it grows beyond MOST_BYTES."""

    def __init__(self, body: httpx.SyncByteStream | httpx.AsyncByteStream, request: httpx.Request) -> None:
        if not isinstance(body, httpx.SyncByteStream):
            raise TypeError(type(body))
        self._body, self._request = body, request

    def __iter__(self) -> Iterator[bytes]:
        """The body as it comes. Raises TooLong."""
        read = 0
        for block in self._body:
            read += len(block)
            if read > MOST_BYTES:
                raise TooLong
            yield block

    def close(self) -> None:
        """Read no more."""
        self._body.close()


class TooLong(Exception):
    """A reply is longer than any answer."""


def problem_of(error: BaseException) -> str:
    """What went wrong with a request, in words that hold nothing of what the endpoint sent."""
    causes = list(_causes(error))
    status = next((found for each in causes if (found := _status_of(each))), None)
    if status:
        return _status_problem(status)
    for kinds, words in _PROBLEMS:
        if any(isinstance(each, kinds) for each in causes):
            return words
    return "sent what is no answer"


_PROBLEMS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((TooLong,), f"sent more than {MOST_BYTES // 1_000_000} MB"),
    ((httpx.DecodingError,), "sent what cannot be read"),
    ((httpx.ConnectError, httpx.ConnectTimeout), "cannot be reached"),
    ((TimeoutError, httpx.TimeoutException), "did not answer in time"),
    ((httpx.TransportError, OSError), "broke off"),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _status_of(error: BaseException) -> int | None:
    reply = getattr(error, "response", None)
    return reply.status_code if isinstance(reply, httpx.Response) and not reply.is_success else None


def _status_problem(status: int) -> str:
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"wants to lead elsewhere (status {status}), which is not followed"
    try:
        return f"replied {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"replied {status}"
