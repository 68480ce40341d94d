"""Facts and results -> wishes: what should stand in the CRM and does not yet. Pure: decides, and does nothing.

Only what differs from what the ledger says we wanted last becomes a wish; a second look at a quiet CRM plans nothing.
What a person wrote over is theirs: it is tried again only when our value has changed and a week has passed, and then
so that the provider writes only into an empty field. `force` takes it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from connector.config import WritebackSettings
from connector.moment import Period, Zone, local_day
from connector.result import Result
from connector.targets.pace import Pace
from connector.targets.planning.prorating import Prorated
from connector.wishes import SetFields, UpsertCard, Wish, Written
from connector.writeback.ahead import Ahead
from connector.writeback.fields import ANSWER, CARD, CARD_CODES, DEAL, DEAL_CODES, Language, Slot, layout
from connector.writeback.spell import grouped, money, percent, spell, whole, whole_up
from connector.writeback.target import CARD_ID, card_target, deal_target, key_for

__all__ = ["DealState", "Known", "cards", "layout", "plan"]

PROBE = timedelta(days=7)
"""How long a person's value is left alone before we look whether the field is empty again."""
_NORM = {"ru": {True: "норма", False: "нарушена"}, "en": {True: "ok", False: "missed"}}
_BY_DAYS = {
    "ru": "{value} из {full} ({days} из {whole} раб. дн.)",
    "en": "{value} of {full} ({days} of {whole} working days)",
}
Values = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class DealState:
    """A deal as it is now, with the facts that belong on its card. `response`: working minutes, None unanswered."""

    id: str
    owner_id: str | None
    outcome: Literal["open", "won", "lost"] = "open"
    on_stage_since: datetime | None = None
    closed_at: datetime | None = None
    unsorted: bool = False
    response: Decimal | None = None
    in_norm: bool | None = None
    owner_since: datetime | None = None
    """When the deal last changed hands, if it did: another person's numbers do not wait for patience."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the planner looks at. Paces are those of `revenue`, taken this morning (targets.pace)."""

    period: Period
    now: datetime
    zone: Zone
    data_day: date
    """The local day up to which the data reaches."""
    settings: WritebackSettings
    language: Language = "ru"
    deals: Sequence[DealState] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """User id -> name, of those who may get a card."""
    results: Mapping[tuple[str, str], Result] = field(default_factory=dict)
    """(kpi, subject) -> result of the period."""
    paces: Mapping[str, Pace] = field(default_factory=dict)
    """Subject -> pace."""
    ahead: Mapping[str, Ahead] = field(default_factory=dict)
    """Subject -> where his month of revenue ends, of those of whom the account's own past lets it be said."""
    by_days: Mapping[str, Prorated] = field(default_factory=dict)
    """Subject -> his plan of revenue by the days he can work, of those for whom that is less."""
    written: Mapping[str, Mapping[str, Written]] = field(default_factory=dict)
    """Target -> field -> what the ledger knows."""
    histories: Mapping[str, str] = field(default_factory=dict)
    """By user: what he was talked to about lately, and what came of it."""
    plan_changes: Mapping[str, str] = field(default_factory=dict)
    """By user: how his plan of revenue was changed last, by whom and why."""
    answers: Mapping[str, str | None] = field(default_factory=dict)
    """By deal that was contested: what the head decided, None while he has not."""
    open_since: datetime | None = None
    """Beginning of the earliest period that is not closed; left out: of this one."""
    frozen: frozenset[str] = frozenset()
    """Sources of fields whose KPI is held still: what stands there stays, whatever it is."""
    closed: bool = False
    """The period is closed: its cards are never rewritten."""
    force: bool = False


def plan(known: Known) -> list[Wish]:
    """Wishes in a fixed order: cards by person, then deals, then answers on deals, each by id."""
    wishes: list[Wish] = [*cards(known)]
    if known.settings.deal_fields != "off":
        wishes += _deals(known)
    if known.settings.contests != "off":
        wishes += _answers(known)
    return wishes


def cards(known: Known) -> Iterator[UpsertCard]:
    """Of the period's people; none of a period that is closed."""
    if known.settings.kpi_card == "off" or known.closed:
        return
    for user_id in sorted(known.names, key=_by_number):
        target = card_target(user_id, known.period.label)
        before = known.written.get(target, {})
        shown = _card_values(known, f"user:{user_id}")
        values, last = _differing(shown, before, known, CARD_CODES)
        if values and (before or _worth_a_card(shown)):
            card = before.get(CARD_ID)
            yield UpsertCard(
                key=key_for(target, values),
                user_id=user_id,
                period=known.period.label,
                title=f"{known.names[user_id]} · KPI {known.period.label}",
                values=values,
                crm_id=card.shown if card else None,
                last=last,
            )


def _deals(known: Known) -> Iterator[SetFields]:
    for deal in sorted(known.deals, key=lambda deal: _by_number(deal.id)):
        if not _may_write(deal, known):
            continue
        target = deal_target(deal.id)
        before = {code: was for code, was in known.written.get(target, {}).items() if code in DEAL_CODES}
        moved_at = max((was.at for was in before.values()), default=None)
        new_owner = deal.owner_since is not None and moved_at is not None and deal.owner_since > moved_at
        values, last = _differing(_deal_values(known, deal), before, known, DEAL_CODES, patient=not new_owner)
        if values:
            yield SetFields(key=key_for(target, values), deal_id=deal.id, values=values, last=last)


