"""What one must know of a portal before reading it: people, stages, currencies, fields, mode, rights. One batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connector.errors import Broken, Forbidden, KpiError
from connector.provider import Kit
from connector.records import LossReason, Pipeline, Rate, Record, Refusal, Stage, Team, User
from providers.bitrix24 import php
from providers.bitrix24.batch import MOST, PAGE, Command, Reply
from providers.bitrix24.client import Client
from providers.bitrix24.lane import Leg, Row, gather
from providers.bitrix24.lists import DEAL, USERS
from providers.bitrix24.mapping import UNREADABLE, directory, sift
from providers.bitrix24.mapping.crm import Reading
from providers.bitrix24.mapping.fields import Custom, customs, keep
from providers.bitrix24.walk import whole

GOOD_FOR = timedelta(hours=1)
"""How long this knowledge is used before it is read again."""
CLASSIC = 1
_SET_ZONE = "set `timezone` in the configuration"
DIRECTORIES: tuple[type[Record], ...] = (Team, User, Pipeline, Stage, LossReason, Rate)


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything read at `read_at` (server time, the portal's own offset)."""

    read_at: datetime
    records: Mapping[type[Record], tuple[Record, ...]]
    refused: Mapping[type[Record], tuple[Refusal, ...]]
    reading: Reading
    customs: tuple[Custom, ...]
    classic: bool
    """Whether leads are switched on."""
    admin: bool
    """Whether the token's owner sees everything."""
    zone: str | None
    currency: str | None
    notes: tuple[str, ...]

    def knows(self, kind: type[Record], ident: str | None) -> bool:
        """Whether an id met in a row stands in a directory; ids of robots and integrators never will."""
        return ident is None or any(record.id == ident for record in self.records[kind])


def learn(client: Client, kit: Kit) -> Portal:
    """Read the directories. What the token may not read is noted and left empty; stages and fields are needed.

    Raises Broken where an answer has a shape from which nothing can be known.
    """
    try:
        return _learn(client, kit)
    except UNREADABLE as error:
        where, todo = client.http.where, "try again; if it stays, look at what the portal answers"
        raise Broken(f"what the portal tells of itself cannot be read: {error}", where=where, todo=todo) from error


def _learn(client: Client, kit: Kit) -> Portal:
    people = Leg(USERS, 0, None, 1)
    commands = _commands() | people.commands()
    outcomes = client.read(commands)
    told_at = client.now()
    notes: list[str] = []
    rows = {name: _rows(name, outcomes[name], notes) for name in _LISTS}
    rows["teams"] += _more_teams(client, outcomes["teams"], len(rows["teams"]))
    rows["users"] = _users(client, people, outcomes, notes)
    profile = php.table(_needed(outcomes["profile"]))
    if php.key(profile.get("ID")) is None:
        raise ValueError("the profile names nobody")
    mode = outcomes["mode"]
    fields = customs(php.table(_needed(outcomes["fields"])).get("fields"), rows["userfields"])
    kept, missing = keep(kit.wanted_fields, fields)
    later, _ = keep(kit.optional_fields, fields)
    notes += [f"there is no deal field {name!r}" for name in missing]
    admin = php.truth(profile.get("ADMIN")) is True
    if not admin:
        notes.append("the webhook's owner is no administrator: records hidden from him look as if they were not there")
    classic = int(mode.result) == CLASSIC if isinstance(mode, Reply) else True
    records, refused = _records(rows, told_at, str(profile.get("ID")) if admin else None, classic)
    base = directory.base_currency([row for row in rows["currencies"] if "CURRENCY" in row])
    zone, trouble = _zone(profile.get("TIME_ZONE"), told_at)
    return Portal(
        read_at=told_at,
        records=records,
        refused=refused,
        reading=Reading(_outcomes(records[Stage]), (*kept, *later), base or "RUB", kit.keep_names, kit.test_words),
        customs=fields,
        classic=classic,
        admin=admin,
        zone=zone,
        currency=base,
        notes=(*notes, *trouble),
    )


_LISTS = {"teams": "", "pipelines": "categories", "stages": "", "currencies": "", "userfields": ""}
"""Command → where its answer keeps the rows."""
_OPTIONAL = {"teams", "currencies", "userfields"}


