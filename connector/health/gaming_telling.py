"""Suspicions as people and machines read them, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

from rich.table import Table

from connector.health.finding import Suspicion
from connector.health.telling import CLEAN, LinkTo, blank, examples_json, list_examples, plain, written
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Language, Text

_WHO = (
    Text("Кто", "Who"),
    Text("Когда", "When"),
    Text("На что похоже", "What it looks like"),
    Text("Может быть", "It may be"),
    Text("Приукрашивает → смотрите", "Flatters → look at"),
)


def as_text(
    account: str, period: str, suspicions: Sequence[Suspicion], names: Mapping[str, str], link_to: LinkTo,
    *, language: Language = "ru", width: int = 150, local: Callable[[Any], str] = str,
) -> str:  # fmt: skip
    """A table, then examples with links."""
    console = blank(width)
    console.print(f"{account} · {period}", markup=False)
    if not suspicions:
        console.print(CLEAN(language), markup=False)
    else:
        table = Table(*(one(language) for one in _WHO), show_lines=True)
        for one in suspicions:
            when = local(one.since) if one.since == one.until else f"{local(one.since)} – {local(one.until)}"
            pair = f"{_titles(one.flatters, language)} → {_titles(one.counter, language)}"
            cells = (names.get(one.user or "", one.user or "—"), when, one.text(language), one.innocent(language), pair)
            table.add_row(*map(plain, cells))
        console.print(table)
        for one in suspicions:
            title = f"{names.get(one.user or '', one.user or '—')}: {one.text(language)}"
            list_examples(console, title, one.examples, link_to, language)
    return written(console)


def as_json(
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
                "examples": examples_json(one.examples, link_to),
            }
            for one in suspicions
        ],
    }


def _titles(keys: Iterable[str], language: Language) -> str:
    return ", ".join(ALL[key].title(language) for key in keys if key in ALL) or "—"