def _answers(known: Known) -> Iterator[SetFields]:
    """Beside the box and the text by which the deal was contested, whenever it was closed: there people look for it."""
    for id in sorted(known.answers, key=_by_number):
        target = deal_target(id)
        before = {code: was for code, was in known.written.get(target, {}).items() if code == ANSWER.code}
        values, last = _differing({ANSWER.code: known.answers[id]}, before, known, {ANSWER.code: ANSWER})
        if values:
            yield SetFields(key=key_for(f"{target}:contest", values), deal_id=id, values=values, last=last)


def _may_write(deal: DealState, known: Known) -> bool:
    """Open deals; closed ones of this month, or of the periods not yet closed where the setting says so."""
    if deal.unsorted:
        return False
    if deal.outcome == "open":
        return True
    month = Period.month(local_day(known.now, known.zone)).bounds(known.zone)[0]
    since = known.open_since or known.period.bounds(known.zone)[0]
    if known.settings.open_deals_only:
        since = max(since, month)
    return deal.closed_at is not None and deal.closed_at >= since


def _deal_values(known: Known, deal: DealState) -> Values:
    """What should stand on the card; a closed deal keeps its last days on a stage and gets no more headlines."""
    norm = None if deal.in_norm is None else _NORM[known.language][deal.in_norm]
    values: Values = {"response": whole(deal.response), "norm": norm}
    if deal.outcome == "open":
        subject = f"user:{deal.owner_id}"
        values["stage_days"] = _days(deal.on_stage_since, known)
        values |= _headline(known, subject)
    shown = (slot for slot in DEAL if slot.source in values and slot.source not in known.frozen)
    return {slot.code: values[slot.source] for slot in shown}


def _headline(known: Known, subject: str) -> Values:
    pace = known.paces.get(subject)
    return {
        "plan_attainment": _result(known, "plan_attainment", subject) or percent(pace.attainment if pace else None),
        "pace": percent(pace.pace if pace else None),
        "win_rate": _result(known, "win_rate", subject),
    }


def _card_values(known: Known, subject: str) -> Values:
    pace = known.paces.get(subject)
    values = _headline(known, subject)
    values["plan"] = money(pace.plan) if pace else None
    values |= _versions(known, subject)
    values["per_day"] = whole_up(pace.per_day if pace else None)
    ahead = known.ahead.get(subject)
    values |= {"forecast": ahead.interval if ahead else None, "chance": ahead.percent if ahead else None}
    values["average_deal"] = whole(_value(known, "average_deal", subject))
    for slot in CARD:
        if slot.source not in values and slot.source != "as_of":
            values[slot.source] = _result(known, slot.source, subject)
    values["feedback"] = known.histories.get(subject.removeprefix("user:"))
    values["plan_change"] = known.plan_changes.get(subject.removeprefix("user:"))
    values["as_of"] = known.data_day.isoformat() if any(value is not None for value in values.values()) else None
    return {slot.code: values[slot.source] for slot in CARD if slot.source not in known.frozen}


def _versions(known: Known, subject: str) -> Values:
    """The plan as agreed on first, where it was changed, and by the days he can work, where they are fewer."""
    attained, less = known.results.get(("plan_attainment", subject)), known.by_days.get(subject)
    first = attained.first_plan if attained else None
    return {
        "first_plan": None if first is None else money(first),
        "against_first": percent(attained.against_first if attained else None),
        "by_days": None
        if less is None
        else _BY_DAYS[known.language].format(
            value=grouped(less.value), full=grouped(less.full), days=less.days, whole=less.whole
        ),
    }


def _worth_a_card(values: Values) -> bool:
    """Whoever has no plan and did nothing gets no card: administrators and robots are users too."""
    return any(value not in (None, "0") for code, value in values.items() if CARD_CODES[code].source != "as_of")


def _differing(
    values: Values, before: Mapping[str, Written], known: Known, slots: Mapping[str, Slot], *, patient: bool = True
) -> tuple[Values, Values]:
    """The fields to write with what we wrote before, or nothing where none of them is worth a write yet."""
    differing = {code: value for code, value in values.items() if _differs(value, before.get(code), known)}
    touched = max((was.at for was in before.values()), default=None)
    age = timedelta.max if touched is None else known.now - touched
    if not any(_due(slots[code], age, patient) for code in differing):
        return {}, {}
    last = {code: _last(before[code], known) for code in differing if code in before}
    return differing, last


def _due(slot: Slot, age: timedelta, patient: bool) -> bool:
    """A clock that is a second behind the last write's holds nothing up that waits for nothing."""
    if slot.patience == timedelta.max:
        return False
    return not patient or max(age, timedelta(0)) >= slot.patience


def _differs(value: str | None, was: Written | None, known: Known) -> bool:
    if was is None:
        return value is not None
    if was.theirs and known.force:
        return value != was.shown
    if was.theirs:
        return value is not None and value != was.wanted and known.now - was.at >= PROBE
    return value not in (was.wanted, was.shown)  # an undo or the CRM may have put there what we want by now


def _last(was: Written, known: Known) -> str | None:
    """What the provider must find to be allowed to write: our own value, or an empty field where a person's stood."""
    return None if was.theirs and not known.force else was.shown


def _days(since: datetime | None, known: Known) -> str | None:
    """Nights since the deal entered its stage: changes for all deals at once, at midnight."""
    if since is None:
        return None
    return str(max(0, (local_day(known.now, known.zone) - local_day(since, known.zone)).days))


def _value(known: Known, kpi: str, subject: str) -> Decimal | None:
    result = known.results.get((kpi, subject))
    return result.value if result else None


def _result(known: Known, kpi: str, subject: str) -> str | None:
    result = known.results.get((kpi, subject))
    return spell(result.unit, result.value) if result else None


def _by_number(name: str) -> tuple[int, str]:
    """Ids in the order of their numbers: 9 before 10."""
    return len(name), name
