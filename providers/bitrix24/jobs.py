"""Commands that write fields, and what became of each: done, already so, a person's, refused, not run, unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.errors import KpiError, Limited, Refused, Uncertain
from connector.wishes import Delivered
from providers.bitrix24 import php
from providers.bitrix24.batch import Command, NotRun, Reply
from providers.bitrix24.client import Client
from providers.bitrix24.mapping.fields import Custom
from providers.bitrix24.values import Change, Slot


@dataclass(frozen=True, slots=True)
class Job:
    """One item's change and the command that makes it."""

    key: str
    crm_id: str | None
    change: Change
    slots: Mapping[str, Slot]
    command: Command

    def standing(self) -> Delivered:
        """The outcome where there is nothing to send."""
        change = self.change
        if change.theirs:
            told = f"a person changed {', '.join(change.theirs)}: left alone"
            return self._told("conflict", told)
        if change.absent:
            return self._told("rejected", f"the portal has no field {', '.join(change.absent)}: they must be prepared")
        return self._told("noop", "")

    def outcome(self, outcome: Reply | KpiError) -> Delivered:
        """What the portal made of the command. Its answer holds the whole item: what is not in it was not written."""
        if isinstance(outcome, KpiError):
            return failed(self.key, outcome, self.change.before)
        row = php.table(php.table(outcome.result).get("item"))
        crm_id = self.crm_id or php.key(row.get("id"))
        after = {code: self.slots[code].shown(row.get(self.slots[code].name)) for code in self.change.write}
        ignored = [code for code, now in after.items() if now == self.change.before.get(code)]
        if ignored and len(ignored) == len(after):
            return self._told("rejected", f"the portal took no notice of {', '.join(ignored)}", crm_id)
        words = []
        if self.change.theirs:
            words.append(f"a person changed {', '.join(self.change.theirs)}: left alone")
        if ignored or self.change.absent:
            words.append(f"the portal took no notice of {', '.join((*ignored, *self.change.absent))}")
        return Delivered(
            key=self.key, status="done", crm_id=crm_id, before=self.change.before, after=after, message="; ".join(words)
        )

    def _told(self, status: Any, message: str, crm_id: str | None = None) -> Delivered:
        after = self.change.before if status == "noop" else {}
        return Delivered(
            key=self.key,
            status=status,
            crm_id=crm_id or self.crm_id,
            before=self.change.before,
            after=after,
            message=message,
        )


def failed(key: str, error: KpiError, before: Mapping[str, str | None] | None = None) -> Delivered:
    """The outcome of a command that was refused, not run, or whose answer proves nothing."""
    known = dict(before or {})
    if isinstance(error, Refused):
        return Delivered(key=key, status="rejected", before=known, message=error.what)
    if isinstance(error, Limited | NotRun):
        return Delivered(key=key, status="retry", before=known, message=str(error))
    return Delivered(key=key, status="unknown", before=known, message=str(error))


def update(entity: int, crm_id: str, change: Change, slots: Mapping[str, Slot]) -> Command:
    """`crm.item.update` of what differs and is ours; the same text as JSON would carry, so nothing changes type."""
    fields = {slots[code].name: slots[code].sent(value) for code, value in change.write.items()}
    return Command("crm.item.update", {"entityTypeId": entity, "id": crm_id, "fields": fields})


def send(client: Client, commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
    """A batch of writes; a lost answer is what became of each of them. Raises what stopped it before it ran."""
    if not commands:
        return {}
    try:
        return client.write(commands)
    except Uncertain as lost:
        return dict.fromkeys(commands, lost)


def carry_out(client: Client, jobs: Mapping[str, Job]) -> list[Delivered]:
    """Send the jobs in one batch, judge each alone."""
    outcomes = send(client, {name: job.command for name, job in jobs.items()})
    return [jobs[name].outcome(outcome) for name, outcome in outcomes.items()]


def slots_of(customs: Sequence[Custom], entity: str = "") -> dict[str, Slot]:
    """Our code (KPI_PLAN) -> the field as items carry it."""
    start = f"UF_CRM_{entity}_" if entity else "UF_CRM_"
    return {
        custom.code.removeprefix(start): Slot(custom.name, custom.type)
        for custom in customs
        if custom.code.startswith(start)
    }
