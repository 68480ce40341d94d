"""The workbench: one account, opened, with all that the flow needs at hand."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from connector.config import AccountSettings, Rules
from connector.errors import KpiError
from connector.kpi.text import Text
from connector.moment import WorkCalendar, from_ms, local_day, to_ms
from connector.provider import Account, Provider
from connector.redact import redact
from connector.store import accounts
from connector.store.engine import Store

if TYPE_CHECKING:  # numpy takes a while to load, and what writes is not asked before the CRM has answered
    from connector.advice.feedback.weeks import Weeks
    from connector.targets.likely.midway import Inside
    from connector.writeback.ahead import Ahead

T = TypeVar("T")
log = logging.getLogger("kpi")


@dataclass(slots=True)
class Workbench:
    """One account: its settings, its row in the store, its provider, its clock."""

    settings: AccountSettings
    store: Store
    account: int
    provider: Provider
    clock: Callable[[], datetime]
    offset: float = 0.0
    """Server minus local clock, seconds, as the CRM told when it was asked last."""
    backfilling: bool = False
    """A first read runs: nobody waits for fresh numbers, so the whole limit may be used."""
    vouched: dict[str, bool] = field(default_factory=dict)
    """By month: whether forecasts held on the months before it."""
    learned: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    """By month and KPI: what the months before it say of its running (pipeline/planning/midway.py)."""
    insides: dict[str, tuple[date, Mapping[str, Inside]]] = field(default_factory=dict, repr=False)
    """By month: the day on which its planned KPIs were drawn to its end last, and how."""
    carded: tuple[object, Mapping[str, Ahead]] | None = None
    """Where sellers' months end, as it stands on their cards; before it, for which day and plans that was looked at."""
    weeks: tuple[date, Weeks] | None = None
    """The whole weeks that rules of advice look at, and the day on which they were looked at."""
    spoilt: tuple[date, dict[str, Text]] | None = None
    """KPIs that the data put in doubt, and the day on which that was looked into."""
    key: bytes = field(default=b"", repr=False)
    """Seals what may not be read in the database: hooks, marks of the erased."""
    damage: str | None = None
    """What a turn of the daemon found damaged in the database, until a cycle goes well again."""
    address: str | None = None
    """Where people and the CRM reach us, as configured; None: nowhere from outside."""
    _zone: ZoneInfo | None = field(default=None)
    _calendar: tuple[Rules, ZoneInfo, WorkCalendar] | None = field(default=None, repr=False)

    def now(self) -> int:
        """The account's own time in epoch milliseconds: facts and outbox know no other."""
        return to_ms(self.clock()) + round(self.offset * 1000)

    def today(self) -> date:
        """The day that it is in the account's zone."""
        return local_day(from_ms(self.now()), self.zone())

    def zone(self) -> ZoneInfo:
        """The zone in which days and months are counted: the setting, else what the CRM told, else UTC."""
        if self._zone is None:
            with self.store.read() as conn:
                self._zone = self.settings.zone(accounts.get(conn, self.account).zone)
        return self._zone

    def currency(self) -> str:
        """The account's currency: the setting, else what the CRM told."""
        with self.store.read() as conn:
            return self.settings.currency or accounts.get(conn, self.account).currency or "RUB"

    def meet(self) -> Account:
        """Ask the CRM who it is; refuse another account than before; keep zone, currency and clock offset."""
        told = self.provider.account()
        self.offset = told.clock_offset
        zone, currency = self.settings.zone(told.zone), self.settings.currency or told.currency or "RUB"
        with self.store.write() as conn:
            accounts.describe(conn, self.account, told, zone.key, currency)
        self._zone = zone
        return told

    def calendar(self) -> WorkCalendar:
        """When this account's office works; kept, as every request asks and a year takes a millisecond to lay out."""
        rules, zone = self.settings.rules, self.zone()
        if (kept := self._calendar) is None or kept[0] is not rules or kept[1] is not zone:
            self._calendar = kept = (rules, zone, rules.calendar(zone))
        return kept[2]

    def share_of_limit(self) -> float:
        """People come first: less in working hours, everything at night and in a first read."""
        if self.backfilling:
            return 1.0
        at = self.clock()
        calendar = self.calendar()
        day = local_day(at, self.zone())
        opens, closes = calendar.opens(day), calendar.closes(day)
        busy = opens is not None and closes is not None and opens <= at < closes
        return self.settings.pace.working_hours if busy else self.settings.pace.otherwise


def surprised(surprise: Exception) -> KpiError:
    """A fault in our own code, in words, with nothing secret."""
    return KpiError(
        f"unexpected {type(surprise).__name__}: {redact(str(surprise))}",
        done="what was committed stays",
        todo="run again with KPI_LOG=INFO and report what it prints",
    )


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """What one account's part came to: a value, or the error that ended it while others went on."""

    account: str
    value: T | None = None
    error: KpiError | None = None


def each(opened: Iterable[Workbench], part: Callable[[Workbench], T]) -> list[Ended[T]]:
    """The same part for every account; one that fails delays none."""
    ended: list[Ended[T]] = []
    for bench in opened:
        try:
            ended.append(Ended(bench.settings.name, part(bench)))
        except KpiError as error:
            ended.append(Ended(bench.settings.name, error=error))
        except Exception as surprise:  # one account's fault in our own code must not end the others' work
            log.error("%s: unexpected", bench.settings.name, exc_info=surprise)
            ended.append(Ended(bench.settings.name, error=surprised(surprise)))
    return ended
