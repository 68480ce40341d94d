"""The company put together: eight sellers, two heads, six months or more, and the planted truths, the same in every
run.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connector.pretend.happenings import (
    Called,
    Company,
    Deleted,
    Enquired,
    Happening,
    MeetingPlanned,
    Moved,
    Priced,
    Reassigned,
    Renamed,
    Rescheduled,
    TaskSet,
)
from connector.pretend.people import SELLERS, ZONE, Seller, founding, moscow
from connector.pretend.planted import leaving, planted
from connector.pretend.stories import Customer, Numbers, Teller

START, END = moscow(2026, 4, 1), moscow(2026, 10, 1)
MONTHS = 6
LEAVER, HEIR, LEFT = 508, 505, moscow(2026, 7, 15, 18)
MASS_EDIT = moscow(2026, 9, 10, 13, 13, 13)


def build(seed: int = 2026, months: int = MONTHS) -> Company:
    """The whole plan, in time order. Another seed is another company with the same planted truths; more months come
    before, and change nothing of the last ones.
    """
    start, numbers = _months_before_end(months), Numbers()
    told = founding(start - timedelta(days=1))
    for seller in SELLERS:
        teller = Teller(random.Random(seed * 1000 + seller.id), numbers, END)
        told += _enquiries_of(teller, seller, START, END - timedelta(days=1))
    told += planted(itertools.count(9001), itertools.count(40001), itertools.count(190001), itertools.count(390001))
    earlier = _earlier(seed, start)
    told += leaving(_open_at_leaving(told + earlier), LEAVER, HEIR)
    told += _mass_edit(told) + earlier
    told.sort(key=lambda happening: happening.at)
    return Company(_utc(start), _utc(END), ZONE.key, "RUB", tuple(_in_utc(told)))


def _months_before_end(months: int) -> datetime:
    year, month = divmod(END.year * 12 + END.month - 1 - months, 12)
    return moscow(year, month + 1, 1)


def _earlier(seed: int, start: datetime) -> list[Happening]:
    """What was asked for before the half-year that everything else is about, with what came of it."""
    told, numbers = list[Happening](), Numbers.earlier()
    for seller in SELLERS:
        teller = Teller(random.Random(-seed * 1000 - seller.id), numbers, END)
        told += _enquiries_of(teller, seller, start, START)
    return told


def _enquiries_of(teller: Teller, seller: Seller, start: datetime, until: datetime) -> list[Happening]:
    """Every enquiry of one seller in this time, if he has not left; one in six comes from a client known before."""
    told: list[Happening] = []
    known: list[Customer] = []
    for at in _enquiry_moments(teller.chance, seller.pace, start, until):
        if seller.id == LEAVER and at >= LEFT - timedelta(days=5):
            break
        back = teller.chance.choice(known) if len(known) > 8 and teller.chance.random() < 0.17 else None
        customer, story = teller.enquiry(at, seller, back)
        told += [h for h in story if seller.id != LEAVER or h.at < LEFT]
        if back is None:
            known.append(customer)
    return told


def _enquiry_moments(chance: random.Random, pace: float, start: datetime, until: datetime) -> Iterator[datetime]:
    """Mostly by day, some at night and at weekends."""
    at = start + timedelta(hours=10)
    while at < until:
        yield at.replace(microsecond=0)
        at += timedelta(hours=24 * 1.4 * chance.expovariate(pace))
        if chance.random() < 0.75 and not 9 <= at.hour < 17:
            at = at.replace(hour=9) + timedelta(hours=8 * chance.random())


def _open_at_leaving(told: list[Happening]) -> list[int]:
    mine = {h.deal for h in told if isinstance(h, Enquired) and h.owner == LEAVER}
    closed = {h.deal for h in told if isinstance(h, Moved) and h.stage in ("won", "lost")}
    return sorted(mine - closed)


def _mass_edit(told: list[Happening]) -> list[Happening]:
    """600 deals renamed by an import in one second: more than a page with one updated_at."""
    deals = sorted(h.deal for h in told if isinstance(h, Enquired) and h.at < MASS_EDIT)[:600]
    return [Renamed(MASS_EDIT, deal, f"Заявка {deal} (архив)", 1) for deal in deals]


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _in_utc(told: list[Happening]) -> Iterator[Happening]:
    for happening in told:
        object.__setattr__(happening, "at", _utc(happening.at))
        if isinstance(happening, MeetingPlanned | TaskSet | Rescheduled):
            object.__setattr__(happening, "due", _utc(happening.due))
        yield happening


def counts(company: Company) -> dict[str, int]:
    """How much happened, for the demo's first lines."""
    kinds = {"deal": Enquired, "call": Called, "meeting": MeetingPlanned}
    return {name: sum(isinstance(h, kind) for h in company.happenings) for name, kind in kinds.items()}


def watch(company: Company) -> list[datetime]:
    """When an observer must have looked to know what a CRM without owner and price history forgets: just before each
    reassignment, each change of a won deal's amount, and each deletion."""
    won: set[int] = set()
    moments: set[datetime] = set()
    for happening in company.happenings:
        if isinstance(happening, Moved) and happening.stage == "won":
            won.add(happening.deal)
        forgets = isinstance(happening, Reassigned | Deleted) or (
            isinstance(happening, Priced) and happening.deal in won
        )
        if forgets:
            moments.add(happening.at - timedelta(seconds=1))
    return sorted(moments)
