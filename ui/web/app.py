"""The web page as an ASGI application, with the headers it must be served with."""

from __future__ import annotations

import os
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING

from fastapi import FastAPI, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from ui.desk import LocalDesk

SYSTEM_SANS = ("-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")

# One directive a line. No foreign origin, and no evaluation of strings.
PAGE_CSP = "; ".join((
    "default-src 'none'",
    # Gradio writes its configuration into inline scripts, which differ with each request and carry no
    # nonce: without 'unsafe-inline' no question is answered. Inline handlers (onerror=…) stay forbidden.
    "script-src 'self' 'unsafe-inline'",
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",  # Gradio's components carry style attributes
    "img-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip

STATIC = {
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/favicon.ico": ("icon.svg", "image/svg+xml"),  # asked for before the page has named its icon
}
"""Path, file and media type of what the page brings with it."""
HEAD = (
    '<link rel="stylesheet" href="page.css"><script src="page.js" defer></script>'
    '<link rel="icon" href="icon.svg"><meta name="color-scheme" content="light dark">'
)

USED_PATHS = frozenset({
    "/", "/config", "/manifest.json", "/theme.css", "/gradio_api/app_id", "/gradio_api/cancel",
    "/gradio_api/queue/data", "/gradio_api/queue/join", "/gradio_api/reset", "/gradio_api/startup-events",
    *STATIC,
})  # fmt: skip
USED_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")


class UsedRoutes:
    """Answers 404 where the page never goes: Gradio would take uploads there, give out files and describe itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the page uses."""
        path = scope.get("path", "")
        if scope["type"] == "lifespan" or path in USED_PATHS or path.startswith(USED_FOLDERS):
            await self._app(scope, receive, send)
        else:
            await Response(status_code=HTTPStatus.NOT_FOUND)(scope, receive, send)


def build_web_app(desk: LocalDesk) -> FastAPI:
    """The page at "/", with its stylesheet and script. Run its lifespan, and send ``page_headers`` with it."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it on import
    import gradio as gr

    from ui.web.page import build_page

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(UsedRoutes)
    for path, (name, media_type) in STATIC.items():
        app.add_api_route(path, _static_route(name, media_type))
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_page(desk),
        path="/",
        theme=gr.themes.Base(font=SYSTEM_SANS, font_mono=SYSTEM_MONO),
        head=HEAD,
        footer_links=[],
        run_history=False,  # it would keep every question in the browser
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        show_error=False,
    )
    return mounted


def page_headers() -> dict[str, str]:
    """The security headers of every reply of the page."""
    return {
        "Content-Security-Policy": PAGE_CSP,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def _static_route(name: str, media_type: str) -> Callable[[], Response]:
    content = resources.files("ui").joinpath("static", name).read_bytes()
    return lambda: Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})
