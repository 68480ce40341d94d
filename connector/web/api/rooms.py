"""GET /api/v1/accounts/{account}/results, /explain/{kpi}, /plans: for tokens of the scope `read`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from connector.errors import BadConfig
from connector.kpi.telling import explanation, render
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import plans_of
from connector.pipeline.official import official_explanation, official_report
from connector.web import tokens
from connector.web.api.shapes import Plans, Problem, Proof, Results
from connector.web.site import site_of

SCOPE = "read"
_bearer = HTTPBearer(auto_error=False, description="`kpi token create NAME --scope read`")
_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No valid token."},
    403: {"model": Problem, "description": "A token of another account or for something else."},
    404: {"model": Problem, "description": "No such account, KPI, person, team or period."},
}
room = APIRouter(prefix="/api/v1/accounts/{account}", tags=["read"], responses=_REFUSALS)


@dataclass(frozen=True, slots=True)
class Asked:
    """An account that the token opens, and a period."""

    bench: Workbench
    period: Period


def asked(
    account: str,
    request: Request,
    period: Annotated[str, Query(description="2026-09, 2026-W36, 2026-09-24 or 2026-09-01..2026-09-15.")],
    held: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Asked:
    """Who calls is settled before anything is looked for."""
    benches = site_of(request).benches
    first = next(iter(benches.values()), None)
    header = None if held is None else f"{held.scheme} {held.credentials}"
    caller = None if first is None else tokens.admitted(first.store, header)
    if caller is None:
        told = "a bearer token is needed: kpi token create NAME --scope read"
        raise HTTPException(401, told, {"WWW-Authenticate": "Bearer"})
    bench = benches.get(account)
    if not tokens.opens(caller, SCOPE, bench):
        raise HTTPException(403, "this token is not for reading here")
    if bench is None:
        raise HTTPException(404, f"there is no account {account!r}")
    try:
        return Asked(bench, Period.parse(period))
    except ValueError:
        raise HTTPException(404, f"{period!r} is no period") from None


Asking = Annotated[Asked, Depends(asked)]


@room.get("/results", responses={200: {"model": Results}}, response_class=Response)
def results(
    asking: Asking,
    kpi: Annotated[list[str] | None, Query(description="Only these, by key; left out: all.")] = None,
    team: Annotated[str | None, Query(description="Only this team and its people, by name or id.")] = None,
    recalculated: Annotated[bool, Query(description="Of a closed month: as known now, not as frozen.")] = False,
) -> Response:
    """What counts: every KPI of people and teams in a period."""
    try:
        report = official_report(asking.bench, asking.period, team=team, recalculated=recalculated)
        report = report.only(kpi) if kpi else report
    except BadConfig as error:
        raise HTTPException(404, str(error)) from None
    return _json(render.as_json(report))


@room.get("/explain/{kpi}", responses={200: {"model": Proof}}, response_class=Response)
def explain(
    kpi: str,
    asking: Asking,
    user: Annotated[str | None, Query(description="Of this person, by id.")] = None,
    team: Annotated[str | None, Query(description="Of this team, by name or id.")] = None,
    recalculated: Annotated[bool, Query(description="Of a closed month: as known now, not as frozen.")] = False,
) -> Response:
    """The proof of one number: facts with links to their cards, and what was left out and why."""
    if (user is None) == (team is None):
        raise HTTPException(404, "name a user or a team, one of them")
    try:
        told = official_explanation(asking.bench, kpi, asking.period, user=user, team=team, recalculated=recalculated)
    except BadConfig as error:
        raise HTTPException(404, str(error)) from None
    return _json(explanation.as_json(told))


@room.get("/plans", responses={200: {"model": Plans}}, response_class=Response)
def plans(asking: Asking) -> Response:
    """The plans in force in a month."""
    found = [explanation.plan_json(plan) for plan in plans_of(asking.bench, asking.period)]
    told = {"account": asking.bench.settings.name, "period": asking.period.label, "plans": found}
    return _json(json.dumps(told, ensure_ascii=False))


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
