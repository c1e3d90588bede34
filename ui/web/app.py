"""The web page as an ASGI application, with the headers it must be served with."""

from __future__ import annotations

import os
from importlib import resources
from typing import TYPE_CHECKING

from fastapi import FastAPI, Response

if TYPE_CHECKING:
    from ui.desk import LocalDesk

SYSTEM_SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Arial", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")

# One directive a line. No foreign origin, and no evaluation of strings.
PAGE_CSP = "; ".join((
    "default-src 'none'",
    # Gradio writes its configuration into inline scripts that differ with each request, without a nonce.
    # Inline handlers (onerror=…) stay forbidden by the next line.
    "script-src 'self' 'unsafe-inline'",
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",  # Gradio's components set style attributes
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip

HEAD = '<link rel="stylesheet" href="page.css"><script src="page.js" defer></script>'


def build_web_app(desk: LocalDesk) -> FastAPI:
    """The page at "/", with its stylesheet and script. Run its lifespan, and send ``page_headers`` with it."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it on import
    import gradio as gr

    from ui.web.page import build_page

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/page.css", lambda: _static("page.css", "text/css"), include_in_schema=False)
    app.add_api_route("/page.js", lambda: _static("page.js", "text/javascript"), include_in_schema=False)
    return gr.mount_gradio_app(
        app,
        build_page(desk),
        path="/",
        theme=gr.themes.Base(font=SYSTEM_SANS, font_mono=SYSTEM_MONO),
        head=HEAD,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,
    )


def page_headers() -> dict[str, str]:
    """The security headers of every reply of the page."""
    return {
        "Content-Security-Policy": PAGE_CSP,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def _static(name: str, media_type: str) -> Response:
    text = resources.files("ui").joinpath("static", name).read_bytes()
    return Response(text, media_type=media_type, headers={"Cache-Control": "no-cache"})
