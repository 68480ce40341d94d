"""How `kpi feedback list` looks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import tzinfo

from rich.table import Table

from connector.advice.feedback import telling
from connector.advice.feedback.thread import Thread
from connector.cli.screen import out, print_json, say, wide
from connector.kpi.text import Language, Text

NONE = Text("{}: задач для руководителей нет", "{}: no tasks for heads")
ALERTS = Text(
    "{}: напоминания продавцам здесь не показаны (отправлено: {})", "{}: alerts to sellers are not listed ({} sent)"
)
WITHDRAWN = Text("{}: отменённые задачи не показаны ({})", "{}: tasks that were undone are not listed ({})")
Found = Sequence[tuple[str, tzinfo, Sequence[Thread]]]


def show_list(found: Found, others: Sequence[tuple[int, int]], language: Language, *, as_json: bool) -> None:
    """A table for each account, or one list of all tasks. `others`: of each, alerts and undone tasks not listed."""
    if as_json:
        print_json([telling.as_json(one) | {"account": name} for name, _, threads in found for one in threads])
        return
    for (name, zone, threads), counts in zip(found, others, strict=True):
        if threads:
            out.print(_table(name, telling.as_lines(threads, zone, language), language), width=wide(60))
        else:
            sys.stdout.write(NONE(language).format(name) + "\n")
        for words, count in zip((ALERTS, WITHDRAWN), counts, strict=True):
            if count:
                say(words(language).format(name, count))


def _table(name: str, lines: Sequence[Sequence[str]], language: Language) -> Table:
    table = Table(title=name, title_justify="left")
    for heading in telling.HEADINGS:
        table.add_column(heading(language), overflow="fold", no_wrap=heading in telling.HEADINGS[:2])
    for line in lines:
        table.add_row(*line)
    return table
