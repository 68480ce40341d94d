"""People, pipelines, stages, currencies. Fact sheet 3.5, 3.9, 3.10."""

from __future__ import annotations

from datetime import date
from decimal import Context, Decimal
from typing import Any

from connector.records import LossReason, Outcome, Pipeline, Rate, Stage, Team, User
from providers.bitrix24 import php
from providers.bitrix24.mapping.crm import LEADS, lead_stage

Row = dict[str, Any]
_FINAL: dict[str, Outcome] = {"S": "won", "F": "lost", "SUCCESS": "won", "FAILURE": "lost", "APOLOGY": "lost"}
_PLACES = Context(prec=20)


def team(row: Row) -> Team:
    """A department; the root has no parent, a department without a head says "0" or nothing."""
    head = php.key(row.get("UF_HEAD"))
    return Team(
        id=_id(row),
        name=str(row.get("NAME") or ""),
        parent_id=php.key(row.get("PARENT")),
        head_ids=(head,) if head else (),
    )


def user(row: Row, admin_id: str | None = None) -> User:
    """An employee, dismissed ones included. Only the token's own user is known to be an administrator or not."""
    ident = _id(row)
    name = " ".join(str(row[part]).strip() for part in ("NAME", "LAST_NAME") if row.get(part))
    teams = (php.key(one) for one in php.rows(row.get("UF_DEPARTMENT") or None))
    return User(
        id=ident,
        name=name or f"#{ident}",
        active=php.truth(row.get("ACTIVE")) is not False,
        admin=ident == admin_id,
        team_ids=tuple(one for one in teams if one),
        zone=php.zone(row.get("TIME_ZONE")),
    )


def pipeline(row: Row) -> Pipeline:
    """A deal pipeline; the default one is number 0."""
    return Pipeline(id=str(int(row["id"])), name=str(row.get("name") or row["id"]))


def leads_pipeline() -> Pipeline:
    """The one way that leads go."""
    return Pipeline(id=LEADS, name="Лиды / Leads", of="lead")


def stage(row: Row) -> Stage | None:
    """A stage of leads or of a deal pipeline; None for entries of other directories."""
    where = _pipeline_of(str(row["ENTITY_ID"]))
    if where is None:
        return None
    status = str(row["STATUS_ID"])
    return Stage(
        id=lead_stage(status) if where == LEADS else status,
        name=str(row.get("NAME") or status),
        pipeline_id=where,
        outcome=_outcome(row),
        sort=int(str(row.get("SORT") or 0)),
    )


def loss_reason(found: Stage) -> LossReason | None:
    """Each lost stage is a reason: Bitrix24 has no other place for it."""
    return LossReason(id=found.id, name=found.name) if found.outcome == "lost" else None


def rate(row: Row, day: date) -> Rate | None:
    """What one unit costs in the base currency; None for the base itself. Raises ValueError for a rate that is none."""
    code = str(row["CURRENCY"]).upper()
    if php.truth(row.get("BASE")):
        return None
    amount, count = php.number(row["AMOUNT"]), php.number(row.get("AMOUNT_CNT")) or Decimal(1)
    if amount is None or amount <= 0 or count <= 0:
        raise ValueError(f"{code} has no rate")
    one = _PLACES.divide(amount, count)
    return Rate(id=f"{code}@{day.isoformat()}", currency=code, day=day, rate=format(one.normalize(), "f"))


def base_currency(rows: list[Row]) -> str | None:
    """The portal's own currency."""
    return next((str(row["CURRENCY"]).upper() for row in rows if php.truth(row.get("BASE"))), None)


def _outcome(row: Row) -> Outcome:
    extra = row.get("EXTRA")
    told = row.get("SEMANTICS") or (extra.get("SEMANTICS") if isinstance(extra, dict) else None)
    return _FINAL.get(str(told or "").upper(), "open")


def _pipeline_of(entity: str) -> str | None:
    if entity == "STATUS":
        return LEADS
    if entity == "DEAL_STAGE":
        return "0"
    number = entity.removeprefix("DEAL_STAGE_")
    return number if number != entity and number.isdigit() else None


def _id(row: Row) -> str:
    ident = php.key(row.get("ID"))
    if ident is None:
        raise ValueError("a row without an id")
    return ident
