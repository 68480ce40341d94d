"""The application: rooms mounted over the opened accounts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from fastapi import FastAPI

from connector.pipeline.bench import Workbench
from connector.web import facts_in, hooks_in, site, transcripts_in
from connector.web.api import openapi
from connector.web.api import rooms as api
from connector.web.limiting import Limiting
from connector.web.live import Pulses
from connector.web.machines import rooms as machines
from connector.web.pages.mounting import mount


def build(opened: Iterable[Workbench], secret: bytes | None = None, *, pulses: Pulses | None = None) -> FastAPI:
    """Everything that is served; nothing of it asks a CRM.

    `secret`: what sessions are signed by; left out, they end with this process.
    """
    benches = list(opened)
    app = FastAPI(title="kpi-connector", docs_url=None, redoc_url=None, openapi_url=None)
    by_name = {bench.settings.name: bench for bench in benches}
    app.include_router(facts_in.room(by_name))
    app.include_router(transcripts_in.room(by_name))
    app.add_middleware(Limiting)
    app.include_router(machines.room)
    app.include_router(api.room)
    app.include_router(openapi.room(app))
    mount(app, site.opened(benches, secret or secrets.token_bytes(32)), pulses)
    app.add_middleware(hooks_in.Hooks, benches=by_name)
    return app
