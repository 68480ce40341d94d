"""The planted truths: cases that tell a right KPI from a nearly right one, each by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from connector.pretend.happenings import (
    ROBOT,
    Called,
    ClientCame,
    Deleted,
    Enquired,
    Happening,
    LeftCompany,
    Moved,
    Priced,
    Rated,
    Reassigned,
    Refunded,
    Rescheduled,
    Restored,
    TaskDone,
    TaskSet,
)
from connector.pretend.people import HEADS, SALES, SERVICE, moscow

HEAD = HEADS[0][0]
MINUTE = timedelta(minutes=1)
PLANTED: dict[str, int] = {}
"""Which deal stands for which case, filled by `planted`."""


@dataclass(slots=True)
class Bed:
    """Where cases are planted: hands out ids and writes the common beginning of a deal."""

    deals: Iterator[int]
    contacts: Iterator[int]
    calls: Iterator[int]
    tasks: Iterator[int]
    told: list[Happening]

    def start(
        self, name: str, at: datetime, owner: int, *, by: int = ROBOT, pipeline: int = SALES, contact: bool = True
    ) -> tuple[int, int | None]:
        """An enquiry with a new private client; returns deal and contact."""
        deal, who = next(self.deals), next(self.contacts) if contact else None
        PLANTED[name] = deal
        if who is not None:
            self.told.append(ClientCame(at - timedelta(seconds=2), who, None, f"+7926{who:07d}", owner))
        self.told.append(Enquired(at, deal, f"Особый случай: {name}", who, None, owner, by, pipeline, "Сайт"))
        return deal, who

    def sale(self, name: str, won: datetime, owner: int, roubles: int | None, **more: object) -> int:
        """A deal won at `won`, contacted an hour and priced half an hour before."""
        pipeline = int(more.get("pipeline", SALES))  # type: ignore[call-overload]
        deal, _ = self.start(name, won - 120 * MINUTE, owner, by=owner, pipeline=pipeline)
        self.told.append(Moved(won - 60 * MINUTE, deal, "contacted", owner))
        if roubles is not None:
            currency = str(more.get("currency", "RUB"))
            self.told.append(Priced(won - 30 * MINUTE, deal, roubles * 100, owner, currency))
        self.told.append(Moved(won, deal, "won", owner))
        return deal

    def caller(self, at: datetime, owner: int) -> int:
        """Somebody new who has no deal and only calls."""
        who = next(self.contacts)
        self.told.append(ClientCame(at - timedelta(seconds=2), who, None, f"+7926{who:07d}", owner))
        return who

    def call(self, at: datetime, user: int, contact: int, seconds: int, *, inward: bool = False) -> None:
        """A call on the contact; of no seconds: nobody answered."""
        self.told.append(Called(at, next(self.calls), "in" if inward else "out", seconds > 0, seconds, user, contact))

    def task(self, at: datetime, user: int, deal: str, *dues: datetime, todo: bool = False) -> int:
        """A task on a planted deal, moved to each further deadline an hour before the nearer one."""
        number = next(self.tasks)
        self.told.append(TaskSet(at, number, user, PLANTED[deal], dues[0], todo))
        for before, due in pairwise(dues):
            self.told.append(Rescheduled(min(before, due) - 60 * MINUTE, number, due, user))
        return number


Case = Callable[[Bed], None]


def _reassigned_after_win(bed: Bed) -> None:
    deal = bed.sale("reassigned after the win", moscow(2026, 5, 14, 12), 501, 90_000)
    bed.told.append(Reassigned(moscow(2026, 5, 20, 10), deal, 502, HEAD))


def _reassigned_before_win(bed: Bed) -> None:
    deal = bed.sale("reassigned before the win", moscow(2026, 5, 21, 12), 501, 41_000)
    bed.told.append(Reassigned(moscow(2026, 5, 21, 11, 10), deal, 504, HEAD))


def _reopened_and_won_again(bed: Bed) -> None:
    deal = bed.sale("reopened and won again", moscow(2026, 5, 26, 12), 503, 70_000)
    bed.told += [Moved(moscow(2026, 6, 2, 11), deal, "proposal", 503), Moved(moscow(2026, 6, 9, 15), deal, "won", 503)]


def _reopened_and_lost(bed: Bed) -> None:
    deal = bed.sale("reopened and lost", moscow(2026, 6, 10, 12), 504, 55_000)
    bed.told.append(Moved(moscow(2026, 6, 15, 11), deal, "proposal", 504))
    bed.told.append(Moved(moscow(2026, 6, 24, 15), deal, "lost", 504, reason="Дорого"))


def _deleted_after_win(bed: Bed) -> None:
    deal = bed.sale("deleted after the win", moscow(2026, 6, 17, 12), 505, 110_000)
    bed.told.append(Deleted(moscow(2026, 7, 3, 12), deal, HEAD))


def _deleted_and_restored(bed: Bed) -> None:
    deal = bed.sale("deleted and restored", moscow(2026, 6, 18, 12), 505, 64_000)
    bed.told += [Deleted(moscow(2026, 6, 22, 12), deal, HEAD), Restored(moscow(2026, 6, 22, 16), deal, HEAD)]


def _zero_amount(bed: Bed) -> None:
    bed.sale("won with zero amount", moscow(2026, 7, 7, 12), 506, 0)
    bed.sale("won without amount", moscow(2026, 7, 8, 12), 506, None)


def _around_midnight(bed: Bed) -> None:
    bed.sale("half an hour before midnight at a month's end", moscow(2026, 6, 30, 23, 30), 502, 33_000)
    bed.sale("half an hour after midnight at a month's start", moscow(2026, 7, 1, 0, 30), 502, 34_000)
    bed.sale("the last second of a month", moscow(2026, 7, 31, 23, 59, 59), 502, 35_000)
    bed.sale("the first second of a month", moscow(2026, 8, 1), 502, 36_000)


def _amount_edited_after_win(bed: Bed) -> None:
    deal = bed.sale("amount edited after the win", moscow(2026, 7, 14, 12), 501, 80_000)
    bed.told.append(Priced(moscow(2026, 7, 29, 12), deal, 20_000 * 100, 501))


def _currencies(bed: Bed) -> None:
    bed.sale("won in dollars", moscow(2026, 7, 15, 12), 505, 1_000, currency="USD")
    bed.sale("won in a currency without a rate", moscow(2026, 7, 16, 12), 505, 900, currency="GBP")


def _service_pipeline(bed: Bed) -> None:
    bed.sale("won in the service pipeline", moscow(2026, 7, 20, 12), 503, 500_000, pipeline=SERVICE)


def _thresholds(bed: Bed) -> None:
    for name, seconds in (("59 seconds", 59), ("60 seconds", 60), ("9 seconds", 9), ("10 seconds", 10)):
        at = moscow(2026, 8, 4, 11) + seconds * MINUTE
        _, who = bed.start(f"call of {name}", at, 504)
        bed.call(at + 5 * MINUTE, 504, who or 0, seconds)


def _odd_hours(bed: Bed) -> None:
    cases = (
        ("lead at night", moscow(2026, 8, 11, 2, 40), moscow(2026, 8, 11, 9, 10)),
        ("lead on Saturday", moscow(2026, 8, 15, 15), moscow(2026, 8, 17, 9, 20)),
        ("lead on a holiday", moscow(2026, 6, 12, 11), moscow(2026, 6, 15, 9, 5)),
        ("lead on a transferred day off", moscow(2026, 5, 11, 11), moscow(2026, 5, 12, 9, 14)),
        ("lead on Friday evening", moscow(2026, 8, 21, 17, 50), moscow(2026, 8, 24, 9, 4)),
        ("lead before a short day's end", moscow(2026, 6, 11, 16, 55), moscow(2026, 6, 15, 9, 9)),
        ("answered at night", moscow(2026, 8, 12, 22), moscow(2026, 8, 12, 22, 30)),
    )
    for name, at, answered in cases:
        _, who = bed.start(name, at, 506)
        bed.call(answered, 506, who or 0, 95)


def _silences(bed: Bed) -> None:
    bed.start("never answered", moscow(2026, 8, 18, 11), 501)
    bed.start("not answered yet, inside the norm", moscow(2026, 9, 30, 17, 55), 501)
    bed.start("no client at all", moscow(2026, 8, 19, 11), 501, contact=False)
    _, who = bed.start("answered by a colleague", moscow(2026, 8, 20, 11), 501)
    bed.call(moscow(2026, 8, 20, 11, 7), 503, who or 0, 70)
    _, who = bed.start("only he called us", moscow(2026, 8, 25, 11), 501)
    bed.call(moscow(2026, 8, 25, 11, 3), 501, who or 0, 120, inward=True)


def _client_side(bed: Bed) -> None:
    deal = bed.sale("rated in the next month", moscow(2026, 7, 30, 12), 503, 44_000)
    bed.told.append(Rated(moscow(2026, 8, 3, 12), deal, 5))
    deal = bed.sale("rated after reassignment", moscow(2026, 7, 28, 12), 503, 45_000)
    bed.told += [Reassigned(moscow(2026, 8, 5, 12), deal, 504, HEAD), Rated(moscow(2026, 8, 6, 12), deal, 2)]
    deal = bed.sale("refunded a month later", moscow(2026, 7, 23, 12), 501, 50_000)
    bed.told.append(Refunded(moscow(2026, 8, 27, 12), deal, 50_000 * 100))
    deal = bed.sale("refunded too late", moscow(2026, 4, 14, 12), 501, 51_000)
    bed.told.append(Refunded(moscow(2026, 9, 15, 12), deal, 51_000 * 100))


def _missed(bed: Bed) -> None:
    cases: tuple[tuple[datetime, datetime | None, int, bool], ...] = (
        (moscow(2026, 8, 5, 11), moscow(2026, 8, 5, 11, 10), 505, False),  # by a colleague, within the norm
        (moscow(2026, 8, 5, 17, 50), moscow(2026, 8, 6, 9, 11), 504, False),  # 21 working minutes over night
        (moscow(2026, 8, 6, 11), None, 504, False),
        (moscow(2026, 8, 7, 11), moscow(2026, 8, 7, 11, 5), 504, True),  # he got through himself
        (moscow(2026, 8, 8, 12), moscow(2026, 8, 10, 9, 15), 504, False),  # on a Saturday
    )
    for at, again, by, himself in cases:
        who = bed.caller(at, 504)
        bed.call(at, 504, who, 0, inward=True)
        if again is not None:
            bed.call(again, by, who, 40 if himself else 0, inward=himself)


def _dialled_thrice(bed: Bed) -> None:
    who = bed.caller(moscow(2026, 8, 11, 9), 504)
    for hour, seconds in ((10, 0), (12, 0), (15, 25)):
        bed.call(moscow(2026, 8, 11, hour), 504, who, seconds)


def _tasks(bed: Bed) -> None:
    """Each new deadline stands at one of the moments of `company.watch`, so that who only compares sees it too."""
    sold = "reopened and won again"
    dues = [moscow(2026, 7, 20, 18), moscow(2026, 7, 31, 18), moscow(2026, 8, 10, 18), moscow(2026, 8, 14, 18)]
    thrice = bed.task(moscow(2026, 7, 14, 10), 504, sold, *dues)
    punctual = bed.task(moscow(2026, 8, 17, 10), 502, sold, moscow(2026, 8, 19, 18), todo=True)
    earlier = bed.task(moscow(2026, 8, 3, 11), 502, sold, moscow(2026, 8, 27, 18), moscow(2026, 8, 25, 18), todo=True)
    done = (
        (thrice, moscow(2026, 8, 12, 12), 504),
        (punctual, moscow(2026, 8, 19, 18), 502),
        (earlier, moscow(2026, 8, 27, 18, 0, 1), 502),
    )
    bed.told += [TaskDone(at, task, by) for task, at, by in done]
    bed.task(moscow(2026, 9, 10, 10), 502, sold, moscow(2026, 9, 15, 18))
    bed.task(moscow(2026, 9, 10, 11), 502, sold, moscow(2026, 10, 5, 18), todo=True)


CASES: tuple[Case, ...] = (
    _reassigned_after_win, _reassigned_before_win, _reopened_and_won_again, _reopened_and_lost, _deleted_after_win,
    _deleted_and_restored, _zero_amount, _around_midnight, _amount_edited_after_win, _currencies, _service_pipeline,
    _thresholds, _odd_hours, _silences, _client_side, _missed, _dialled_thrice, _tasks,
)  # fmt: skip


def planted(
    deals: Iterator[int], contacts: Iterator[int], calls: Iterator[int], tasks: Iterator[int]
) -> list[Happening]:
    """Every case, in the order of CASES."""
    bed = Bed(deals, contacts, calls, tasks, [])
    for case in CASES:
        case(bed)
    return bed.told


def leaving(open_deals: list[int], user: int, heir: int) -> list[Happening]:
    """A seller leaves in the middle of July; what he had open goes to a colleague the next morning."""
    told: list[Happening] = [LeftCompany(moscow(2026, 7, 15, 18), user)]
    return told + [Reassigned(moscow(2026, 7, 16, 10), deal, heir, HEADS[1][0]) for deal in open_deals]