def _commands() -> dict[str, Command]:
    return {
        "profile": Command("profile"),
        "mode": Command("crm.settings.mode.get"),
        "teams": Command("department.get", {"sort": "ID", "order": "ASC", "START": 0}),
        "pipelines": Command("crm.category.list", {"entityTypeId": DEAL}),
        "stages": Command("crm.status.list", {"order": {"SORT": "ASC"}}),
        "currencies": Command("crm.currency.list"),
        "fields": Command("crm.item.fields", {"entityTypeId": DEAL}),
        "userfields": Command("crm.deal.userfield.list", {"filter": {"LANG": "ru"}}),
    }


def _needed(outcome: Reply | KpiError) -> Any:
    if isinstance(outcome, KpiError):
        raise outcome
    return outcome.result


def _rows(name: str, outcome: Reply | KpiError, notes: list[str]) -> list[Row]:
    if isinstance(outcome, Forbidden) and name in _OPTIONAL:
        notes.append(f"no right to read {name}: {outcome.what}")
        return []
    result = _needed(outcome)
    inside = _LISTS[name]
    return [row for row in php.rows(php.table(result).get(inside) if inside else result) if isinstance(row, dict)]


def _more_teams(client: Client, first: Reply | KpiError, have: int) -> list[Row]:
    """Departments beyond the first 50: ordered by id, so new ones only come at the end."""
    total = first.total if isinstance(first, Reply) and first.total else 0
    starts = range(PAGE, total, PAGE) if have >= PAGE else range(0)
    pages = client.each(
        {
            f"teams_{start}": Command("department.get", {"sort": "ID", "order": "ASC", "START": start})
            for start in starts
        }
    )
    return [row for page in pages.values() for row in php.rows(page.result)]


def _users(client: Client, leg: Leg, outcomes: Mapping[str, Reply | KpiError], notes: list[str]) -> list[Row]:
    try:
        first = gather(leg, outcomes)
        if first.ended:
            return first.rows
        return first.rows + whole(client, [Leg(USERS, first.last, None, MOST // 2)])[USERS.name]
    except Forbidden as error:
        notes.append(f"no right to read users: {error.what}")
        return []


def _records(
    rows: Mapping[str, list[Row]], told_at: datetime, admin_id: str | None, classic: bool
) -> tuple[dict[type[Record], tuple[Record, ...]], dict[type[Record], tuple[Refusal, ...]]]:
    sifted: dict[type[Record], tuple[list[Record], list[Refusal]]] = {
        Team: sift(Team, rows["teams"], directory.team),
        User: sift(User, rows["users"], lambda row: directory.user(row, admin_id)),
        Pipeline: sift(Pipeline, rows["pipelines"], directory.pipeline),
        Stage: sift(Stage, rows["stages"], directory.stage),
        Rate: sift(Rate, rows["currencies"], lambda row: directory.rate(row, told_at.date())),
    }
    records: dict[type[Record], tuple[Record, ...]] = {kind: tuple(found) for kind, (found, _) in sifted.items()}
    if classic:
        records[Pipeline] += (directory.leads_pipeline(),)
    reasons = (directory.loss_reason(stage) for stage in records[Stage] if isinstance(stage, Stage))
    records[LossReason] = tuple(reason for reason in reasons if reason)
    return records, {kind: tuple(refused) for kind, (_, refused) in sifted.items()} | {LossReason: ()}


def _outcomes(stages: tuple[Record, ...]) -> dict[str, Any]:
    return {stage.id: stage.outcome for stage in stages if isinstance(stage, Stage)}


def _zone(told: Any, now: datetime) -> tuple[str | None, tuple[str, ...]]:
    """The portal tells its offset, never its zone: the owner's zone where the offsets agree, else the bare offset.

    And what a person should know: a zone nobody knows, an offset that is no zone.
    """
    offset = now.utcoffset() or timedelta(0)
    name = php.zone(told)
    if name and now.astimezone(ZoneInfo(name)).utcoffset() == offset:
        return name, ()
    hours, rest = divmod(int(offset.total_seconds()), 3600)
    bare = None if rest else php.zone(f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC")
    if bare is None:
        return None, (f"no time zone is known for the portal's offset {now:%z}: {_SET_ZONE}",)
    if told and name is None:
        return bare, (f"the time zone {told!r} of the webhook's owner is not known here, {bare} is taken: {_SET_ZONE}",)
    return bare, ()
