"""Single records that the CRM showed or denied when asked for them by id, into the store in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy.engine import Connection

from connector.moment import from_ms
from connector.provider import DoubtsLists, Page, Provider
from connector.records import Gone, Record, Refusal, User
from connector.store import cursors
from connector.store.crm import memberships, records, refusals
from connector.store.engine import Store
from connector.store.leases import Fence

Shield = Callable[[Sequence[Record]], Sequence[Record]]
"""Takes away what must not be kept again (connector/store/private/erased.py)."""


def unshielded(rows: Sequence[Record]) -> Sequence[Record]:
    """Nobody was erased."""
    return rows


@dataclass(frozen=True, slots=True)
class Kept:
    """Records newly gone, found (new, or back again), and those that were otherwise than known."""

    gone: int = 0
    found: int = 0
    changed: int = 0

    @property
    def news(self) -> int:
        """What was not known before."""
        return self.gone + self.found + self.changed


@dataclass(frozen=True, slots=True)
class Keeper:
    """Into which account, by what right."""

    store: Store
    account: int
    provider: Provider
    fence: Fence | None
    now: Callable[[], int]
    shield: Shield = unshielded

    def keep(self, kind: type[Record], answers: Sequence[Record | Gone]) -> Kept:
        """Neither the stream's cursor moves nor the moment that its data is as of; before the first read: nothing."""
        gone = self._sure(kind, [answer.id for answer in answers if isinstance(answer, Gone)])
        there = self.shield([answer for answer in answers if not isinstance(answer, Gone)])
        with self.store.write() as conn:
            if self.fence is not None:
                self.fence.check(conn)
            newly = records.mark_gone(conn, self.account, kind, gone, now=self.now())
            if kind is User:
                _left(conn, self.account, gone, self.now())
            return self._there(conn, kind, there, newly)

    def refuse(self, kind: type[Record], unreadable: Mapping[str, str]) -> None:
        """Why the answer about each of these ids could not be read: kept until the CRM shows it in another shape."""
        if not unreadable:
            return
        told = [Refusal(kind=kind.kind, id=id_, reason=why, raw="") for id_, why in unreadable.items()]
        with self.store.write() as conn:
            if self.fence is not None:
                self.fence.check(conn)
            refusals.keep(conn, self.account, told, now=self.now())

    def _sure(self, kind: type[Record], gone: Sequence[str]) -> Sequence[str]:
        """Those gone for certain: where only lists were looked at, the stored record knows where else to ask."""
        provider = self.provider
        if not gone or not isinstance(provider, DoubtsLists) or kind not in provider.doubted:
            return gone
        with self.store.read() as conn:
            known = records.get(conn, self.account, kind, gone)
        return list(provider.denied(list(known.values())))

    def _there(self, conn: Connection, kind: type[Record], there: Sequence[Record], gone: int) -> Kept:
        row = cursors.get(conn, self.account, kind.kind)
        if not there or row is None or row.cursor is None:
            return Kept(gone)
        can = self.provider.can
        saved = records.save_page(
            conn,
            self.account,
            kind,
            # what differs is dated now: dated as of the last pull it would come before what happened since
            Page(records=there, cursor=row.cursor, told_at=from_ms(self.now())),
            now=self.now(),
            observe_owner=can.owner_history == "observed",
            observe_price=can.price_history == "observed",
            observe_deadline=can.deadline_history == "observed",
            fence=self.fence,
        )
        cursors.date_back(conn, self.account, kind.kind, row.told_at)
        back = records.mark_back(conn, self.account, kind, [answer.id for answer in there], now=self.now())
        return Kept(gone, saved.new + back, saved.changed)


def _left(conn: Connection, account: int, ids: Sequence[str], now: int) -> None:
    """Who is no more in the CRM left when that was seen: switched off, in no team. What he did stays his."""
    known = records.get(conn, account, User, ids)
    left = [replace(user, active=False, team_ids=()) for user in known.values()]
    records.keep(conn, account, left, now=now)
    memberships.observe(conn, account, left, now=now)
