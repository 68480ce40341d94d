"""Findings as people and machines read them, in both languages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from connector.health.finding import Effect, Example, Finding
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Language, Text
from connector.kpi.telling.render import number, shown

LinkTo = Callable[[str], str]
_HEAD = (
    Text("Что", "What"),
    Text("Сколько", "How many"),
    Text("Что искажает и насколько", "What it distorts, and by how much"),
    Text("Что сделать", "What to do"),
)
_OF = Text("{count} из {of} ({share})", "{count} of {of} ({share})")
_VALUE = Text("«{kpi}»: {value}", "{kpi}: {value}")
_OVER = Text("завышено не более чем на {by}", "too high by {by} at most")
_UNDER = Text("занижено не более чем на {by}", "too low by {by} at most")
_ABOUT = Text("занижено примерно на {by}", "too low by about {by}")
_EXACT = Text("«{kpi}» команд: {by} не у команд", "{kpi} of teams: {by} is no team's")
_UNKNOWN = Text("«{kpi}»: на сколько, неизвестно", "{kpi}: nobody can say by how much")
_LIKELY = Text(" (скорее всего на {by})", " (most probably by {by})")
_MORE = Text("и ещё {count} показателей", "and {count} more KPIs")
_ALSO = Text("и ещё: {names}", "and also: {names}")
_GIVEN = Text("(границы верны, {given})", "(the limits hold {given})")
CLEAN = Text("ничего не найдено", "nothing was found")
_EXAMPLES = Text("Примеры", "Examples")
_UNITS = {"days": Text("дн.", "days"), "minutes": Text("мин", "min")}
MOST_EFFECTS = 4
MOST_NAMED = 12
"""Further KPIs that are called by name."""
_KINDS = {
    "deal": Text("сделка", "deal"),
    "lead": Text("лид", "lead"),
    "call": Text("звонок", "call"),
    "contact": Text("контакт", "contact"),
    "company": Text("компания", "company"),
    "user": Text("человек", "person"),
    "task": Text("задача", "task"),
    "meeting": Text("встреча", "meeting"),
}
"""Of the records that examples are of."""


def as_text(
    account: str, period: str, currency: str, findings: Sequence[Finding], link_to: LinkTo,
    *, language: Language = "ru", width: int = 150,
) -> str:  # fmt: skip
    """A table, then examples with links."""
    console = blank(width)
    console.print(f"{account} · {period}", markup=False)
    if not findings:
        console.print(CLEAN(language), markup=False)
    else:
        table = Table(*(one(language) for one in _HEAD), show_lines=True)
        for found in findings:
            effects = "\n".join(distortions(found, currency, language))
            cells = (found.text(language), _count(found, language), effects, found.hint(language))
            table.add_row(*map(plain, cells))
        console.print(table)
        for found in findings:
            list_examples(console, found.text(language), found.examples, link_to, language)
    return written(console)


def as_json(account: str, period: str, currency: str, findings: Iterable[Finding], link_to: LinkTo) -> dict[str, Any]:
    """The same for machines, texts in both languages."""
    return {
        "account": account,
        "period": period,
        "currency": currency,
        "findings": [
            {
                "code": found.code,
                "text": found.text._asdict(),
                "hint": found.hint._asdict(),
                "count": found.count,
                "of": found.of,
                "share": round(found.count / found.of, 6) if found.of else None,
                "examples": examples_json(found.examples, link_to),
                "effects": [_effect_json(effect, currency) for effect in found.effects],
                **({"given": given._asdict()} if (given := _given(found)) else {}),
            }
            for found in findings
        ],
    }


def distortions(found: Finding, currency: str, language: Language) -> list[str]:
    """The lines of what it distorts, and on what their limits rest."""
    lines = effects_in_words(found.effects, currency, language)
    given = _given(found)
    return lines if given is None else [*lines, _GIVEN(language).format(given=given(language))]


def _given(found: Finding) -> Text | None:
    return found.given if any(effect.claim in ("limit", "bound") for effect in found.effects) else None


def effects_in_words(effects: Sequence[Effect], currency: str, language: Language) -> list[str]:
    """A line for each KPI that is off, a few at most; a dash for none."""
    known = [effect for effect in effects if effect.kpi in ALL]
    lines = [line for effect in known[:MOST_EFFECTS] if (line := _effect(effect, currency, language))]
    more = [ALL[effect.kpi].title(language) for effect in known[MOST_EFFECTS:]]
    if len(more) > MOST_NAMED:
        lines.append(_MORE(language).format(count=len(more)))
    elif more:
        quoted = (f"«{_within(name)}»" if language == "ru" else name for name in more)
        lines.append(_ALSO(language).format(names=", ".join(quoted)))
    return lines or ["—"]


def _effect(effect: Effect, currency: str, language: Language) -> str:
    """Empty where it is off by nothing."""
    kpi = ALL[effect.kpi]
    words = {"kpi": _within(kpi.title(language)), "value": _in_unit(effect.value, kpi.unit, currency, language)}
    if effect.claim == "unknown":
        return _UNKNOWN(language).format(**words)
    if effect.claim == "exact":
        return _EXACT(language).format(by=_by(effect.under, kpi.unit, currency, language), **words)
    likely = effect.value if effect.likely is None else effect.likely
    assert effect.value is not None and likely is not None  # only what nobody can say has none
    told = (
        (_ABOUT if effect.claim == "estimate" else _UNDER, effect.under, likely - effect.value),
        (_OVER, effect.over, effect.value - likely),
    )
    parts = [
        text(language).format(by=_by(by, kpi.unit, currency, language))
        + (_LIKELY(language).format(by=_by(most, kpi.unit, currency, language)) if most > 0 else "")
        for text, by, most in told
        if by
    ]
    return ", ".join([_VALUE(language).format(**words), *parts]) if parts else ""


def _within(title: str) -> str:
    """A title that stands in quotation marks and has some of its own."""
    return title.translate({ord("«"): "„", ord("»"): "“"})


def _by(by: Decimal, unit: str, currency: str, language: Language) -> str:
    """A difference of shares is in points."""
    if unit == "share":
        return shown(by, unit, currency, language).rstrip("%\u00a0") + (" п.п." if language == "ru" else " points")
    return _in_unit(by, unit, currency, language)


def _in_unit(value: Decimal | None, unit: str, currency: str, language: Language) -> str:
    text, named = shown(value, unit, currency, language), _UNITS.get(unit)
    if value is None:
        return text
    return f"{text} {currency}" if unit == "money" else f"{text} {named(language)}" if named else text


def _effect_json(effect: Effect, currency: str) -> dict[str, Any]:
    money = effect.kpi in ALL and ALL[effect.kpi].unit == "money"
    values = {name: getattr(effect, name) for name in ("value", "low", "high")}
    values |= {"likely": effect.likely} if effect.likely is not None else {}
    told = {name: number(value, money=money, currency=currency) for name, value in values.items()}
    return {"kpi": effect.kpi, "claim": effect.claim, **told}


def _count(found: Finding, language: Language) -> str:
    if not found.of or found.of == found.count:
        return str(found.count)
    share = shown(Decimal(found.count) / found.of, "share", "", language)
    return _OF(language).format(count=found.count, of=found.of, share=share)


def examples_json(examples: Iterable[Example], link_to: LinkTo) -> list[dict[str, Any]]:
    """Each with the address of its card, if it has one."""
    return [
        {"ref": one.ref, "link": link_to(one.ref) if one.ref else None, "text": one.text._asdict()} for one in examples
    ]


def list_examples(
    console: Console, title: str, examples: Sequence[Example], link_to: LinkTo, language: Language
) -> None:
    """A line for each, with the address of its card."""
    if examples:
        console.print(f"\n{_EXAMPLES(language)} · {title}", markup=False, soft_wrap=True)
    for one in examples:
        parts = [one.text(language), *([_named(one.ref, language), link_to(one.ref)] if one.ref else [])]
        console.print("  " + " · ".join(parts), markup=False, soft_wrap=True)


def _named(ref: str, language: Language) -> str:
    """`deal:7001` as people say it: сделка 7001."""
    kind, _, id = ref.partition(":")
    return f"{_KINDS[kind](language)} {id}" if kind in _KINDS else ref


def blank(width: int) -> Console:
    """Plain text of this width, kept until `written` asks for it."""
    return Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)


def written(console: Console) -> str:
    """What was printed so far."""
    file: Any = console.file
    return str(file.getvalue())


def plain(text: str) -> str:
    """What a person named is text, never markup."""
    return text.replace("[", "\\[")
