"""How far the numbers can be trusted: what is amiss in the data, how far each KPI can be off, what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from connector.health.finding import Finding
from connector.health.telling import distortions
from connector.kpi.text import Language, Text
from connector.web import locale
from connector.web.views import facts
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class Amiss:
    """One finding."""

    text: str
    count: str
    effects: tuple[str, ...]
    hint: str
    examples: tuple[tuple[str, facts.Card | None], ...]


@dataclass(frozen=True, slots=True)
class DataPage:
    """Everything on it. `frozen`: KPIs that a change of the CRM holds still, each with what changed."""

    period: str
    as_of: str
    findings: tuple[Amiss, ...]
    frozen: tuple[str, ...]


def data_page(
    findings: Iterable[Finding], drifts: Iterable[Text], *, period: str, as_of: str, currency: str,
    link_to: facts.LinkTo, language: Language,
) -> DataPage:  # fmt: skip
    """Findings as they came: the worst first is a matter of money, which nobody can say of all."""
    return DataPage(
        period=locale.month(period, language),
        as_of=as_of,
        findings=tuple(_amiss(one, currency, link_to, language) for one in findings),
        frozen=tuple(one(language) for one in drifts),
    )


def _amiss(found: Finding, currency: str, link_to: facts.LinkTo, language: Language) -> Amiss:
    return Amiss(
        text=found.text(language),
        count=_count(found, language),
        effects=tuple(distortions(found, currency, language)),
        hint=found.hint(language),
        examples=tuple(
            (one.text(language), None if one.ref is None else facts.card(one.ref, link_to(one.ref), language))
            for one in found.examples
        ),
    )


def _count(found: Finding, language: Language) -> str:
    if not found.of or found.of == found.count:
        return locale.plain(found.count, 0, language)
    part = locale.share(Decimal(found.count) / found.of, language)
    return WORDS["count_of"](language).format(count=found.count, of=found.of, share=part)
