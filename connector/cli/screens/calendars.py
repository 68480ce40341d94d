"""Absences and rates on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.table import Column, Table

from connector.cli.screen import out, print_json, say
from connector.records import Absence
from connector.store.clock.quotes import Quoted

Known = tuple[str, Sequence[tuple[Absence, str]], Mapping[str, str]]
"""An account's name, its absences with their sources, and people's names by id."""


def show_absences(found: Sequence[Known], *, as_json: bool) -> None:
    """One line an absence, by person and day."""
    if as_json:
        print_json([_told(name, one, source, names) for name, known, names in found for one, source in known])
        return
    whole = [Column(name, no_wrap=True) for name in ("From", "To", "Days", "Source")]
    grid = Table("Account", "Person", "Id", "Kind", *whole)
    for name, known, names in found:
        for one, source in known:
            days = str((one.last - one.first).days + 1) if one.what not in ("hired", "left") else ""
            last = one.last.isoformat() if days else ""
            grid.add_row(
                name, names.get(one.user_id, ""), one.user_id, one.what, one.first.isoformat(), last, days, source
            )
    out.print(grid)


def _told(name: str, one: Absence, source: str, names: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "account": name,
        "user": one.user_id,
        "name": names.get(one.user_id),
        "kind": one.what,
        "from": one.first.isoformat(),
        "to": one.last.isoformat(),
        "source": source,
    }


def show_rates(found: Sequence[tuple[str, Sequence[Quoted], Sequence[tuple[date, str]]]], *, as_json: bool) -> None:
    """One line a rate; days without one on stderr, or in the JSON."""
    if as_json:
        print_json(
            [
                {
                    "account": name,
                    "rates": [
                        {"currency": one.currency, "day": one.day.isoformat(), "rate": one.rate, "source": one.source}
                        for one in known
                    ],
                    "missing": [{"currency": code, "day": day.isoformat()} for day, code in missing],
                }
                for name, known, missing in found
            ]
        )
        return
    grid = Table("Account", "Currency", "Day", "One costs", "Source")
    for name, known, _ in found:
        for one in known:
            day = "any day" if one.source == "config" else one.day.isoformat()
            grid.add_row(name, one.currency, day, one.rate, one.source)
    out.print(grid)
    for name, _, missing in found:
        for code in sorted({code for _, code in missing}):
            days = [day for day, other in missing if other == code]
            span = f"on {days[0]}" if len(days) == 1 else f"on {len(days)} days from {min(days)} to {max(days)}"
            say(f"{name}: no rate of {code} {span}: these amounts count nowhere")
