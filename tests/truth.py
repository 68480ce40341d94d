"""What every KPI of the pretend company must be, worked out from its plan by other means than the connector's.

Nothing of `connector.derive`, `connector.kpi` or `connector.moment` is used: working time is walked minute by minute,
histories are lists, shares are fractions. Rules: the issue's meanings and definitions C1-C18.
"""

from __future__ import annotations

import bisect
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from connector.pretend import happenings as h

HOLIDAYS = {date(2026, 5, 1), date(2026, 5, 11), date(2026, 6, 12)}
"""Days off of April to September 2026 that fall on weekdays (9 May is moved to the 11th)."""
SHORT = {date(2026, 4, 30), date(2026, 5, 8), date(2026, 6, 11)}
RATES = {"RUB": 1, "USD": 90}
Value = Fraction | int | None
Key = tuple[str, int, str]


@dataclass
class DealTruth:
    born: h.Enquired
    owners: list[tuple[datetime, int]] = field(default_factory=list)
    prices: list[tuple[datetime, int | None, str]] = field(default_factory=list)
    stages: list[tuple[datetime, str]] = field(default_factory=list)
    reason: str | None = None
    deleted: bool = False
    score: tuple[datetime, int] | None = None
    refund: tuple[datetime, int] | None = None

    @property
    def client(self) -> tuple[str, int] | None:
        if self.born.company:
            return ("company", self.born.company)
        return ("contact", self.born.contact) if self.born.contact else None

    def entered(self, stage: str) -> datetime | None:
        """When it came to stand in `stage` for good, None if it does not stand there."""
        if self.deleted or self.stages[-1][1] != stage:
            return None
        at = self.stages[-1][0]
        for moment, word in reversed(self.stages):
            if word != stage:
                break
            at = moment
        return at

    def owner_at(self, at: datetime) -> int:
        return [user for moment, user in self.owners if moment <= at][-1]

    def price_at(self, at: datetime) -> tuple[int | None, str]:
        return [(amount, currency) for moment, amount, currency in self.prices if moment <= at][-1]


