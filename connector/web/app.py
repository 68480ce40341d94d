"""The application: rooms mounted over the opened accounts."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import FastAPI

from connector.pipeline.bench import Workbench
from connector.web import facts_in


def build(opened: Iterable[Workbench]) -> FastAPI:
    """Everything that is served; nothing of it asks a CRM."""
    benches = {bench.settings.name: bench for bench in opened}
    app = FastAPI(title="kpi-connector", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(facts_in.room(benches))
    return app
