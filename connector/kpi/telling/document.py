"""docs/kpis.md and docs/kpis.ru.md: the catalogue as a page, with one value worked through. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.kpi.catalogue import ALL, GROUPS
from connector.kpi.definition import Kpi, Language, Text
from connector.kpi.explain import Explanation
from connector.kpi.telling.about import LABELS, facts_of
from connector.kpi.telling.render import shown
from connector.kpi.telling.words import LEFT_OUT, REASONS
from connector.moment import Zone, from_ms, zone_of
from connector.money import to_units
from connector.records import Ref

_TITLE = Text("Показатели", "KPIs")
_INTRO = Text(
    "Эта страница порождена из определений в `connector/kpi`, по которым показатели и считаются: "
    "`python -m tests.docs` пишет её заново, тест сверяет. То же показывает `kpi kpis show КЛЮЧ`.",
    "This page is generated from the definitions in `connector/kpi` by which the KPIs are computed: "
    "`python -m tests.docs` writes it anew and a test compares. `kpi kpis show KEY` tells the same.",
)
_HOW = Text(
    "Формула складывается из событий периода (по дню аккаунта), засчитанных человеку: в квадратных скобках — условия. "
    "Событие засчитывается тому, кто был ответственным в его момент.",
    "A formula is made of the period's events (by the account's day) that are credited to a person; conditions are in "
    "square brackets. An event is credited to whoever was responsible at its moment.",
)
_REASONS = Text("Почему нет значения", "Why there is no value")
_LEFT_OUT = Text("Почему событие не учтено", "Why an event is left out")
_CODE = Text("| код | значит |", "| code | means |")
_WORKED = Text("Одно значение, посчитанное руками", "One value worked through by hand")
_COMPANY = Text(
    "{name}, {title}, {period}, в ненастоящей компании (`kpi sandbox`).",
    "{name}, {title}, {period}, in the pretend company (`kpi sandbox`).",
)
_COLUMNS = Text("| сделка | выиграна | сумма, {currency} |", "| deal | won | amount, {currency} |")
_RESULT = Text("Значение: **{value} {currency}**, фактов {n}.", "Value: **{value} {currency}**, facts {n}.")
_NBSP = "\u00a0"


def document(language: Language, proof: Explanation, notes: tuple[Text, ...], *, zone: Zone) -> str:
    """The page. `proof`: a KPI that is one sum of money, to be worked through; `notes` say what is to be seen in it."""
    parts = [f"# {_TITLE(language)}", _INTRO(language), _HOW(language), *_contents(language)]
    for title, kpis in GROUPS:
        parts.append(f"## {title(language)}")
        parts += (_one(kpi, language) for kpi in kpis)
    for heading, words in ((_REASONS, REASONS), (_LEFT_OUT, LEFT_OUT)):
        rows = [f"| `{code}` | {text(language)} |" for code, text in words.items()]
        parts += [f"## {heading(language)}", "\n".join([_CODE(language), "|---|---|", *rows])]
    parts += worked(language, proof, notes, zone=zone)
    return "\n\n".join(parts) + "\n"


def worked(language: Language, proof: Explanation, notes: tuple[Text, ...], *, zone: Zone) -> Iterator[str]:
    """Every fact that counts, their addition, and the value."""
    currency = proof.currency
    amounts = [shown(to_units(item.amount or 0, currency), "money", currency, language) for item in proof.items]
    rows = [
        f"| {_deal(item.links)} | {from_ms(item.at).astimezone(zone_of(zone)):%Y-%m-%d %H:%M} | {amount} |"
        for item, amount in zip(proof.items, amounts, strict=True)
    ]
    value = shown(proof.result.value, proof.result.unit, currency, language)
    who = {"name": proof.name, "title": f"«{proof.kpi.title(language)}»", "period": proof.period.label}
    yield f"## {_WORKED(language)}"
    yield _COMPANY(language).format(**who) + " " + proof.kpi.meaning(language)
    yield "\n".join([_COLUMNS(language).format(currency=currency), "|---|---|--:|", *rows]).replace(_NBSP, " ")
    yield f"{' + '.join(amounts)} = {value}".replace(_NBSP, " ")
    yield _RESULT(language).format(value=value, currency=currency, n=proof.result.n).replace(_NBSP, " ")
    yield "\n".join(f"- {note(language)}" for note in notes)


def _contents(language: Language) -> Iterator[str]:
    yield "\n".join(f"- [{kpi.title(language)}](#{key}): {kpi.meaning(language)}" for key, kpi in ALL.items())


def _one(kpi: Kpi, language: Language) -> str:
    """A heading with an anchor that is the key in both languages, the meaning, and the rest as a list."""
    told = facts_of(kpi, language)
    lines = [f"- {LABELS[name](language)}: {_code(name, text)}" for name, text in told.items() if name != "family"]
    return "\n\n".join([f'### <a id="{kpi.key}"></a>{kpi.title(language)}', kpi.meaning(language), "\n".join(lines)])


def _code(name: str, text: str) -> str:
    return f"`{text}`" if name in ("key", "formula", "settings", "setting", "version") else text


def _deal(links: Mapping[Ref, str]) -> str:
    """The id in the first of an item's refs, which is the deal's."""
    return next(iter(links), ":—").partition(":")[2]
