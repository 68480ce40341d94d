"""What the planner and the adviser look at, gathered from the store. Decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.advice.case import TASK_KPI, Correction, Evidence, Proof, Situation
from connector.advice.correction_telling import lines
from connector.advice.feedback.caps import ALERTS
from connector.advice.feedback.weak import Weak
from connector.advice.recommendation.proving import telling
from connector.advice.rules import BEHIND, Concern, chosen
from connector.config import WritebackSettings
from connector.health.frozen import FROZEN
from connector.kpi.engine import Report
from connector.kpi.telling.render import left_out
from connector.moment import DAY, Period, day_number, from_ms, local_day
from connector.money import to_units
from connector.pipeline.advice import following, weekly
from connector.pipeline.bench import Workbench
from connector.pipeline.contesting.cards import answers_of
from connector.pipeline.measuring import explanation_of
from connector.pipeline.outlooks import outlooks
from connector.pipeline.planning import replanning
from connector.pipeline.planning.carded import carded
from connector.pipeline.planning.days import by_days, own_paces
from connector.pipeline.planning.log import plan_changes
from connector.records import Team, User
from connector.result import Result
from connector.store.agreed import plans
from connector.store.asked import standing
from connector.store.asked.standing import Standing
from connector.store.crm import records
from connector.store.sent import ledger, raised
from connector.targets.outlook import Outlook
from connector.targets.pace import Pace, pace, this_morning
from connector.writeback.plan import DealState, Known

WEEKS_BEFORE = 8
"""How far back one's own usual revenue a day is taken from."""
EVIDENCE = 5
_ALONG = {
    TASK_KPI: ("plan", "pace", "per_day", "by_days", "forecast", "chance"),
    "plan_attainment": ("first_plan", "against_first"),
    "lead_answered_in_norm": ("response", "norm"),
}
"""What is made of a KPI's facts beside it: it is held still with it."""


