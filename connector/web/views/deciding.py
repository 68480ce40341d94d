"""Proposals for other plans and calls to score, as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from connector.advice.correction import Proposal
from connector.advice.correction_telling import by_days, reasons
from connector.kpi.catalogue import ALL
from connector.kpi.text import Language
from connector.moment import Zone, zone_of
from connector.pipeline.planning.replanning import Proposed
from connector.pipeline.talks.people_scoring import Drawn, Form
from connector.quality.transcript import Turn
from connector.result import Unit
from connector.web import locale
from connector.web.access import Access
from connector.web.views import plan
from connector.web.views.facts import opens
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal. `decides`: it waits for the reader."""

    number: int
    title: str
    lines: tuple[str, ...]
    at: str
    state: str
    open: bool
    decides: bool
    waits_for: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call that the reader is asked to score: blind, so neither whose KPI it is nor what others said."""

    text: str
    href: str
    card: str
    done: bool


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question and its answers, each as (value, words)."""

    key: str
    text: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CallForm:
    """What is asked of a call, and its words where they are kept."""

    call: str
    at: str
    minutes: str
    card: str
    questions: tuple[QuestionLine, ...]
    turns: tuple[tuple[str, str], ...]


def proposal_lines(
    found: Iterable[Proposed], currency: str, access: Access, zone: Zone, language: Language
) -> list[ProposalLine]:
    """The newest first; what was decided stays to be read."""
    return [_proposal(one, currency, access, zone, language) for one in found]


def call_lines(drawn: Iterable[Drawn], language: Language) -> list[CallLine]:
    """In the order in which they were drawn."""
    return [
        CallLine(f"{one.call}, {_week(one.week, language)}", _address(one), opens(one.card), one.done) for one in drawn
    ]


def call_form(asked: Form, zone: Zone, language: Language) -> CallForm:
    """The form of one call."""
    questions = []
    for one in asked.questions:
        words = "objection" if one.kind == "objection" else "criterion"
        answers = tuple((value, WORDS[f"{words}_{value}"](language)) for value in ("yes", "no", "not_applicable"))
        questions.append(QuestionLine(one.key, one.ru if language == "ru" else one.en, answers))
    return CallForm(
        call=asked.call,
        at=locale.dated(asked.at.astimezone(zone_of(zone)), language),
        minutes=locale.figure(asked.seconds / 60, "minutes", "", language),
        card=opens(asked.card),
        questions=tuple(questions),
        turns=tuple(_turn(one, language) for one in asked.turns),
    )


def _proposal(one: Proposed, currency: str, access: Access, zone: Zone, language: Language) -> ProposalLine:
    is_open = one.state == "proposed"
    title, *told = _told(one.proposal, currency, language)
    owner = one.proposal.subject.removeprefix("user:")
    return ProposalLine(
        number=one.id,
        title=title,
        lines=(*told, *reasons(one.proposal, currency, language)),
        at=locale.moment(one.at.astimezone(zone_of(zone)), language),
        state=WORDS[f"proposal_{one.state}"](language),
        open=is_open,
        decides=is_open and owner != access.user,
        waits_for=", ".join(one.deciders) if is_open else "",
        reason=one.reason,
    )


def _told(one: Proposal, currency: str, language: Language) -> tuple[str, ...]:
    """Whose which plan becomes what, by the days worked too where these are fewer, and with which chance, as pages
    write numbers.
    """
    kpi = ALL.get(one.kpi)
    unit: Unit = "money" if kpi is None else kpi.unit

    def figure(value: Decimal) -> str:
        return locale.figure(value, unit, currency, language)

    money = {name: figure(getattr(one, name)) for name in ("was", "value", "low", "expected", "high")}
    title = one.kpi if kpi is None else kpi.title(language)
    month = locale.month(one.period, language)
    head = f"{one.name}: {title}, {month}: {money['was']} → {money['value']}"
    chances = {name: plan.chance(getattr(one, name), language) for name in ("before", "after")}
    return head, *by_days(one, language, figure), WORDS["proposal_chance"](language).format(**chances, **money)


def _turn(one: Turn, language: Language) -> tuple[str, str]:
    return WORDS[f"speaker_{one.speaker}"](language), one.text


def _week(label: str, language: Language) -> str:
    """2026-W36 by its Monday."""
    year, _, number = label.partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return WORDS["week_from"](language).format(day=locale.day(monday, language))


def _address(one: Drawn) -> str:
    """The path of our own page, whatever the configured address is."""
    _, found, path = one.link.partition("/calls/")
    return f"/calls/{path}" if found else f"/calls/-/{quote(one.week, safe='')}/{quote(one.call, safe='')}"
