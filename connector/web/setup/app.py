"""The application of a first run: its pages, the files they need, and nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from connector.web import site
from connector.web.headers import Headers
from connector.web.pages import mounting, signing
from connector.web.rendering import STATIC
from connector.web.setup import rooms
from connector.web.setup.state import Setup
from connector.web.setup.variables import Readable


def build(path: Path, environ: Mapping[str, str], readable: Readable | None = None) -> tuple[FastAPI, Setup]:
    """For a configuration that is to be written at `path`; the code of its link is in the Setup."""
    app = FastAPI(title="kpi-connector", docs_url=None, redoc_url=None, openapi_url=None)
    setup = Setup(path, environ, secrets.token_urlsafe(32), readable or Readable())
    app.state.setup = setup
    app.state.site = site.opened([], secrets.token_bytes(32))
    app.include_router(rooms.room)
    app.add_api_route("/language", signing.language, methods=["POST"])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    mounting.apologise(app)
    app.add_middleware(Headers)
    return app, setup
