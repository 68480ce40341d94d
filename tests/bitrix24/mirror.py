"""What a store would hold after pulls, and what the sandbox's portal holds, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from connector.provider import Page, Provider
from connector.records import KINDS, Call, Deal, Lead, Meeting, Move, Record
from providers.bitrix24.sandbox.rows import DEAL, LEAD


@dataclass
class Mirror:
    """Rows by kind and id, newest first to win; the cursor after each page."""

    rows: dict[type[Record], dict[str, Record]] = field(default_factory=dict)
    cursors: dict[type[Record], str] = field(default_factory=dict)
    pages: int = 0

    def sync(self, provider: Provider, kinds: Iterable[type[Record]] = KINDS) -> None:
        for kind in kinds:
            if kind in provider.can.kinds:
                for page in provider.pull(kind, self.cursors.get(kind)):
                    self.save(kind, page)

    def save(self, kind: type[Record], page: Page) -> None:
        assert page.refused == () or list(page.refused) == []
        held = self.rows.setdefault(kind, {})
        for record in page.records:
            known = held.get(record.id)
            newer = (
                known is None or known.updated_at is None or (record.updated_at or known.updated_at) >= known.updated_at
            )
            if newer:
                held[record.id] = record
        self.cursors[kind] = page.cursor
        self.pages += 1

    def sold(self) -> dict[str, tuple[Any, ...]]:
        """Deals and leads in the portal's own terms."""
        found: dict[str, tuple[Any, ...]] = {}
        for record in self.rows.get(Deal, {}).values():
            assert isinstance(record, Deal)
            found[record.ref] = (record.stage_id, record.owner_id, record.amount, record.currency, record.updated_at)
        for record in self.rows.get(Lead, {}).values():
            assert isinstance(record, Lead)
            found[record.ref] = (record.stage_id.removeprefix("lead/"), record.owner_id, record.updated_at)
        return found

    def moves(self) -> set[tuple[Any, ...]]:
        return {
            (m.id, m.of, m.stage_id.removeprefix("lead/"), m.outcome, m.at)
            for m in self.rows.get(Move, {}).values()
            if isinstance(m, Move)
        }

    def calls(self) -> dict[str, tuple[Any, ...]]:
        return {
            c.id: (c.at, c.direction, c.answered, c.seconds, c.user_id)
            for c in self.rows.get(Call, {}).values()
            if isinstance(c, Call)
        }

    def meetings(self) -> dict[str, Any]:
        return {m.id: m.done_at for m in self.rows.get(Meeting, {}).values() if isinstance(m, Meeting)}


def sold_in(portal: Any) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for item in portal.items[DEAL].rows.values():
        found[f"deal:{item.id}"] = (item.stage, str(item.owner), item.amount, item.currency, seconds(item.updated))
    for item in portal.items[LEAD].rows.values() if portal.classic else ():
        found[f"lead:{item.id}"] = (item.stage, str(item.owner), seconds(item.updated))
    return found


def seconds(moment: Any) -> Any:
    """As the wire has it: without a fraction."""
    return moment.replace(microsecond=0)
