"""What reading from the CRM prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import typer

from connector.cli.screen import counted, fail_if_any, out, print_json, say, told
from connector.pipeline import Ended, Synced
from connector.redact import redact


def show_synced(ended: Sequence[Ended[Synced]], *, as_json: bool) -> None:
    """Rows, requests, dossiers and facts of each account."""
    if as_json:
        print_json([told(end, asdict(end.value) if end.value else None) for end in ended])
    else:
        for end in ended:
            if end.value:
                out.print(synced_line(end.account, end.value), markup=False, soft_wrap=True)
                for problem in end.value.problems:
                    say(redact(f"{end.account}: {problem}"))
    fail_if_any(ended)
    if any(end.value and (end.value.problems or end.value.stopped) for end in ended):
        raise typer.Exit(1)


def synced_line(name: str, done: Synced) -> str:
    """One account's reading, in a line."""
    refused = f"; {done.refused} rows could not be read, see kpi status" if done.refused else ""
    stopped = " (stopped on request; the next run goes on from there)" if done.stopped else ""
    return (
        f"{name}: {counted({'rows': sum(done.rows.values()), 'changed': done.changed, 'gone': done.gone})} in "
        f"{done.requests} requests; {done.dossiers} clients derived, {done.facts_added} facts added, "
        f"{done.facts_ended} ended{refused}{stopped}"
    )
