"""What the commands of health print."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any

import typer
from rich.table import Table

from connector.cli.screen import fail_if_any, out, print_json, wide
from connector.health import drift_words, gaming_telling, telling
from connector.kpi.definition import Language, Text
from connector.moment import from_ms
from connector.pipeline.bench import Ended
from connector.pipeline.trust.freezing import Drifts
from connector.pipeline.trust.gaming import Gaming
from connector.pipeline.trust.health import Quality
from connector.redact import redact
from connector.store import worlds
from connector.store.tables import DriftRow

_DRIFT = (
    Text("№", "No."),
    Text("Найдено", "Found"),
    Text("Что изменилось", "What changed"),
    Text("Состояние", "State"),
    Text("Показатели", "KPIs"),
)


def show_quality(found: Sequence[Quality], language: Language, *, as_json: bool) -> None:
    """Findings of each account."""
    told = [(one.account, one.period.label, one.currency, one.findings, one.link_to) for one in found]
    if as_json:
        print_json([telling.as_json(*one) for one in told])
    else:
        for one in told:
            sys.stdout.write(telling.as_text(*one, language=language, width=wide(60)))


def show_gaming(found: Sequence[tuple[Gaming, tzinfo]], language: Language, *, as_json: bool) -> None:
    """Suspicions of each account."""
    told = [(one.account, one.period.label, one.suspicions, one.names, one.link_to) for one, _ in found]
    if as_json:
        print_json([gaming_telling.as_json(*one) for one in told])
    else:
        for one, (_, zone) in zip(told, found, strict=True):
            local = partial(_local, zone=zone)
            sys.stdout.write(gaming_telling.as_text(*one, language=language, width=wide(60), local=local))


def show_drifts(found: Sequence[tuple[Drifts, tzinfo]], language: Language, *, as_json: bool) -> None:
    """Drifts of each account."""
    if as_json:
        print_json([{"account": one.account, "drifts": [_drift_json(row) for row in one.rows]} for one, _ in found])
        return
    for one, zone in found:
        table = Table(*(head(language) for head in _DRIFT), title=one.account, title_justify="left")
        for row in one.rows:
            table.add_row(*_drift_cells(row, language, zone))
        if one.rows:
            out.print(table, width=wide(60))
        else:
            out.print(f"{one.account}: {drift_words.NOTHING_OPEN(language)}", markup=False)


def _drift_cells(row: DriftRow, language: Language, zone: tzinfo) -> tuple[str, ...]:
    state = "open" if row.accepted_at is None else row.accepted_by or ""
    told = drift_words.STATES[state](language) if state in drift_words.STATES else state
    kpis = worlds.listed(row.kpis)
    what = f"{Text(*worlds.listed(row.text))(language)} ({row.code}/{row.subject})"
    cells = (str(row.id), _local(from_ms(row.found_at), zone), what, told)
    return (*(cell.replace("[", "\\[") for cell in cells), drift_words.titles(kpis, language) if kpis else "—")


def _drift_json(row: DriftRow) -> dict[str, Any]:
    moments = {name: getattr(row, name) for name in ("since", "found_at", "accepted_at")}
    return {
        "id": row.id,
        "code": row.code,
        "subject": row.subject,
        "text": Text(*worlds.listed(row.text))._asdict(),
        "kpis": list(worlds.listed(row.kpis)),
        "accepted_by": row.accepted_by,
        **{
            name: None if ms is None else from_ms(ms).astimezone(UTC).isoformat(timespec="milliseconds")
            for name, ms in moments.items()
        },
    }


def show_reconciled(
    ended: Sequence[Ended[Any]], zones: Mapping[str, tzinfo], language: Language, *, as_json: bool
) -> None:
    """Both sides of each account; exit code 1 where they differ."""
    from connector.health import reconcile_telling

    if as_json:
        print_json(
            [
                reconcile_telling.as_json(end.value) if end.value else {"account": end.account, "error": _said(end)}
                for end in ended
            ]
        )
    else:
        for end in ended:
            if end.value:
                zone = zones[end.account]
                sys.stdout.write(reconcile_telling.as_text(end.value, language, width=wide(60), zone=zone))
    fail_if_any(ended, language)
    if any(end.value and end.value.differs for end in ended):
        raise typer.Exit(1)


def _said(end: Ended[Any]) -> str:
    return redact(str(end.error))


def _local(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
