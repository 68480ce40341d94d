"""Absences and rates on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table

from connector.cli.screen import out, print_json
from connector.records import Absence

Known = tuple[str, Sequence[tuple[Absence, str]], Mapping[str, str]]
"""An account's name, its absences with their sources, and people's names by id."""


def show_absences(found: Sequence[Known], *, as_json: bool) -> None:
    """One line an absence, by person and day."""
    if as_json:
        print_json([_told(name, one, source, names) for name, known, names in found for one, source in known])
        return
    grid = Table("Account", "Person", "Id", "Kind", "From", "To", "Days", "Source")
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
