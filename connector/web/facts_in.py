"""POST /api/v1/accounts/{account}/facts: rows of what the CRM lacks, as JSON; all of them or none (docs/api.md)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from connector.brought.facts.files import Rows, from_json
from connector.errors import BadConfig, Busy, KpiError
from connector.pipeline.bench import Workbench
from connector.pipeline.importing import Brought, import_facts
from connector.redact import redact
from connector.store.tables import ApiTokenRow
from connector.web import tokens

log = logging.getLogger("kpi.web")
MAX_BYTES = 5_000_000
PATIENCE = 10.0
"""Seconds for which a call waits for a sync to let go of the account."""
RETRY_AFTER = "30"
_TRUE = ("1", "true", "yes")


def room(benches: Mapping[str, Workbench]) -> APIRouter:
    """The endpoint over these accounts, by name."""
    router = APIRouter()

    @router.post("/api/v1/accounts/{account}/facts")
    async def facts(account: str, request: Request) -> JSONResponse:
        """Who calls is settled before anything is read of what he sends."""
        bench = benches.get(account)
        caller = await run_in_threadpool(caller_of, benches, request.headers.get("authorization"))
        refusal = refusal_of(caller, bench, account)
        if refusal is not None or bench is None or caller is None:
            return refusal or answered(404, f"there is no account {account!r}")
        data = await body_of(request)
        if data is None:
            return answered(413, f"more than {MAX_BYTES} bytes at once; send the rest in another call")
        dry_run = request.query_params.get("dry_run", "").lower() in _TRUE
        return await run_in_threadpool(_taken, bench, data, caller.name, dry_run)

    return router


def caller_of(benches: Mapping[str, Workbench], header: str | None) -> ApiTokenRow | None:
    """Whose token came, None where nobody's."""
    return tokens.admitted(next(iter(benches.values())).store, header)


def refusal_of(caller: ApiTokenRow | None, bench: Workbench | None, account: str) -> JSONResponse | None:
    """Why he is not let in, None where he is."""
    if caller is None:
        told = "a bearer token is needed: `kpi token create`"
        return answered(401, told, headers={"WWW-Authenticate": "Bearer"})
    if not tokens.opens(caller, "import", bench):
        return answered(403, f"this token is not for importing into {account!r}")
    return None


async def body_of(request: Request) -> bytes | None:
    """What came, None where it is too much; a length that lies is found out while reading."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MAX_BYTES:
        return None
    whole = bytearray()
    async for part in request.stream():
        whole += part
        if len(whole) > MAX_BYTES:
            return None
    return bytes(whole)


def _taken(bench: Workbench, data: bytes, caller: str, dry_run: bool) -> JSONResponse:
    rows = from_json(data)
    if not rows.lines and not rows.bad:
        return answered(400, "no rows: send a JSON array of objects, or one object a line")
    if rows.over:
        return answered(413, rows.bad[0].problem)
    try:
        source = f"api:{caller}"
        brought = import_facts(bench, rows, data, author=caller, source=source, dry_run=dry_run, patience=PATIENCE)
    except Busy as busy:
        return answered(503, str(busy), headers={"Retry-After": RETRY_AFTER})
    except BadConfig as error:
        return answered(409, str(error))
    except KpiError as error:
        log.error("%s: %s", bench.settings.name, redact(str(error)))
        return answered(503, "the store is in trouble; the log says more", headers={"Retry-After": RETRY_AFTER})
    return _bad(rows, brought) if brought.bad else JSONResponse(_body_of(brought, dry_run))


def _body_of(brought: Brought, dry_run: bool) -> dict[str, Any]:
    number, new, changed, same = brought.taken
    told: dict[str, Any] = {"import": number, "new": new, "changed": changed, "same": same, "dry_run": dry_run}
    return told | {"derived": brought.synced is not None, "message": redact(brought.problem)}


def _bad(rows: Rows, brought: Brought) -> JSONResponse:
    """Every bad row, by its place (from 1) and its key as far as it was read."""
    keys = {line.number: line.get("key") for line in rows.lines}
    listed = [{"row": one.line, "key": keys.get(one.line) or None, "problem": one.problem} for one in brought.bad]
    count = len(rows.lines) + len(rows.bad)
    return answered(400, f"nothing was taken: {len(listed)} of {count} rows are wrong", rows=listed)


def answered(status: int, error: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> JSONResponse:
    """What went wrong, in JSON."""
    return JSONResponse({"error": error} | more, status, dict(headers or {}))
