"""POST /api/v1/accounts/{account}/transcripts?name=FILE: one transcript as its file stands, by the rules of the import.

The same door as for facts: a token for importing, and nothing is read of what comes before it is known who calls.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from connector.errors import KpiError
from connector.pipeline.bench import Workbench
from connector.pipeline.talks.transcripts import import_files
from connector.redact import redact
from connector.web.facts_in import MAX_BYTES, RETRY_AFTER, answered, body_of, caller_of, refusal_of

log = logging.getLogger("kpi.web")
LONGEST = 200
"""Characters of a file's name."""


def room(benches: Mapping[str, Workbench]) -> APIRouter:
    """The endpoint over these accounts, by name."""
    router = APIRouter()

    @router.post("/api/v1/accounts/{account}/transcripts")
    async def transcripts(account: str, request: Request) -> JSONResponse:
        """JSON, TXT, SRT or VTT; `name` tells the call, unless a field of the file does."""
        bench = benches.get(account)
        caller = await run_in_threadpool(caller_of, benches, request.headers.get("authorization"))
        refusal = refusal_of(caller, bench, account)
        if refusal is not None or bench is None:
            return refusal or answered(404, f"there is no account {account!r}")
        name = request.query_params.get("name", "").strip()
        if not name or len(name) > LONGEST:
            return answered(400, f"say what the file is called, in up to {LONGEST} characters: ?name=call-4711.srt")
        data = await body_of(request)
        if data is None:
            return answered(413, f"more than {MAX_BYTES} bytes at once")
        return await run_in_threadpool(_taken, bench, name, data)

    return router


def _taken(bench: Workbench, name: str, data: bytes) -> JSONResponse:
    try:
        done = import_files(bench, [(name, data)])
    except KpiError as error:
        log.error("%s: %s", bench.settings.name, redact(str(error)))
        return answered(503, "the store is in trouble; the log says more", headers={"Retry-After": RETRY_AFTER})
    if done.bad:
        return answered(400, f"{done.bad[0].file}: {done.bad[0].why}")
    return JSONResponse({"new": done.new, "same": done.same})
