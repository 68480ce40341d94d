"""Corrections as an accountant and a machine read them: which closed number, on which day, by how much, why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any

from connector.kpi.corrections.steps import Corrected, Correction, Trail, adds_up, parts_of
from connector.kpi.definition import Kpi, Language, Text
from connector.kpi.diff.telling import card, part, ref_of, sides
from connector.kpi.diff.words import named, pair, reasons_of
from connector.kpi.telling.render import number, shown
from connector.moment import Zone, from_ms, zone_of

LinkTo = Callable[[str], str]
LANGUAGES: tuple[Language, ...] = ("ru", "en")
_HEAD = Text(
    "{account}: исправления закрытых месяцев, ставшие известными в {period}",
    "{account}: corrections of closed months that became known in {period}",
)
_MONTH = Text("{month} · закрыт {day:%d.%m.%Y}", "{month} · closed {day:%d.%m.%Y}")
_NONE = Text("исправлений нет", "no corrections")
_NO_MONTHS = Text(
    "до конца этого периода ни один месяц не был закрыт: исправление стоит в том периоде, когда стало известно",
    "no month was closed before this period's end: corrections stand in the period in which they became known",
)
_SUM = Text("итого", "in all")
_AGED = Text("вышел срок, фактов: {count}", "their time has come, facts: {count}")
_RIPENED = Text("Дозрели, чисел: {count} (подробно в --json)", "Ripened numbers: {count} (in full with --json)")
_OTHER: dict[str, Text] = {
    "waiting": Text("кто ждал, ждёт дальше: {waiting}", "who waited waits on: {waiting}"),
    "plan": Text("план изменён: {values}", "the plan was changed: {values}"),
    "days": Text("отработанные дни: {values}", "days worked: {values}"),
    "rules": Text("изменены правила или источники", "rules or sources were changed"),
}
_APART: dict[str, Text] = {
    "formula": Text("с тех пор изменилась формула", "its formula has changed since"),
    "source": Text("не было или нет источника", "there was or is no source"),
    "drift": Text("заморожен: CRM устроена иначе", "held still: the CRM is made up otherwise"),
}
_NOT_COMPARED = Text("Не сравнивается", "Not compared")


def as_text(
    account: str,
    period: str,
    told: Sequence[Corrected],
    language: Language = "ru",
    *,
    zone: Zone = "UTC",
    link_to: LinkTo = str,
) -> str:
    """Month by month and person by person: the closed number, each change with its day, and the sum."""
    lines = [_HEAD(language).format(account=account, period=period)]
    for one in told:
        lines += ["", _MONTH(language).format(month=one.month.label, day=one.closed_at)]
        lines += [f"  {line}" for line in _people(one, language, zone, link_to)] or [f"  {_NONE(language)}"]
        by_reason = {why: [key for key, other in one.apart.items() if other == why] for why in _APART}
        lines += [
            f"  {_NOT_COMPARED(language)} ({_APART[why](language)}): {', '.join(keys)}"
            for why, keys in by_reason.items()
            if keys and why != "source"
        ]
    return "\n".join(lines if told else [*lines, f"  {_NO_MONTHS(language)}"])


def as_json(
    account: str, period: str, told: Sequence[Corrected], *, zone: Zone = "UTC", link_to: LinkTo = str
) -> dict[str, Any]:
    """Everything; money as decimal strings, days in the account's zone, moments as ISO in UTC."""
    return {
        "account": account,
        "period": period,
        "closed": [
            {
                "month": one.month.label,
                "version": one.version,
                "closed_at": one.closed_at.astimezone(UTC).isoformat(),
                "currency": one.currency,
                "from": from_ms(one.since).isoformat(),
                "to": from_ms(one.until).isoformat(),
                "numbers": [_number(trail, one, zone, link_to) for trail in one.trails],
                "not_compared": dict(one.apart),
            }
            for one in told
        ],
    }


def _people(told: Corrected, language: Language, zone: Zone, link_to: LinkTo) -> Iterator[str]:
    user = None
    ripened = [trail for trail in told.trails if _only_ripened(trail, told.currency)]
    for trail in told.trails:
        if trail in ripened:
            continue
        if trail.user != user:
            yield trail.name
            user = trail.user
        values = pair(*(shown(end.value, end.unit, told.currency, language) for end in (trail.before, trail.after)))
        yield f"  {trail.kpi.title(language)}: {values}"
        lines = [*_facts(trail, told, language, zone, link_to), *_others(trail, told, language, zone)]
        yield from (f"    {line}" for line in lines)
        if len(lines) > 1 and adds_up(trail.kpi):
            parts = parts_of(trail.kpi, trail.corrections, told.currency), trail.rest(told.currency)
            whole = tuple(sum(side, Decimal(0)) for side in zip(*parts, strict=True))
            yield f"    {_SUM(language)} {sides(trail.kpi, whole, told.currency, language)}"
    if ripened:
        titles = ", ".join(dict.fromkeys(trail.kpi.title(language) for trail in ripened))
        yield f"{_RIPENED(language).format(count=len(ripened))}: {titles}"


