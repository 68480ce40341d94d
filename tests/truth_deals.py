"""What the KPIs of deals must be for the pretend company, worked out from its plan by other means than the connector's.

The rules of this account are constants here; working time, histories and cohorts are walked as in `tests.truth`.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from connector.pretend import happenings as h
from tests.truth import DealTruth, Key, Truth, Value

VAGUE = ("Не отвечает", "Передумали")
"""Reasons that say nothing."""
WINDOW, STEP, RETURN, PAUSE = timedelta(days=90), timedelta(days=14), timedelta(days=30), timedelta(days=20)
QUIET = 3 * 9 * 3600
"""Three working days."""
DAY = 86_400
Told = tuple[int, datetime, Fraction | int]
"""Whose, when, how much."""


class DealsTruth:
    """`values[(kpi, user, month)]` of the KPIs of deals; those of what stands open only for the last month."""

    def __init__(self, truth: Truth) -> None:
        self.truth, self.values = truth, dict[Key, Value]()
        junk = truth.company.junk_reason
        self.deals = [
            deal
            for deal in truth.deals.values()
            if not deal.deleted
            and deal.born.pipeline not in truth.service
            and not (deal.stages[-1][1] == "lost" and deal.reason == junk)
        ]
        self._created()
        self._won()
        self._lost()
        self._entered()
        self._enquiries()
        self._open()

    # --- what happened ---------------------------------------------------------------------------------------------

    def _created(self) -> None:
        born = [(deal.born.owner, deal.born.at, self._worth(deal)) for deal in self.deals]
        self._sum("new_deals", ((user, at, 1) for user, at, _ in born))
        self._sum("new_deals_amount", ((user, at, Fraction(worth, 100)) for user, at, worth in born))

    def _worth(self, deal: DealTruth) -> int:
        """As it is now, in kopecks; nothing without a rate."""
        return self.truth._amount(deal, self.truth.as_of) or 0

    def _won(self) -> None:
        sales = self.truth._sales()
        cycle = ((user, at, Fraction(int((at - deal.born.at).total_seconds()), DAY)) for deal, at, user in sales)
        self._median("deal_cycle_days", cycle)
        of_client: dict[tuple[str, int], list[tuple[datetime, int]]] = defaultdict(list)
        for deal, at, user in sales:
            if deal.client is not None:
                of_client[deal.client].append((at, user))
        kept, back = list[Told](), list[Told]()
        for bought in of_client.values():
            back += [(user, at, 1) for (before, _), (at, user) in pairwise(bought) if at - before > PAUSE]
            for (at, user), after in zip(bought, [*bought[1:], None], strict=True):
                if at + RETURN <= self.truth.as_of:
                    kept.append((user, at, int(after is not None and after[0] - at <= RETURN)))
        self._sum("reactivations", back)
        self._mean("retention", kept)

    def _lost(self) -> None:
        lost = [(deal, at) for deal in self.deals if (at := deal.entered("lost")) is not None]
        told = [(deal.owner_at(at), at, deal.reason) for deal, at in lost]
        self._mean(
            "loss_reason_share", ((user, at, int(why is not None and why not in VAGUE)) for user, at, why in told)
        )
        self._mean("loss_other_share", ((user, at, int(why in VAGUE)) for user, at, why in told))

    def _entered(self) -> None:
        quotes, wins, steps = list[Told](), list[Told](), list[Told]()
        for deal in self.deals:
            sent = self._first(deal, ("proposal",))
            if sent is not None:
                won = deal.entered("won")
                user = deal.owner_at(sent)
                quotes.append((user, sent, 1))
                if sent + WINDOW <= self.truth.as_of:
                    wins.append((user, sent, int(won is not None and won - sent <= WINDOW)))
            start = self._first(deal, ("contacted", "proposal", "won"))
            if start is not None and start + STEP <= self.truth.as_of:
                end = self._first(deal, ("proposal", "won"), start)
                steps.append((deal.owner_at(start), start, int(end is not None and end - start <= STEP)))
        self._sum("quotes", quotes)
        self._mean("quote_won_share", wins)
        self._mean("step_share", steps)

    @staticmethod
    def _first(deal: DealTruth, words: tuple[str, ...], since: datetime | None = None) -> datetime | None:
        return next((at for at, word in deal.stages if word in words and (since is None or at >= since)), None)

    def _enquiries(self) -> None:
        """One a deal here: the neutral company has no leads. The seller's own entries are no enquiries."""
        qualified, won = list[Told](), list[Told]()
        decided, waits = defaultdict[tuple[int, str], list[int]](list), defaultdict[tuple[int, str], list[int]](list)
        for deal in self.deals:
            user, at = deal.born.owner, deal.born.at
            if deal.born.by == user:
                continue
            good, sold, lost = self._first(deal, ("proposal", "won")), deal.entered("won"), deal.entered("lost")
            if at + WINDOW <= self.truth.as_of:
                qualified.append((user, at, int(good is not None and good - at <= WINDOW)))
                won.append((user, at, int(sold is not None and sold - at <= WINDOW)))
            ends = [end for end in (good, lost if deal.reason else None) if end is not None]
            told = decided if ends else waits
            told[user, self.truth.month(at)].append(self.truth.working_seconds(at, min(ends, default=self.truth.as_of)))
        self._mean("qualified_share", qualified)
        self._mean("lead_won_share", won)
        for key in ((user, month) for user in self.truth.sellers for month in self.truth.months()):
            self.values["lead_processing_minutes", *key] = self.truth.waited(decided[key], waits[key])

    # --- what stands -----------------------------------------------------------------------------------------------

    def _open(self) -> None:
        living = [deal for deal in self.deals if deal.stages[-1][1] not in ("won", "lost")]
        steps, touches = self._next_steps(), self._touches()
        amount: dict[int, int] = defaultdict(int)
        idle: dict[int, list[bool]] = defaultdict(list)
        stuck: dict[int, list[bool]] = defaultdict(list)
        for deal in living:
            user = deal.owners[-1][1]
            amount[user] += self._worth(deal)
            if deal.born.at <= self.truth.as_of - timedelta(hours=1):
                due = steps.get(deal.born.deal)
                idle[user].append(due is None or due <= self.truth.as_of)
            last = max(
                [deal.born.at, *touches[("deal", deal.born.deal)], *(touches[deal.client] if deal.client else ())]
            )
            stuck[user].append(self.truth.working_seconds(last, self.truth.as_of) >= QUIET)
        month = self.truth.months()[-1]
        for user in self.truth.sellers:
            self.values["pipeline_amount", user, month] = Fraction(amount[user], 100)
            for kpi, told in (("deals_without_next_step", idle[user]), ("stuck_deal_share", stuck[user])):
                self.values[kpi, user, month] = Fraction(sum(told), len(told)) if told else None

    def _next_steps(self) -> dict[int, datetime]:
        """The latest deadline of what is still to be done, by deal."""
        deals, dues = dict[tuple[str, int], int](), dict[tuple[str, int], datetime]()
        for x in self.truth.told:
            match x:
                case h.MeetingPlanned():
                    deals["meeting", x.meeting], dues["meeting", x.meeting] = x.deal, x.due
                case h.TaskSet():
                    deals["task", x.task], dues["task", x.task] = x.deal, x.due
                case h.Rescheduled():
                    dues["task", x.task] = x.due
                case h.MeetingHeld():
                    del dues["meeting", x.meeting]
                case h.TaskDone():
                    del dues["task", x.task]
        latest: dict[int, datetime] = {}
        for errand, due in dues.items():
            latest[deals[errand]] = max(due, latest.get(deals[errand], due))
        return latest

    def _touches(self) -> dict[tuple[str, int], list[datetime]]:
        """What persons did, on a deal or with a client."""
        found: dict[tuple[str, int], list[datetime]] = defaultdict(list)
        on: dict[tuple[str, int], int] = {}
        for x in self.truth.told:
            match x:
                case h.Moved() if x.by != h.ROBOT:
                    found["deal", x.deal].append(x.at)
                case h.Called() if x.answered and x.seconds >= 10:
                    found[self.truth._client_of_contact(x.contact)].append(x.at)
                    if x.deal:
                        found["deal", x.deal].append(x.at)
                case h.MeetingPlanned():
                    on["meeting", x.meeting] = x.deal
                case h.TaskSet():
                    on["task", x.task] = x.deal
                case h.MeetingHeld():
                    found["deal", on["meeting", x.meeting]].append(x.at)
                case h.TaskDone():
                    found["deal", on["task", x.task]].append(x.at)
        return found

    # --- folding ---------------------------------------------------------------------------------------------------

    def _sum(self, kpi: str, told: Iterable[Told]) -> None:
        for key, some in self._each(kpi, told):
            self.values[key] = Fraction(sum(some))

    def _mean(self, kpi: str, told: Iterable[Told]) -> None:
        for key, some in self._each(kpi, told):
            self.values[key] = Fraction(sum(some)) / len(some) if some else None

    def _median(self, kpi: str, told: Iterable[Told]) -> None:
        for key, some in self._each(kpi, told):
            self.values[key] = Fraction(statistics.median(Fraction(one) for one in some)) if some else None

    def _each(self, kpi: str, told: Iterable[Told]) -> Iterator[tuple[Key, list[Fraction | int]]]:
        found: dict[tuple[int, str], list[Fraction | int]] = defaultdict(list)
        for user, at, value in told:
            found[user, self.truth.month(at)].append(value)
        for user in self.truth.sellers:
            for month in self.truth.months():
                yield (kpi, user, month), found[user, month]
