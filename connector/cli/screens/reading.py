"""What reading from the CRM prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import typer

from connector.cli.screen import counted, fail_if_any, out, print_json, say, told
from connector.cli.screens.standing_words import word
from connector.kpi.text import Language
from connector.pipeline.bench import Ended
from connector.pipeline.running import Synced
from connector.redact import redact
from connector.said import in_language


def show_synced(ended: Sequence[Ended[Synced]], languages: Mapping[str, Language], *, as_json: bool) -> None:
    """Rows, requests, dossiers and facts of each account; `languages`: of the accounts, by name."""
    if as_json:
        print_json([told(end, asdict(end.value) if end.value else None) for end in ended])
    else:
        for end in ended:
            if end.value:
                out.print(synced_line(end.account, end.value, languages[end.account]), markup=False, soft_wrap=True)
                for problem in end.value.problems:
                    say(redact(f"{end.account}: {in_language(problem, languages[end.account])}"))
    fail_if_any(ended, languages)
    if any(end.value and (end.value.problems or end.value.stopped) for end in ended):
        raise typer.Exit(1)


def synced_line(name: str, done: Synced, language: Language) -> str:
    """One account's reading, in a line."""
    numbers = {"rows": sum(done.rows.values()), "changed": done.changed, "gone": done.gone}
    rows = {word(f"row_{key}", language): count for key, count in numbers.items()}
    line = word(
        "synced", language, name=name, rows=counted(rows, language),
        requests=done.requests, dossiers=done.dossiers, added=done.facts_added, ended=done.facts_ended,
    )  # fmt: skip
    refused = word("refused", language, n=done.refused) if done.refused else ""
    return line + refused + (word("stopped", language) if done.stopped else "")