class View:
    """The account at one moment: its current month, results, paces, and deals as they stand."""

    def __init__(self, bench: Workbench, conn: Connection, report: Report) -> None:
        self.bench, self.conn, self.report = bench, conn, report
        self.now = from_ms(bench.now())
        self.zone = bench.zone()
        self.calendar = bench.calendar()
        self.users = records.directory(conn, bench.account, User)
        self.frozen = frozenset(r.kpi for r in report.results if r.reason == FROZEN)
        self.results: dict[tuple[str, str], Result] = {
            (r.kpi, r.subject): r for r in report.results if r.kpi not in self.frozen
        }
        self.paces = self._paces()
        self.own_paces = own_paces(bench, conn, report, self.paces)
        month = Period.month(local_day(self.now, self.zone))
        self.deals = standing.deals(conn, bench.account, closed_since=month.bounds(self.zone)[0])

    def _paces(self) -> dict[str, Pace]:
        """Of every subject with a plan of revenue, taken this morning; a team without one has its people's sum."""
        agreed = plans.current(self.conn, self.bench.account, self.report.period.label, as_of=self._agreed_then())
        found = {}
        for (kpi, subject), result in self.results.items():
            plan = agreed.get((subject, TASK_KPI))
            if kpi == TASK_KPI and plan is not None and result.value is not None:
                morning = this_morning(self.now, self.zone)
                found[subject] = pace(plan.value, result.value, self.report.period, morning, self.calendar, self.zone)
        return found

    def _agreed_then(self) -> int | None:
        """As of when plans count: of a closed month, its closing."""
        return None if self.report.closed_at is None else self.report.as_of

    def known(self, settings: WritebackSettings, *, force: bool = False) -> Known:
        """For `writeback.plan`; `force` takes back fields that people wrote over."""
        planned = {who: one.plan for who, one in self.paces.items()}
        due = {who: one.plan for who, one in self.own_paces.items()}
        return Known(
            period=self.report.period,
            now=self.now,
            zone=self.zone,
            data_day=local_day(from_ms(self.report.as_of), self.zone),
            settings=settings,
            language=self.bench.settings.language,
            deals=[self._state(one) for one in self.deals],
            names=self._sellers(),
            results=self.results,
            paces=self.paces,
            ahead=carded(self.bench, self.conn, self.report.period, due) if settings.kpi_card != "off" else {},
            by_days=by_days(self.bench, self.conn, self.report, planned),
            histories=following.card_lines(self.bench, self.conn),
            answers=answers_of(self.bench, self.conn) if settings.contests != "off" else {},
            plan_changes=plan_changes(self.bench, self.conn, self.report.period, self._agreed_then()),
            written=ledger.written(self.conn, self.bench.account),
            frozen=self.frozen.union(*(_ALONG.get(kpi, ()) for kpi in self.frozen)),
            force=force,
        )

    def situation(self) -> Situation:
        """For `advice.advise`."""
        seen = self._seen()
        people = replace(seen, barred=weekly.barred(self.bench, self.conn))
        about = {one.ask.kpi for one in chosen(people)}
        known = replace(people, barred=replace(people.barred, kpis=weekly.barred_kpis(self.bench, about)))
        return replace(known, proofs={(one.user.id, one.ask.kpi): self._proof(one) for one in chosen(known)})

    def _seen(self) -> Situation:
        """All but what takes long, which only those need who are going to be told something."""
        first, last = self.report.period.days()
        omitted = standing.left_out(self.conn, self.bench.account, first, last)
        told, given = self.bench.settings.feedback, raised.raised(self.conn, self.bench.account)
        return Situation(
            period=self.report.period,
            now=self.now,
            zone=self.zone,
            calendar=self.calendar,
            currency=self.report.currency,
            users=self.users,
            teams=records.directory(self.conn, self.bench.account, Team),
            paces=self.own_paces,
            results=self.results,
            usual_per_day=self._usual(),
            evidence=self._evidence(),
            left_out={user: [self._omission(*one) for one in some] for user, some in omitted.items()},
            outlooks=self._outlooks(),
            raised=given,
            corrections=self._corrections(),
            weeks=weekly.weeks(self.bench, self.conn),
            overdue=weekly.waiting(self.bench, self.conn, self.report.as_of) if told.alerts_a_day else (),
            links={one.subject: self.bench.provider.link_to(one.subject) for one in given if one.kpi in ALERTS},
            repeat=told.repeat_days,
            limits=weekly.limits(self.bench),
            measure_after=timedelta(days=told.measure_after_days),
            language=self.bench.settings.language,
        )

    def _corrections(self) -> list[Correction]:
        """Proposals about plans of this period that nobody has decided over."""
        language, currency = self.bench.settings.language, self.report.currency
        waiting = replanning.proposed_in(self.bench, self.conn, self.report.period, only_open=True)
        return [
            Correction(one.id, one.proposal.subject.removeprefix("user:"), lines(one.proposal, currency, language))
            for one in waiting
        ]

    def _proof(self, one: Concern) -> Proof:
        """The records of a finding about a share."""
        if not isinstance(one.told, Weak):
            return Proof()
        weeks = weekly.weeks(self.bench, self.conn)
        told = explanation_of(self.bench, one.told.kpi, weeks.now, user=one.user.id)
        language = self.bench.settings.language
        counts = Counter(item.why for item in told.left_out if item.why)
        lines = [f"{left_out(why, language)}: {count}" for why, count in counts.most_common()]
        return Proof(telling(told, self.zone, language), lines)

    def _outlooks(self) -> Mapping[str, Outlook]:
        """Of the people whose pace looks low: forecasts cost time, and nobody else is going to be told anything."""
        low = {
            subject.removeprefix("user:"): one.plan
            for subject, one in self.own_paces.items()
            if subject.startswith("user:") and one.pace is not None and one.pace < BEHIND
        }
        return outlooks(self.bench, self.conn, self.report.period, low, self.now) if low else {}

    def _sellers(self) -> dict[str, str]:
        """Who gets a card: active people with a plan this month, or with anything counted in it."""
        busy = {r.subject for r in self.report.results if r.numerator} | set(self.paces)
        return {id: user.name for id, user in self.users.items() if user.active and f"user:{id}" in busy}

    def _state(self, one: Standing) -> DealState:
        deal = one.deal
        return DealState(
            id=deal.id,
            owner_id=deal.owner_id,
            outcome=deal.outcome,
            on_stage_since=one.stage_since,
            closed_at=deal.closed_at,
            unsorted=deal.unsorted,
            response=None if one.answer_seconds is None else Decimal(str(one.answer_seconds)) / 60,
            in_norm=self._in_norm(one),
            owner_since=one.owner_since,
        )

    def _in_norm(self, one: Standing) -> bool | None:
        """None while nobody can say: no enquiry of a client, or not answered and the norm not over yet."""
        if not one.asked:
            return None
        if one.answer_seconds is not None:
            return one.answer_seconds <= self.bench.settings.rules.lead_norm_minutes * 60
        return False if one.due_at is not None and one.due_at <= from_ms(self.report.as_of) else None

    def _usual(self) -> dict[str, Decimal]:
        """Revenue in a working day of the eight weeks before the period, by person."""
        end = self.report.period.start
        start = end - timedelta(weeks=WEEKS_BEFORE)
        days = self.calendar.working_days(start, end)
        won = standing.revenue_between(self.conn, self.bench.account, day_number(start), day_number(end))
        return {user: to_units(minor, self.report.currency) / days for user, minor in won.items()} if days else {}

    def _evidence(self) -> Mapping[str, Sequence[Evidence]]:
        """Each person's largest open deals, with their age on the stage."""
        today = local_day(self.now, self.zone)
        of_user: dict[str, list[Standing]] = {}
        for one in self.deals:
            if one.deal.outcome == "open" and one.deal.owner_id is not None and one.deal.amount:
                of_user.setdefault(one.deal.owner_id, []).append(one)
        return {
            user: [
                self._line(one, today)
                for one in sorted(some, key=lambda s: (-(s.deal.amount or 0), s.deal.id))[:EVIDENCE]
            ]
            for user, some in of_user.items()
        }

    def _line(self, one: Standing, today: date) -> Evidence:
        deal, russian = one.deal, self.bench.settings.language == "ru"
        amount = to_units(deal.amount or 0, deal.currency or self.report.currency)
        shown = f"{amount:,.0f}".replace(",", " ") + f" {deal.currency or self.report.currency}"
        days = max(0, (today - local_day(one.stage_since, self.zone)) // DAY) if one.stage_since else 0
        text = (
            f"Сделка {deal.id}: {shown}, на этапе {days} дн."
            if russian
            else f"Deal {deal.id}: {shown}, {days} days on its stage"
        )
        return Evidence(text, self.bench.provider.link_to(deal.ref))

    def _omission(self, deal: str, reason: str) -> str:
        russian = self.bench.settings.language == "ru"
        return f"{'Сделка' if russian else 'Deal'} {deal}: {left_out(reason, self.bench.settings.language)}"
