"""The application: rooms mounted over the opened accounts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from fastapi import FastAPI

from connector.pipeline.bench import Workbench
from connector.web import facts_in, site
from connector.web.live import Pulses
from connector.web.pages.mounting import mount


def build(opened: Iterable[Workbench], secret: bytes | None = None, *, pulses: Pulses | None = None) -> FastAPI:
    """Everything that is served; nothing of it asks a CRM.

    `secret`: what sessions are signed by; left out, they end with this process.
    """
    benches = list(opened)
    app = FastAPI(title="kpi-connector", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(facts_in.room({bench.settings.name: bench for bench in benches}))
    mount(app, site.opened(benches, secret or secrets.token_bytes(32)), pulses)
    return app