class Truth:
    """`values[(kpi, user, "2026-05")]` for every seller and month; None where nothing is to be measured."""

    def __init__(self, company: h.Company, as_of: datetime, plans: dict[tuple[int, str], int] | None = None) -> None:
        self.company, self.as_of, self.plans = company, as_of, plans or {}
        self.zone = ZoneInfo(company.zone)
        self.told = [x for x in company.happenings if x.at <= as_of]
        self.sellers = sorted(x.user for x in self.told if isinstance(x, h.Hired))
        self.service = {x.pipeline for x in self.told if isinstance(x, h.PipelineMade) and x.service}
        self.deals = self._deals()
        self.contacts = {x.contact: x for x in self.told if isinstance(x, h.ClientCame)}
        self.reached = self._reached()
        self.values: dict[Key, Value] = {}
        self._fill()

    def months(self) -> list[str]:
        first = self.company.start.astimezone(self.zone)
        last = self.as_of.astimezone(self.zone) - timedelta(seconds=1)
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        return [
            f"{first.year + (first.month - 1 + n) // 12}-{(first.month - 1 + n) % 12 + 1:02d}" for n in range(count)
        ]

    # --- what happened to each deal -------------------------------------------------------------------------------

    def _deals(self) -> dict[int, DealTruth]:
        deals: dict[int, DealTruth] = {}
        for x in self.told:
            match x:
                case h.Enquired():
                    first = "unsorted" if x.unsorted else "new"
                    deals[x.deal] = DealTruth(x, [(x.at, x.owner)], [(x.at, x.amount, x.currency)], [(x.at, first)])
                case h.Moved():
                    deals[x.deal].stages.append((x.at, x.stage))
                    deals[x.deal].reason = x.reason
                case h.Reassigned():
                    deals[x.deal].owners.append((x.at, x.owner))
                case h.Priced():
                    deals[x.deal].prices.append((x.at, x.amount, x.currency))
                case h.Deleted() | h.Restored():
                    deals[x.deal].deleted = isinstance(x, h.Deleted)
                case h.Rated():
                    deals[x.deal].score = (x.at, x.score)
                case h.Refunded():
                    deals[x.deal].refund = (x.at, x.amount)
        return deals

    def _client_of_contact(self, contact: int) -> tuple[str, int]:
        came = self.contacts[contact]
        return ("company", came.company) if came.company else ("contact", contact)

    def _reached(self) -> dict[tuple[str, int], list[datetime]]:
        """When each client was reached by us: outgoing calls of ten seconds or more, meetings held."""
        reached: dict[tuple[str, int], list[datetime]] = defaultdict(list)
        planned = {x.meeting: x for x in self.told if isinstance(x, h.MeetingPlanned)}
        for x in self.told:
            if isinstance(x, h.Called) and x.direction == "out" and x.answered and x.seconds >= 10:
                reached[self._client_of_contact(x.contact)].append(x.at)
            if isinstance(x, h.MeetingHeld) and (client := self.deals[planned[x.meeting].deal].client):
                reached[client].append(x.at)
        return {client: sorted(moments) for client, moments in reached.items()}

    # --- time -----------------------------------------------------------------------------------------------------

    def month(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%Y-%m")

    def _open(self, day: date) -> tuple[datetime, datetime] | None:
        if day.isoweekday() > 5 or day in HOLIDAYS:
            return None
        closing = time(17) if day in SHORT else time(18)
        return datetime.combine(day, time(9), self.zone), datetime.combine(day, closing, self.zone)

    def working_seconds(self, start: datetime, end: datetime) -> int:
        total, day = timedelta(), start.astimezone(self.zone).date()
        while day <= end.astimezone(self.zone).date():
            if hours := self._open(day):
                total += max(timedelta(), min(hours[1], end) - max(hours[0], start))
            day += timedelta(days=1)
        return int(total.total_seconds())

    # --- the values -----------------------------------------------------------------------------------------------

    def _count(self, kpi: str, moments: Iterable[tuple[int, datetime]]) -> None:
        tally: dict[tuple[int, str], int] = defaultdict(int)
        for user, at in moments:
            tally[user, self.month(at)] += 1
        for user in self.sellers:
            for month in self.months():
                self.values[kpi, user, month] = tally[user, month]

    def _each(self, kpi: str, work_out: Callable[[int, str], Value]) -> None:
        for user in self.sellers:
            for month in self.months():
                self.values[kpi, user, month] = work_out(user, month)

    def _fill(self) -> None:
        self._calls()
        self._meetings()
        self._wins()
        self._enquiries()
        self._clients()
        self._spoken()
        self._errands()

    def _calls(self) -> None:
        calls = [x for x in self.told if isinstance(x, h.Called)]
        self._count("outgoing_calls", ((x.user, x.at) for x in calls if x.direction == "out"))
        self._count("answered_incoming_calls", ((x.user, x.at) for x in calls if x.direction == "in" and x.answered))
        self._each("calls", lambda u, m: self._int("outgoing_calls", u, m) + self._int("answered_incoming_calls", u, m))
        good = [x for x in calls if x.direction == "out" and x.answered and x.seconds >= 60]
        self._count("_successful", ((x.user, x.at) for x in good))
        self._each("successful_call_share", lambda u, m: self._share("_successful", "outgoing_calls", u, m))

    def _meetings(self) -> None:
        self._count("meetings", ((x.user, x.at) for x in self.told if isinstance(x, h.MeetingHeld)))

    def _spoken(self) -> None:
        """KPIs of calls beyond their number."""
        calls = [x for x in self.told if isinstance(x, h.Called)]
        talks = [x for x in calls if x.answered and x.seconds >= 60]
        self._parts("talk_minutes", ((x.user, x.at, Fraction(x.seconds, 60)) for x in talks))
        clients: dict[tuple[int, str], set[tuple[str, int]]] = defaultdict(set)
        for x in calls:
            if x.answered and x.seconds >= 10:
                clients[x.user, self.month(x.at)].add(self._client_of_contact(x.contact))
        self._each("contacted_clients", lambda u, m: len(clients[u, m]))
        days: dict[tuple[int, date, int], list[h.Called]] = defaultdict(list)
        for x in calls:
            if x.direction == "out":
                days[x.user, x.at.astimezone(self.zone).date(), x.contact].append(x)
        dialled = [(some[0], any(x.answered and x.seconds >= 10 for x in some)) for some in days.values()]
        self._parts("connect_rate", ((x.user, x.at, int(reached)) for x, reached in dialled))
        self._missed(calls)
        self._first_talks(talks)

    def _missed(self, calls: list[h.Called]) -> None:
        """Missed in office hours of all incoming; called back, by whom ever, within twenty working minutes."""
        incoming = [x for x in calls if x.direction == "in"]
        self._parts("missed_call_share", ((x.user, x.at, int(self._in_hours(x))) for x in incoming))
        judged = []
        for x in (x for x in incoming if not x.answered):
            later = sorted((y for y in calls if y.contact == x.contact and y.at > x.at), key=lambda y: y.at)
            again = next((y for y in later if y.direction == "out" or y.answered), None)
            waited = self.working_seconds(x.at, again.at if again else self.as_of)
            himself = again is not None and again.direction == "in"
            if himself and (waited <= 20 * 60 or again.at - x.at <= timedelta(hours=23)):  # type: ignore[union-attr]
                continue
            ours = next((y for y in later if y.direction == "out"), None)
            if ours is not None:
                judged.append((x.user, x.at, int(self.working_seconds(x.at, ours.at) <= 20 * 60)))
            elif self.working_seconds(x.at, self.as_of) >= 20 * 60:
                judged.append((x.user, x.at, 0))
        self._parts("callback_in_norm", judged)

    def _in_hours(self, call: h.Called) -> bool:
        hours = self._open(call.at.astimezone(self.zone).date())
        return not call.answered and hours is not None and hours[0] <= call.at < hours[1]

    def _first_talks(self, talks: list[h.Called]) -> None:
        """Of each client the first talk; bought within ninety days of it, judged once these are over."""
        first: dict[tuple[str, int], h.Called] = {}
        for x in sorted(talks, key=lambda x: (x.at, x.call)):
            first.setdefault(self._client_of_contact(x.contact), x)
        bought: dict[tuple[str, int], list[datetime]] = defaultdict(list)
        for deal, at, _ in self._sales():
            if deal.client is not None:
                bought[deal.client].append(at)
        window = timedelta(days=90)
        ripe = [(client, x) for client, x in first.items() if x.at + window <= self.as_of]
        won = ((x, any(x.at <= at <= x.at + window for at in bought[client])) for client, x in ripe)
        self._parts("call_won_share", ((x.user, x.at, int(did)) for x, did in won))

    def _errands(self) -> None:
        """Tasks and meetings: by the deadline as it was first set; a meeting has its whole day."""
        due: dict[tuple[str, int], list[datetime]] = {}
        who: dict[tuple[str, int], int] = {}
        done: dict[tuple[str, int], datetime] = {}
        moves: list[tuple[int, datetime]] = []
        for x in self.told:
            match x:
                case h.MeetingPlanned():
                    due["meeting", x.meeting], who["meeting", x.meeting] = [x.due], x.user
                case h.TaskSet():
                    due["task", x.task], who["task", x.task] = [x.due], x.user
                case h.Rescheduled():
                    due["task", x.task].append(x.due)
                    moves.append((x.by, x.at))
                case h.MeetingHeld():
                    done["meeting", x.meeting] = x.at
                case h.TaskDone():
                    done["task", x.task] = x.at
        self._count("reschedules", moves)
        over = {errand: self._over(errand[0], dues[0]) for errand, dues in due.items()}
        judged = [errand for errand, end in over.items() if end <= self.as_of]
        self._parts(
            "tasks_in_time",
            ((who[one], due[one][0], int(one in done and done[one] <= over[one])) for one in judged),
        )
        last = self.months()[-1]
        standing: dict[int, list[bool]] = defaultdict(list)
        for errand in due.keys() - done.keys():
            standing[who[errand]].append(self._over(errand[0], due[errand][-1]) <= self.as_of)
        for user in self.sellers:
            late = standing[user]
            self.values["overdue_task_share", user, last] = Fraction(sum(late), len(late)) if late else None

    def _over(self, kind: str, due: datetime) -> datetime:
        """Until when it is in time."""
        if kind == "task":
            return due
        return datetime.combine(due.astimezone(self.zone).date() + timedelta(days=1), time(), self.zone)

    def _parts(self, kpi: str, some: Iterable[tuple[int, datetime, Fraction | int]]) -> None:
        """The mean of what each person has in each month, None where there is nothing."""
        found: dict[tuple[int, str], list[Fraction | int]] = defaultdict(list)
        for user, at, value in some:
            found[user, self.month(at)].append(value)
        self._each(kpi, lambda u, m: Fraction(sum(found[u, m])) / len(found[u, m]) if found[u, m] else None)

    def _sales(self) -> list[tuple[DealTruth, datetime, int]]:
        found = []
        for deal in self.deals.values():
            at = deal.entered("won")
            if at is not None and deal.born.pipeline not in self.service:
                found.append((deal, at, deal.owner_at(at)))
        return sorted(found, key=lambda sale: (sale[1], sale[0].born.deal))

    def _amount(self, deal: DealTruth, at: datetime) -> int | None:
        """Roubles in kopecks; None where there is no rate."""
        amount, currency = deal.price_at(at)
        return (amount or 0) * RATES[currency] if currency in RATES else None

    def _wins(self) -> None:
        sales = self._sales()
        self._count("won_deals", ((user, at) for _, at, user in sales))
        money: dict[tuple[int, str], list[int]] = defaultdict(list)
        for deal, at, user in sales:
            if amount := self._amount(deal, at):
                money[user, self.month(at)].append(amount)
        self._each("revenue", lambda u, m: Fraction(sum(money[u, m]), 100))
        self._each(
            "average_deal", lambda u, m: Fraction(sum(money[u, m]), 100 * len(money[u, m])) if money[u, m] else None
        )
        self._each("plan_attainment", self._attainment)
        self._each("calls_to_deals", lambda u, m: self._share("won_deals", "calls", u, m))
        seen: set[tuple[str, int]] = set()
        again, fresh = [], []
        for deal, at, user in sales:
            if deal.client is not None:
                (again if deal.client in seen else fresh).append((user, at))
                seen.add(deal.client)
        self._count("_again", again)
        self._count("new_clients", fresh)
        self._each("repeat_share", lambda u, m: self._share("_again", "won_deals", u, m))
        self._lost()

    def _lost(self) -> None:
        lost = []
        for deal in self.deals.values():
            at = deal.entered("lost")
            if at is not None and deal.born.pipeline not in self.service and deal.reason != self.company.junk_reason:
                lost.append((deal.owner_at(at), at))
        self._count("_lost", lost)
        self._each("_closed", lambda u, m: self._int("won_deals", u, m) + self._int("_lost", u, m))
        self._each("win_rate", lambda u, m: self._share("won_deals", "_closed", u, m))

    def _attainment(self, user: int, month: str) -> Value:
        plan = self.plans.get((user, month))
        return Fraction(self.values["revenue", user, month] or 0) / plan if plan else None

    def _enquiries(self) -> None:
        answered: dict[tuple[int, str], list[int]] = defaultdict(list)
        judged: dict[tuple[int, str], list[bool]] = defaultdict(list)
        waits: dict[tuple[int, str], list[int]] = defaultdict(list)
        for deal in self.deals.values():
            at, user = deal.born.at, deal.born.owner
            junk = deal.stages[-1][1] == "lost" and deal.reason == self.company.junk_reason
            if deal.deleted or junk or deal.born.pipeline in self.service or deal.born.by == user:
                continue
            moments = self.reached.get(deal.client, []) if deal.client else []
            after = bisect.bisect_left(moments, at)
            reply = moments[after] if after < len(moments) else None
            for whose, since in self._waiting_for(deal, reply).items():
                key = (whose, self.month(since))
                if reply is not None:
                    seconds = self.working_seconds(since, reply)
                    answered[key].append(seconds)
                    judged[key].append(seconds <= 15 * 60)
                else:
                    waits[key].append(self.working_seconds(since, self.as_of))
                    if waits[key][-1] >= 15 * 60:
                        judged[key].append(False)
        self._each("lead_response_minutes", lambda u, m: self.waited(answered[u, m], waits[u, m]))
        self._each(
            "lead_answered_in_norm",
            lambda u, m: Fraction(sum(judged[u, m]), len(judged[u, m])) if judged[u, m] else None,
        )

    @staticmethod
    def _waiting_for(deal: DealTruth, reply: datetime | None) -> dict[int, datetime]:
        """Since when each owner had it open and not answered: the first since it came, others since they got it."""
        since = {deal.born.owner: deal.born.at}
        ended = deal.stages[-1][0] if deal.stages[-1][1] in ("won", "lost") else None
        for moment, user in deal.owners[1:]:
            late = (reply is not None and moment >= reply) or (ended is not None and moment >= ended)
            if not late and user != deal.born.by:
                since.setdefault(user, moment)
        return since

    def waited(self, answered: list[int], waits: list[int]) -> Value:
        """Minutes by Kaplan and Meier where more than one in twenty waits: as long as half of those there stay."""
        if 20 * len(waits) <= len(answered) + len(waits):
            return self._median(answered)
        share = Fraction(1)
        for second in sorted(set(answered)):
            there = sum(one >= second for one in answered + waits)
            share *= 1 - Fraction(answered.count(second), there)
            if share <= Fraction(1, 2):
                return Fraction(second, 60)
        return None

    @staticmethod
    def _median(seconds: list[int]) -> Value:
        return Fraction(statistics.median(Fraction(s) for s in seconds)) / 60 if seconds else None

    def _clients(self) -> None:
        good: dict[tuple[int, str], list[bool]] = defaultdict(list)
        back: dict[tuple[int, str], int] = defaultdict(int)
        for deal, at, user in self._sales():
            if deal.score:
                good[user, self.month(at)].append(deal.score[1] >= 4)
            if deal.refund and deal.refund[0] - at <= timedelta(days=90):
                back[user, self.month(at)] += deal.refund[1]
        self._each("csat", lambda u, m: Fraction(sum(good[u, m]), len(good[u, m])) if good[u, m] else None)
        self._each("refund_share", lambda u, m: self._refund_share(back[u, m], u, m))

    def _refund_share(self, minor: int, user: int, month: str) -> Value:
        revenue = self.values["revenue", user, month]
        return Fraction(minor, 100) / revenue if revenue else None

    def _int(self, kpi: str, user: int, month: str) -> int:
        return int(self.values[kpi, user, month] or 0)

    def _share(self, numerator: str, denominator: str, user: int, month: str) -> Value:
        below = self._int(denominator, user, month)
        return Fraction(self._int(numerator, user, month), below) if below else None


def _mean(kopecks: list[int]) -> Value:
    return Fraction(sum(kopecks), 100 * len(kopecks)) if kopecks else None


def public(truth: Truth) -> dict[Key, Value]:
    """Without the inner tallies."""
    return {key: value for key, value in truth.values.items() if not key[0].startswith("_")}


__all__ = ["UTC", "DealTruth", "Truth", "public"]
