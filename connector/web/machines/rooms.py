"""GET /healthz, /readyz, /metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from connector.errors import KpiError
from connector.pipeline.standing import standing
from connector.store import accounts
from connector.store.place import Misplaced
from connector.store.trouble import Damaged
from connector.store.whole import check_length
from connector.web import tokens
from connector.web.machines import metrics
from connector.web.site import site_of

SCOPE = "metrics"
room = APIRouter(include_in_schema=False)


@room.get("/healthz")
def alive() -> PlainTextResponse:
    """This process answers: whoever restarts it should not because of a database."""
    return PlainTextResponse("ok\n")


@room.get("/readyz")
def ready(request: Request) -> PlainTextResponse:
    """The database can be read: send people here. One row by its key, as this is asked every few seconds; damage that
    it does not meet is known by the file's length, or from the daemon's last turns.
    """
    try:
        for bench in site_of(request).benches.values():
            with bench.store.read() as conn:
                check_length(bench.store, conn)
                accounts.get(conn, bench.account)
            if bench.damage is not None:
                raise Damaged(bench.damage)
    except (Misplaced, Damaged) as trouble:
        return PlainTextResponse(f"the database: {trouble.what}\n", 503)
    except KpiError:
        return PlainTextResponse("the database is in trouble; the log says more\n", 503)
    return PlainTextResponse("ready\n")


@room.get("/metrics")
def told(request: Request) -> Response:
    """For a token of this scope; 401 tells how to get one."""
    benches = list(site_of(request).benches.values())
    caller = tokens.admitted(benches[0].store, request.headers.get("authorization")) if benches else None
    ours = [bench for bench in benches if caller is not None and tokens.opens(caller, SCOPE, bench)]
    if not ours:
        said = "a bearer token is needed: kpi token create prometheus --scope metrics\n"
        return PlainTextResponse(said, 401, {"WWW-Authenticate": "Bearer"})
    found = [metrics.build()]
    for bench in ours:
        found += metrics.of_account(standing(bench), bench.provider.requests)
    return Response(metrics.text(found), media_type=metrics.KIND)
