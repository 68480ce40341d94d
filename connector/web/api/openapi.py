"""GET /api/v1/openapi.json: the interface, and nothing of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute

PATH = "/api/v1/openapi.json"
_INSIDE = "/api/v1/accounts/"
_ROWS = {
    "required": True,
    "description": "Rows, all of them or none (docs/api.md); at most 5 000 000 bytes and 20 000 rows.",
    "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
}


def room(app: FastAPI) -> APIRouter:
    """The description of what is mounted on this application."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    def described() -> JSONResponse:
        return JSONResponse(description(app.routes))

    return router


def description(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """OpenAPI 3.1 of the routes for programs."""
    told = get_openapi(
        title="kpi-connector",
        version="1",
        description="Results, proofs and plans of an account; facts that its CRM lacks and transcripts of its calls.",
        routes=routes,
    )
    told["paths"] = {path: one for path, one in told["paths"].items() if path.startswith(_INSIDE)}
    bringing = told["paths"].get("/api/v1/accounts/{account}/facts", {}).get("post")
    if bringing is not None:
        bringing |= {"requestBody": _ROWS, "tags": ["import"], "security": [{"HTTPBearer": []}]}
    telling = told["paths"].get("/api/v1/accounts/{account}/transcripts", {}).get("post")
    if telling is not None:
        name = {"name": "name", "in": "query", "required": True, "schema": {"type": "string"}}
        body = {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}}
        telling["parameters"] = [*telling.get("parameters", []), name]
        telling |= {"requestBody": body, "tags": ["import"], "security": [{"HTTPBearer": []}]}
    return told