def _only_ripened(trail: Trail, currency: str) -> bool:
    """Whether it only became what a cohort becomes by itself: that was to be expected and nobody's doing."""
    aged = all(one.difference.whys == ("time",) for one in trail.corrections)
    return bool(trail.kpi.ripens) and bool(trail.corrections) and aged and not any(trail.rest(currency))


def _facts(trail: Trail, told: Corrected, language: Language, zone: Zone, link_to: LinkTo) -> Iterator[str]:
    """A line for each; what only came of age is counted together where there is more of it."""
    aged = [one for one in trail.corrections if one.difference.whys == ("time",)]
    together = len(aged) > 1 and adds_up(trail.kpi)
    for one in trail.corrections:
        if not together or one.difference.whys != ("time",):
            much = part(one.difference, trail.kpi, told.currency, language)
            why = reasons_of(one.difference, told.users, told.currency, language)
            fact = one.difference.fact
            yield f"{_day(one.known, zone)}  {much} · {named(fact, language)}: {why}{card(fact, link_to)}"
    if together:
        days = " – ".join(dict.fromkeys(_day(one.known, zone) for one in (aged[0], aged[-1])))
        much = sides(trail.kpi, parts_of(trail.kpi, aged, told.currency), told.currency, language)
        yield f"{days}  {much} · {_AGED(language).format(count=len(aged))}"


def _others(trail: Trail, told: Corrected, language: Language, zone: Zone) -> Iterator[str]:
    """What is no fact's doing."""
    rest = trail.rest(told.currency)
    if any(rest) or trail.waited:
        why = trail.other
        units = trail.kpi.side_units[1]
        values = pair(*(shown(end.denominator, units, told.currency, language) for end in (trail.before, trail.after)))
        day = f"{_day(trail.planned_at, zone)}  " if why == "plan" and trail.planned_at is not None else ""
        much = "" if why in ("waiting", "plan", "days") else f"{sides(trail.kpi, rest, told.currency, language)} · "
        yield f"{day}{much}{_OTHER[why](language).format(values=values, waiting=trail.after.ripening)}"


def _number(trail: Trail, told: Corrected, zone: Zone, link_to: LinkTo) -> dict[str, Any]:
    def value(of: Decimal | None) -> str | int | float | None:
        return number(of, money=trail.kpi.unit == "money", currency=told.currency)

    kpi, rest = trail.kpi, trail.rest(told.currency)
    return {
        "kpi": kpi.key,
        "user": {"id": trail.user, "name": trail.name},
        "unit": kpi.unit,
        "before": value(trail.before.value),
        "after": value(trail.after.value),
        "corrections": [_correction(one, told, zone, link_to) for one in trail.corrections],
        "sum": _sides(kpi, parts_of(kpi, trail.corrections, told.currency), told.currency),
        "other": {"why": trail.other} | _sides(kpi, rest, told.currency) if any(rest) or trail.waited else None,
    }


def _correction(one: Correction, told: Corrected, zone: Zone, link_to: LinkTo) -> dict[str, Any]:
    found, ref = one.difference, ref_of(one.difference.fact)
    return {
        "day": _day(one.known, zone),
        "known_at": from_ms(one.known).isoformat(),
        "record": found.fact.record,
        "kind": found.fact.kind,
        **_sides(one.kpi, parts_of(one.kpi, [one], told.currency), told.currency),
        "whys": list(found.whys),
        "text": {language: reasons_of(found, told.users, told.currency, language) for language in LANGUAGES},
        "link": link_to(ref) if ref else None,
    }


def _sides(kpi: Kpi, parts: tuple[Decimal, Decimal], currency: str) -> dict[str, Any]:
    """Both sides; None where it does not add up or nothing is divided."""
    above, below = (unit == "money" for unit in kpi.side_units)
    scaled = parts[0] if kpi.ratio else parts[0] / kpi.per
    return {
        "numerator": number(scaled, money=above, currency=currency) if adds_up(kpi) else None,
        "denominator": number(parts[1], money=below, currency=currency) if adds_up(kpi) and kpi.ratio else None,
    }


def _day(moment: int, zone: Zone) -> str:
    return f"{from_ms(moment).astimezone(zone_of(zone)):%Y-%m-%d}"
