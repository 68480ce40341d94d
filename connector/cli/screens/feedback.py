"""How `kpi feedback list` looks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import tzinfo

from rich.table import Table

from connector.advice.feedback import telling
from connector.advice.feedback.thread import Thread
from connector.cli.screen import out, print_json
from connector.kpi.text import Language, Text

NONE = Text("{}: задач нет", "{}: no tasks")
Found = Sequence[tuple[str, tzinfo, Sequence[Thread]]]


def show_list(found: Found, language: Language, *, as_json: bool) -> None:
    """A table for each account, or one list of all tasks."""
    if as_json:
        print_json([telling.as_json(one) | {"account": name} for name, _, threads in found for one in threads])
        return
    for name, zone, threads in found:
        if threads:
            out.print(_table(name, telling.as_lines(threads, zone, language), language))
        else:
            sys.stdout.write(NONE(language).format(name) + "\n")


def _table(name: str, lines: Sequence[Sequence[str]], language: Language) -> Table:
    table = Table(title=name, title_justify="left")
    for heading in telling.HEADINGS:
        table.add_column(heading(language), overflow="fold", no_wrap=heading in telling.HEADINGS[:2])
    for line in lines:
        table.add_row(*line)
    return table
