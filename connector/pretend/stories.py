"""The random but repeatable part of the company: enquiries come, are called, met, won, lost, rated and refunded."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from connector.pretend.happenings import (
    ROBOT,
    Called,
    ClientCame,
    Enquired,
    Happening,
    MeetingHeld,
    MeetingPlanned,
    Moved,
    Priced,
    Rated,
    Refunded,
)
from connector.pretend.people import SALES, UPSALES, ZONE, Seller

SOURCES = ("Сайт", "Звонок", "Рекомендация", "Реклама", "Выставка")
REASONS = ("Дорого", "Купили у конкурента", "Не отвечает", "Передумали")
JUNK = "Спам"


@dataclass(slots=True)
class Numbers:
    """Fresh ids, the same in every run."""

    deal: Iterator[int] = field(default_factory=lambda: itertools.count(7001))
    contact: Iterator[int] = field(default_factory=lambda: itertools.count(20001))
    company: Iterator[int] = field(default_factory=lambda: itertools.count(50001))
    call: Iterator[int] = field(default_factory=lambda: itertools.count(90001))
    meeting: Iterator[int] = field(default_factory=lambda: itertools.count(300001))

    @classmethod
    def earlier(cls) -> Numbers:
        """Of what happened before: lower ones, that none is given twice."""
        starts = {"deal": 1001, "contact": 10001, "company": 45001, "call": 30001, "meeting": 200001}
        return cls(**{name: itertools.count(start) for name, start in starts.items()})


@dataclass(frozen=True, slots=True)
class Customer:
    """A contact and perhaps its company."""

    contact: int
    company: int | None
    phone: str


@dataclass(slots=True)
class Teller:
    """Tells stories of one seller; what it tells depends on the seed and the order of calls only."""

    chance: random.Random
    numbers: Numbers
    end: datetime

    def customer(self, at: datetime, seller: Seller) -> tuple[Customer, ClientCame]:
        """Somebody new; two in five come with a company."""
        contact = next(self.numbers.contact)
        company = next(self.numbers.company) if self.chance.random() < 0.4 else None
        phone = f"+7916{contact:07d}"
        return Customer(contact, company, phone), ClientCame(at, contact, company, phone, seller.id)

    def enquiry(self, at: datetime, seller: Seller, known: Customer | None) -> tuple[Customer, list[Happening]]:
        """One enquiry and all that follows from it before the end of the plan."""
        told: list[Happening] = []
        who = known
        if who is None:
            who, came = self.customer(at - timedelta(seconds=2), seller)
            told.append(came)
        deal = next(self.numbers.deal)
        mine = self.chance.random() < 0.08
        told.append(
            Enquired(
                at,
                deal,
                f"Заявка {deal}",
                who.contact,
                who.company,
                seller.id,
                seller.id if mine else ROBOT,
                UPSALES if known else SALES,
                self.chance.choice(SOURCES),
                unsorted=not mine and self.chance.random() < 0.25,
            )
        )
        told += self.follow_up(at, deal, seller, who)
        return who, [h for h in told if h.at < self.end]

    def follow_up(self, at: datetime, deal: int, seller: Seller, who: Customer) -> list[Happening]:
        """Junk, silence, or a conversation that leads somewhere."""
        fate = self.chance.random()
        if fate < 0.06:
            return [Moved(at + timedelta(minutes=self.chance.randint(20, 600)), deal, "lost", seller.id, reason=JUNK)]
        if fate < 0.12:
            return self.attempts(self.office(at, 60), deal, seller, who, connected=False)
        answered = self.office(at, self.chance.lognormvariate(0, 0.9) * seller.slow)
        told = self.attempts(answered, deal, seller, who, connected=True)
        moved = told[-1].at + timedelta(seconds=self.chance.randint(200, 900))
        told.append(Moved(moved, deal, "contacted", seller.id))
        return told + self.bargain(moved, deal, seller, who)

    def attempts(self, at: datetime, deal: int, seller: Seller, who: Customer, *, connected: bool) -> list[Happening]:
        """Calls out that nobody took, and at last one that reached a person."""
        told: list[Happening] = []
        for _ in range(self.chance.choice((0, 0, 0, 1, 2)) if connected else 2):
            told.append(self.call(at, seller, who, None, answered=False, seconds=0))
            at = self.office(at + timedelta(minutes=1), self.chance.randint(4, 40))
        if connected:
            seconds = self.chance.choice((12, 25, 45, 58, 75, 130, 240, 420)) + self.chance.randint(0, 20)
            told.append(self.call(at, seller, who, deal, answered=True, seconds=seconds))
        return told

    def bargain(self, at: datetime, deal: int, seller: Seller, who: Customer) -> list[Happening]:
        """Proposal, calls, perhaps a meeting, and an end, or none yet."""
        told: list[Happening] = []
        roubles = round(seller.check * self.chance.lognormvariate(0, 0.55) / 100) * 100
        at = self.office(at + timedelta(hours=self.chance.randint(2, 40)), self.chance.randint(1, 90))
        told += [
            Priced(at, deal, roubles * 100, seller.id),
            Moved(at + timedelta(minutes=2), deal, "proposal", seller.id),
        ]
        for _ in range(self.chance.randint(0, 3)):
            at = self.office(at + timedelta(hours=self.chance.randint(8, 70)), self.chance.randint(1, 200))
            told.append(self.talk(at, seller, who, deal))
        if self.chance.random() < 0.35:
            at = self.office(at + timedelta(days=self.chance.randint(1, 5)), self.chance.randint(1, 200))
            told += self.meeting(at, deal, seller)
        at = self.office(at + timedelta(days=self.chance.randint(1, 14)), self.chance.randint(1, 300))
        return told + self.ending(at, deal, seller, roubles)

    def ending(self, at: datetime, deal: int, seller: Seller, roubles: int) -> list[Happening]:
        """Won, lost, or still open."""
        fate = self.chance.random()
        if fate < seller.wins:
            return [Moved(at, deal, "won", seller.id), *self.afterwards(at, deal, roubles)]
        if fate < 0.85:
            return [Moved(at, deal, "lost", seller.id, reason=self.chance.choice(REASONS))]
        return []

    def afterwards(self, at: datetime, deal: int, roubles: int) -> list[Happening]:
        """Half of the clients rate, a few want money back."""
        told: list[Happening] = []
        if self.chance.random() < 0.55:
            rated = at + timedelta(days=self.chance.randint(1, 9), seconds=self.chance.randint(0, 9999))
            told.append(Rated(rated, deal, self.chance.choice((5, 5, 5, 4, 4, 3, 2))))
        if self.chance.random() < 0.07:
            back = at + timedelta(days=self.chance.randint(3, 60), seconds=self.chance.randint(0, 9999))
            told.append(Refunded(back, deal, round(roubles * self.chance.choice((0.2, 0.5, 1.0))) * 100))
        return told

    def meeting(self, at: datetime, deal: int, seller: Seller) -> list[Happening]:
        number = next(self.numbers.meeting)
        planned: list[Happening] = [MeetingPlanned(at - timedelta(hours=20), number, seller.id, deal, at)]
        if self.chance.random() < 0.8:
            planned.append(MeetingHeld(at + timedelta(minutes=50), number, seller.id, "Обсудили предложение"))
        return planned

    def talk(self, at: datetime, seller: Seller, who: Customer, deal: int) -> Called:
        """A later call: mostly ours, sometimes theirs, sometimes missed."""
        answered = self.chance.random() < 0.75
        seconds = self.chance.randint(8, 500) if answered else 0
        inward = self.chance.random() < 0.3
        return self.call(at, seller, who, deal, answered=answered, seconds=seconds, inward=inward)

    def call(
        self,
        at: datetime,
        seller: Seller,
        who: Customer,
        deal: int | None,
        *,
        answered: bool,
        seconds: int,
        inward: bool = False,
    ) -> Called:
        number = next(self.numbers.call)
        return Called(at, number, "in" if inward else "out", answered, seconds, seller.id, who.contact, deal)

    def office(self, at: datetime, minutes: float) -> datetime:
        """So many minutes later, moved to the next opening when the office is shut (rough: Mon-Fri, 9-18)."""
        at = at + timedelta(seconds=round(minutes * 60))
        local = at.astimezone(ZONE)
        while local.weekday() > 4 or local.time() >= time(18) or local.time() < time(9):
            day = local.date() + timedelta(days=0 if local.time() < time(9) else 1)
            local = datetime.combine(day, time(9, self.chance.randint(0, 20), self.chance.randint(0, 59)), ZONE)
            if local.weekday() > 4:
                local += timedelta(days=7 - local.weekday())
        return local
