"""Who sells, in which teams, through which stages, and why deals are lost. Pure. Source: crm/amocrm 3.1-3.3, 3.10."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connector.records import LossReason, Outcome, Pipeline, Stage, Team, User
from providers.amocrm.mapping.values import Row, embedded, ident, identity, label, listing, table, whole

WON, LOST, UNSORTED = 142, 143, 1
MEETING = "MEETING"
_MEETING_ID = "2"
DEFAULT_GROUP = "0"


def team(row: Row, heads: Mapping[str, Sequence[str]]) -> Team:
    """A group of users. amoCRM does not say who leads it: `heads` is the configuration's, by name or id."""
    id_, name = str(row["id"]), label(row.get("name"))
    named = {label(key).casefold(): users for key, users in heads.items()}
    return Team(id=id_, name=name or id_, head_ids=tuple(named.get(name.casefold()) or heads.get(id_, ())))


def user(row: Row) -> User:
    """A user of the account; who is in no group is in the default one, 0."""
    rights = table(row.get("rights"))
    group = rights.get("group_id")
    return User(
        id=identity(row),
        name=label(row.get("name")) or identity(row),
        active=rights.get("is_active") is not False,
        admin=rights.get("is_admin") is True,
        team_ids=(DEFAULT_GROUP if group is None else str(group),),
    )


def pipeline(row: Row) -> Pipeline:
    """A funnel; archived ones stay in the list."""
    return Pipeline(id=identity(row), name=label(row.get("name")), archived=row.get("is_archive") is True)


def statuses(row: Row) -> Sequence[Row]:
    """The stages of a pipeline, each with the pipeline it stands in."""
    return [{**status, "pipeline_id": row["id"]} for status in embedded(row, "statuses")]


def stage(row: Row) -> Stage:
    """A stage; 142 is won and 143 lost in every pipeline, so only pipeline and status together name one."""
    pipeline_id, status = ident(row["pipeline_id"]), whole(row["id"])
    if pipeline_id is None or status is None:
        raise ValueError("a stage without its pipeline")
    return Stage(
        id=stage_id(pipeline_id, status),
        name=label(row.get("name")),
        pipeline_id=pipeline_id,
        outcome=outcome(status),
        sort=whole(row.get("sort")) or 0,
        unsorted=whole(row.get("type")) == UNSORTED,
    )


def stage_id(pipeline_id: object, status: object) -> str:
    """`100/142`."""
    return f"{pipeline_id}/{status}"


def outcome(status: int | None) -> Outcome:
    """What a status id means, in every pipeline."""
    return "won" if status == WON else "lost" if status == LOST else "open"


def loss_reason(row: Row) -> LossReason:
    """Why deals are lost."""
    return LossReason(id=identity(row), name=label(row.get("name")))


def told_zone(account: Row) -> str:
    """The account's zone as the CRM names it, "" where it does not."""
    return label(table(table(account.get("_embedded")).get("datetime_settings")).get("timezone"))


def zone(account: Row) -> ZoneInfo | None:
    """The same as a zone; None where it is not told, or nobody here knows it."""
    told = told_zone(account)
    try:
        return ZoneInfo(told) if told else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def meeting_types(account: Row) -> frozenset[str]:
    """Ids of the task types that are meetings; the built-in one where the account does not tell."""
    types = [table(item) for item in listing(table(account.get("_embedded")).get("task_types"))]
    found = {str(item["id"]) for item in types if str(item.get("code") or "").upper() == MEETING}
    return frozenset(found or {_MEETING_ID})
