"""What commands print. Progress and words go to stderr, results to stdout; plain lines where there is no terminal."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import typer

from connector.cli.logs import in_json
from connector.cli.tongue import decimals, said
from connector.cli.words import kind_name, one_of
from connector.kpi.text import Language, Text
from connector.moment import from_ms
from connector.pipeline.bench import Ended
from connector.redact import redact

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

Spoken = Mapping[str, Language] | Language
"""In which language each account is spoken of, by its name; or one for all of them."""
_ROWS = Text(
    "{kind}: строк {rows}{of}, запросов {requests}, {rate}/с", "{kind}: {rows}{of} rows, {requests} requests, {rate}/s"
)
_RATE = Text("запросов {requests}, {rate}/с", "{requests} requests, {rate}/s")
_OF = Text(" из {total}", " of {total}")
_PIPE = 150


@cache
def console(*, stderr: bool = False) -> Console:
    """Rich's; loaded when something is to be shown, which is after the CRM has answered."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


class _Out:
    """stdout, as rich writes it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(console(), name)


out: Console = cast("Console", _Out())


def wide(least: int) -> int:
    """Columns of a table: the terminal's, or as COLUMNS says; 150 in a pipe that says nothing."""
    if out.is_terminal:
        return max(out.width, least)
    told = os.environ.get("COLUMNS", "")
    return max(int(told), least) if told.isdecimal() else _PIPE


def say(text: str) -> None:
    """A line of words on stderr."""
    console(stderr=True).print(text, markup=False, soft_wrap=True)


def counted(counts: Mapping[str, int], language: Language = "en") -> str:
    """`797 deals, 2 189 calls`; in Russian the number comes last, as it would bend the word: `сделок 797`."""
    named = ((count, one_of(name) if count == 1 and language == "en" else name) for name, count in counts.items())
    told = ((f"{count:,}".replace(",", " "), name) for count, name in named)
    return ", ".join(f"{name} {count}" if language == "ru" else f"{count} {name}" for count, name in told)


def local(ms: int, zone: tzinfo) -> str:
    """A moment (epoch ms) as the account's people read it: with the zone beside it."""
    return f"{from_ms(ms).astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def of(spoken: Spoken, account: str) -> Language:
    """In which language this account is spoken of."""
    return spoken if isinstance(spoken, str) else spoken[account]


@contextmanager
def progress(language: Language = "en", *, quiet: bool = False) -> Iterator[Any]:
    """A callable (kind, rows, total, requests): bars on a terminal, a plain line every two seconds elsewhere.

    Nothing where the log is of JSON lines: whoever collects them reads stderr, and its lines are no JSON.
    """
    if quiet or in_json(os.environ.get("KPI_LOG_FORMAT", "")):
        yield None
    elif sys.stderr.isatty() and console(stderr=True).is_terminal:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
        )
        with Progress(*columns, TimeElapsedColumn(), console=console(stderr=True), transient=True) as bars:
            yield Bars(bars, language)
    else:
        yield Lines(language)


class Bars:
    """Rich bars, one for each kind."""

    def __init__(self, bars: Progress, language: Language) -> None:
        self.language = language
        self.bars, self.tasks, self.started = bars, {}, time.monotonic()  # type: ignore[var-annotated]

    def __call__(self, kind: str, rows: int, total: int | None, requests: int) -> None:
        if kind not in self.tasks:
            self.tasks[kind] = self.bars.add_task(f"{kind_name(kind, self.language):<20}", total=total, rate="")
        rate = requests / max(time.monotonic() - self.started, 0.001)
        told = _RATE(self.language).format(requests=requests, rate=decimals(f"{rate:.1f}", self.language))
        self.bars.update(self.tasks[kind], completed=rows, total=total, rate=told)


class Lines:
    """The same for pipes and logs."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.said = self.started = time.monotonic()

    def __call__(self, kind: str, rows: int, total: int | None, requests: int) -> None:
        now = time.monotonic()
        if now - self.said >= 2:
            self.said = now
            told = {"of": _OF(self.language).format(total=total) if total else "", "rows": rows}
            told["kind"] = kind_name(kind, self.language)
            rate = decimals(f"{requests / (now - self.started):.1f}", self.language)
            say(_ROWS(self.language).format(**told, requests=requests, rate=rate))


def print_json(value: Any) -> None:
    """JSON and nothing else on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def fail_if_any(ended: Iterable[Ended[Any]], spoken: Spoken) -> None:
    """Say each account's error in its language; exit with the worst code."""
    errors = [(end.account, end.error) for end in ended if end.error is not None]
    for name, error in errors:
        text = said(error, of(spoken, name))
        say(text if text.startswith(f"{name}: ") else f"{name}: {text}")
    if errors:
        raise typer.Exit(max(error.exit_code for _, error in errors))


def told(end: Ended[Any], value: Any) -> dict[str, Any]:
    """An account's part of the JSON: what came of it, or its error."""
    return {"account": end.account, "result": value, "error": redact(str(end.error)) if end.error else None}
