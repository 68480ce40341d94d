"""judge, beside the forecast of revenue: what the open deals say of the month's end, and what that was worth before.

deals as they stood in the months before -> which forecast the past prefers    once a month, kept with the day's chances
                                            (read first, reckoned with no transaction open)
deals open this morning                  -> each with its chance until the end  whenever a forecast is told
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from connector.decoding import decoded
from connector.kpi.chance import A_DAY, Chances
from connector.moment import Period, WorkCalendar, Zone, from_ms, to_ms
from connector.money import to_units
from connector.pipeline.bench import Workbench
from connector.pipeline.history import Past, share_between
from connector.records import Move, Price
from connector.store import chances as store
from connector.store.chances import End
from connector.targets.opinion.lives import Life, late
from connector.targets.opinion.passages import Passages
from connector.targets.opinion.standing import Odds, Standing, fresh_share
from connector.targets.opinion.trial import trial
from connector.targets.opinion.verdict import Kept, Verdict
from connector.targets.outlook import Second
from connector.targets.series import labels, months_before

_OUTCOMES: dict[str, Any] = {"win": "won", "loss": "lost"}
_TWENTIETHS = tuple(place / 20 for place in range(21))
_LOOKED = 6
"""Months from which is learned how many wins come from deals that are not there yet."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a trial looks at, read in one go, so that it is reckoned with no transaction open."""

    seen: Past
    lives: Sequence[Life]
    calendar: WorkCalendar
    zone: Zone


def gathered(bench: Workbench, conn: Connection, seen: Past) -> Material:
    """These months, and the deals."""
    return Material(seen, _lives(bench, conn, seen), bench.calendar(), bench.zone())


def reckoned(account: str, label: str, material: Material) -> Verdict:
    """What the second opinion was worth in the months before this one."""
    stood = Stood.of(material)
    wins = stood.late(label)
    people = material.seen.people
    return trial(account, people, label, stood, [fresh_share(wins, gone) for gone in _TWENTIETHS])


def opinion(bench: Workbench, conn: Connection, period: Period, at: datetime, gone: float) -> Second | None:
    """At the beginning of a local day, `gone`: the share of the month's working time that is over; None where too few
    deals were ever seen to their end, and until it was tried on the months before.
    """
    moment, end = to_ms(at), to_ms(period.bounds(bench.zone())[1])
    kept, worth = _kept(conn, bench.account, moment, period.label)
    if kept is None or worth is None:
        return None
    found: dict[str, list[Odds]] = {}
    for one in store.open_deals(conn, bench.account, as_of=max(moment, store.begun(conn, bench.account) or moment)):
        chance = kept.of(one.stage, (moment - one.since) / A_DAY, (end - moment) / A_DAY)
        if chance is None:
            return None
        amount = None if one.amount is None else float(to_units(one.amount, bench.currency()))
        found.setdefault(one.user, []).append(Odds(chance, amount))
    seen = Standing(found, worth.fresh_at(gone))
    return Second(seen if worth.sized else seen.unpriced(), worth)


def _kept(conn: Connection, account: int, moment: int, month: str) -> tuple[Chances | None, Verdict | None]:
    """The chances of the day before, on the first day its own, and what was tried for this month, whenever."""
    rows = store.latest(conn, account, as_of=moment), store.latest(conn, account)
    before, now = (None if row is None else decoded(row.body, Kept) for row in rows)
    worth = (one.verdict for one in (before, now) if one is not None and one.verdict is not None)
    return before or now, next((one for one in worth if one.month == month), None)


def _lives(bench: Workbench, conn: Connection, seen: Past) -> list[Life]:
    """Of every counted deal that the history tells of."""
    entries: dict[str, list[tuple[int, str]]] = {}
    for move in store.moves(conn, bench.account):
        if move.outcome == "open":
            entries.setdefault(_deal(move), []).append((to_ms(move.at), move.stage_id))
    changed: dict[str, list[Price]] = {}
    for price in store.prices(conn, bench.account):
        changed.setdefault(_deal(price), []).append(price)
    told = bench.provider.can.price_history == "exact"
    currency = bench.currency()
    return [
        Life(
            end.user if end.user in seen.names else None,
            tuple(sorted(entries.get(deal, ()))),
            _OUTCOMES.get(end.kind, "open"),
            end.at if end.kind in _OUTCOMES else None,
            _prices(changed.get(deal, ()), end, currency, told=told),
        )
        for deal, end in sorted(store.ends(conn, bench.account).items())
    ]


def _deal(record: Move | Price) -> str:
    return record.of.partition(":")[2]


def _prices(changed: Sequence[Price], end: End, currency: str, *, told: bool) -> tuple[tuple[int, float | None], ...]:
    """`told`: the CRM tells every change, so what never changed has always been what it is."""

    def units(amount: int | None) -> float | None:
        return None if amount is None else float(to_units(amount, currency))

    ordered = sorted(changed, key=lambda price: price.at)
    if any(price.currency not in (None, currency) for price in ordered) or not (ordered or told):
        return ()
    if not ordered:
        return ((0, units(end.amount)),)
    return ((0, units(ordered[0].before)), *((to_ms(price.at), units(price.amount)) for price in ordered))


@dataclass(slots=True)
class Stood:
    """The deals of past months as they stood; chances are those known when the month began, reckoned once for each."""

    passages: Passages
    months: Sequence[str]
    calendar: WorkCalendar
    zone: Zone
    known: dict[str, Chances] = field(default_factory=dict)
    wins: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """By month: of each win, when its deal was first seen and when it was won, by shares of its working time."""

    @classmethod
    def of(cls, material: Material) -> Stood:
        """Of the account's deals and the months of its people."""
        passages = Passages.of(material.lives)
        return cls(passages, labels(material.seen.people), material.calendar, material.zone)

    def __call__(self, label: str, cut: float) -> Standing:
        start, end = (to_ms(edge) for edge in self._bounds(label))
        if label not in self.known:
            self.known[label] = self.passages.chances(start)
        moment = to_ms(self._moment(label, cut))
        open = self.passages.standing(self.known[label], moment, end)
        return Standing(open, fresh_share(self.late(label), cut))

    def late(self, label: str) -> list[tuple[float, float]]:
        """Of each win in the months before: when its deal was first seen, and when it was won."""
        if not self.wins:
            self.wins = self._by_month()
        return [win for one in months_before(label, _LOOKED) for win in self.wins.get(one, ())]

    def _by_month(self) -> dict[str, list[tuple[float, float]]]:
        """Looked at once: months lie in the past of several others, and working time is asked for one by one."""
        spans = [self._bounds(one) for one in self.months]
        found: dict[str, list[tuple[float, float]]] = {one: [] for one in self.months}
        for place, seen, won in late(self.passages.lives, [(to_ms(start), to_ms(end)) for start, end in spans]):
            first, then = (share_between(self.calendar, spans[place], from_ms(at)) for at in (seen, won))
            found[self.months[place]].append((first, then))
        return found

    def _bounds(self, label: str) -> tuple[datetime, datetime]:
        return Period.parse(label).bounds(self.zone)

    def _moment(self, label: str, cut: float) -> datetime:
        """When this share of the month's working time was over."""
        start, end = self._bounds(label)
        return self.calendar.after(start, round(self.calendar.seconds(start, end) * cut))
