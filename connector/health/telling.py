"""Findings and suspicions as people and machines read them, in both languages."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from connector.health.finding import Effect, Example, Finding, Suspicion
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Language, Text
from connector.kpi.render import number, shown

LinkTo = Callable[[str], str]
_HEAD = (
    Text("Что", "What"),
    Text("Сколько", "How many"),
    Text("Что искажает и насколько", "What it distorts, and by how much"),
    Text("Что сделать", "What to do"),
)
_WHO = (
    Text("Кто", "Who"),
    Text("Когда", "When"),
    Text("На что похоже", "What it looks like"),
    Text("Может быть", "It may be"),
    Text("Приукрашивает → смотрите", "Flatters → look at"),
)
_OF = Text("{count} из {of} ({share})", "{count} of {of} ({share})")
_OVER = Text("«{kpi}»: {value}, завышено не более чем на {by}", "{kpi}: {value}, too high by {by} at most")
_UNDER = Text("«{kpi}»: {value}, занижено не более чем на {by}", "{kpi}: {value}, too low by {by} at most")
_ABOUT = Text("«{kpi}»: {value}, занижено примерно на {by}", "{kpi}: {value}, too low by about {by}")
_EXACT = Text("«{kpi}» команд: {by} не у команд", "{kpi} of teams: {by} is no team's")
_UNKNOWN = Text("«{kpi}»: на сколько, неизвестно", "{kpi}: nobody can say by how much")
_MORE = Text("и ещё {count} показателей", "and {count} more KPIs")
_CLEAN = Text("ничего не найдено", "nothing was found")
_EXAMPLES = Text("Примеры", "Examples")
MOST_EFFECTS = 4


def quality_text(
    account: str, period: str, currency: str, findings: Sequence[Finding], link_to: LinkTo,
    *, language: Language = "ru", width: int = 150,
) -> str:  # fmt: skip
    """A table, then examples with links."""
    console = _console(width)
    console.print(f"{account} · {period}", markup=False)
    if not findings:
        console.print(_CLEAN(language), markup=False)
    else:
        table = Table(*(one(language) for one in _HEAD), show_lines=True)
        for found in findings:
            effects = "\n".join(_effects(found.effects, currency, language))
            cells = (found.text(language), _count(found, language), effects, found.hint(language))
            table.add_row(*map(_plain, cells))
        console.print(table)
        for found in findings:
            _list(console, found.text(language), found.examples, link_to, language)
    return _written(console)


def quality_json(
    account: str, period: str, currency: str, findings: Iterable[Finding], link_to: LinkTo
) -> dict[str, Any]:
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
                "examples": _examples(found.examples, link_to),
                "effects": [_effect_json(effect, currency) for effect in found.effects],
            }
            for found in findings
        ],
    }


def gaming_text(
    account: str, period: str, suspicions: Sequence[Suspicion], names: Mapping[str, str], link_to: LinkTo,
    *, language: Language = "ru", width: int = 150, local: Callable[[Any], str] = str,
) -> str:  # fmt: skip
    """A table, then examples with links."""
    console = _console(width)
    console.print(f"{account} · {period}", markup=False)
    if not suspicions:
        console.print(_CLEAN(language), markup=False)
    else:
        table = Table(*(one(language) for one in _WHO), show_lines=True)
        for one in suspicions:
            when = local(one.since) if one.since == one.until else f"{local(one.since)} – {local(one.until)}"
            pair = f"{_titles(one.flatters, language)} → {_titles(one.counter, language)}"
            cells = (names.get(one.user or "", one.user or "—"), when, one.text(language), one.innocent(language), pair)
            table.add_row(*map(_plain, cells))
        console.print(table)
        for one in suspicions:
            title = f"{names.get(one.user or '', one.user or '—')}: {one.text(language)}"
            _list(console, title, one.examples, link_to, language)
    return _written(console)


def gaming_json(
    account: str, period: str, suspicions: Iterable[Suspicion], names: Mapping[str, str], link_to: LinkTo
) -> dict[str, Any]:
    """The same for machines."""
    return {
        "account": account,
        "period": period,
        "suspicions": [
            {
                "code": one.code,
                "user": {"id": one.user, "name": names.get(one.user or "", one.user)},
                "since": one.since.astimezone(UTC).isoformat(),
                "until": one.until.astimezone(UTC).isoformat(),
                "count": one.count,
                "text": one.text._asdict(),
                "innocent": one.innocent._asdict(),
                "flatters": list(one.flatters),
                "counter": list(one.counter),
                "examples": _examples(one.examples, link_to),
            }
            for one in suspicions
        ],
    }


def _effects(effects: Sequence[Effect], currency: str, language: Language) -> list[str]:
    known = [effect for effect in effects if effect.kpi in ALL]
    lines = [line for effect in known[:MOST_EFFECTS] for line in _effect(effect, currency, language)]
    if len(known) > MOST_EFFECTS:
        lines.append(_MORE(language).format(count=len(known) - MOST_EFFECTS))
    return lines or ["—"]


def _effect(effect: Effect, currency: str, language: Language) -> list[str]:
    kpi = ALL[effect.kpi]
    words = {"kpi": kpi.title(language), "value": _in_unit(effect.value, kpi.unit, currency, language)}
    if effect.claim == "unknown":
        return [_UNKNOWN(language).format(**words)]
    under = {"estimate": _ABOUT, "exact": _EXACT}.get(effect.claim, _UNDER)
    told = ((under, effect.under), (_OVER, effect.over))
    return [text(language).format(by=_by(by, kpi.unit, currency, language), **words) for text, by in told if by]


def _by(by: Decimal, unit: str, currency: str, language: Language) -> str:
    """A difference of shares is in points."""
    if unit == "share":
        return shown(by, unit, currency, language).rstrip("%\u00a0") + (" п.п." if language == "ru" else " points")
    return _in_unit(by, unit, currency, language)


def _in_unit(value: Decimal | None, unit: str, currency: str, language: Language) -> str:
    text = shown(value, unit, currency, language)
    return f"{text} {currency}" if unit == "money" and value is not None else text


def _effect_json(effect: Effect, currency: str) -> dict[str, Any]:
    money = effect.kpi in ALL and ALL[effect.kpi].unit == "money"
    values = {name: getattr(effect, name) for name in ("value", "low", "high")}
    told = {name: number(value, money=money, currency=currency) for name, value in values.items()}
    return {"kpi": effect.kpi, "claim": effect.claim, **told}


def _count(found: Finding, language: Language) -> str:
    if not found.of or found.of == found.count:
        return str(found.count)
    share = shown(Decimal(found.count) / found.of, "share", "", language)
    return _OF(language).format(count=found.count, of=found.of, share=share)


def _examples(examples: Iterable[Example], link_to: LinkTo) -> list[dict[str, Any]]:
    return [
        {"ref": one.ref, "link": link_to(one.ref) if one.ref else None, "text": one.text._asdict()} for one in examples
    ]


def _list(console: Console, title: str, examples: Sequence[Example], link_to: LinkTo, language: Language) -> None:
    if examples:
        console.print(f"\n{_EXAMPLES(language)} · {title}", markup=False, soft_wrap=True)
    for one in examples:
        parts = [one.text(language), *([one.ref, link_to(one.ref)] if one.ref else [])]
        console.print("  " + " · ".join(parts), markup=False, soft_wrap=True)


def _titles(keys: Iterable[str], language: Language) -> str:
    return ", ".join(ALL[key].title(language) for key in keys if key in ALL) or "—"


def _console(width: int) -> Console:
    return Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)


def _written(console: Console) -> str:
    file: Any = console.file
    return str(file.getvalue())


def _plain(text: str) -> str:
    """What a person named is text, never markup."""
    return text.replace("[", "\\[")


def dumped(value: Any) -> str:
    """JSON as every command prints it."""
    return json.dumps(value, ensure_ascii=False, indent=2)
