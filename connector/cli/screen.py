"""What commands print. Progress and words go to stderr, results to stdout; plain lines where there is no terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from connector.pipeline import Ended
from connector.redact import redact

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line of words on stderr."""
    err.print(text, markup=False, soft_wrap=True)


def counted(counts: Mapping[str, int]) -> str:
    """`797 deals, 2 189 calls`."""
    return ", ".join(f"{count:,}".replace(",", " ") + f" {name}" for name, count in counts.items())


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Any]:
    """A callable (kind, rows, total, requests): bars on a terminal, a plain line every two seconds elsewhere."""
    if quiet:
        yield None
    elif err.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
        )
        with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as bars:
            yield Bars(bars)
    else:
        yield Lines()


class Bars:
    """Rich bars, one for each kind."""

    def __init__(self, bars: Progress) -> None:
        self.bars, self.tasks, self.started = bars, {}, time.monotonic()  # type: ignore[var-annotated]

    def __call__(self, kind: str, rows: int, total: int | None, requests: int) -> None:
        if kind not in self.tasks:
            self.tasks[kind] = self.bars.add_task(f"{kind:<12}", total=total, rate="")
        rate = requests / max(time.monotonic() - self.started, 0.001)
        self.bars.update(self.tasks[kind], completed=rows, total=total, rate=f"{requests} requests, {rate:.1f}/s")


class Lines:
    """The same for pipes and logs."""

    def __init__(self) -> None:
        self.said = self.started = time.monotonic()

    def __call__(self, kind: str, rows: int, total: int | None, requests: int) -> None:
        now = time.monotonic()
        if now - self.said >= 2:
            self.said = now
            of = f" of {total}" if total else ""
            say(f"{kind}: {rows}{of} rows, {requests} requests, {requests / (now - self.started):.1f}/s")


def print_json(value: Any) -> None:
    """JSON and nothing else on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def fail_if_any(ended: Iterable[Ended[Any]]) -> None:
    """Say each account's error; exit with the worst code."""
    errors = [(end.account, end.error) for end in ended if end.error is not None]
    for name, error in errors:
        say(redact(f"{name}: {error}"))
    if errors:
        raise typer.Exit(max(error.exit_code for _, error in errors))


def told(end: Ended[Any], value: Any) -> dict[str, Any]:
    """An account's part of the JSON: what came of it, or its error."""
    return {"account": end.account, "result": value, "error": redact(str(end.error)) if end.error else None}
