"""The HTTP service: pages for people, JSON for programs, one application.

`create_app` is given what it needs; it reads no environment and opens nothing, so that gunicorn can load it once and fork.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Flask, Response, g, request

from kb.search import Search
from kb.web import api, errors, pages
from kb.web.as_json import Provider

_PACKAGE = Path(__file__).parent.parent
LARGEST_BODY = 64 * 1024

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(search: Search) -> Flask:
    """Make the application over a `Search`."""
    app = Flask("kb", template_folder=_assets("templates"), static_folder=_assets("static"), static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json = Provider(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["search"] = search
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.before_request(_name_request)
    app.after_request(_add_headers)
    errors.register(app)
    return app


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _assets(name: str) -> str:
    """Find a folder of assets: inside the installed package, or beside it in a checkout."""
    inside = _PACKAGE / name
    return str(inside if inside.is_dir() else _PACKAGE.parent / name)
