"""What writing into the CRM prints, and one turn of the whole flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from connector.cli.screen import counted, fail_if_any, out, print_json, say, told, wide
from connector.cli.screens.reading import synced_line
from connector.cli.screens.untold import untold
from connector.cli.spoken import line
from connector.cli.words import kind_name, known, queued
from connector.kpi.text import Language
from connector.pipeline.bench import Ended
from connector.pipeline.cycling import Cycle
from connector.pipeline.writing import Pushed
from connector.redact import redact
from connector.said import in_language
from connector.writeback.preview import table as preview_table
from connector.writeback.report import DeliveryReport


def show_cycles(ended: Sequence[Ended[Cycle]], language: Language) -> None:
    """What was found, by kind, and what was written, by level."""
    for end in ended:
        if end.value is None:
            continue
        rows = {kind_name(kind, language): count for kind, count in end.value.synced.rows.items() if count}
        found = line("found", language, name=end.account, what=counted(rows, language))
        out.print(f"\n{found}", markup=False, soft_wrap=True)
        out.print(synced_line(end.account, end.value.synced, language), markup=False, soft_wrap=True)
        show_pushed_one(end.account, end.value.pushed, language)


def show_pushed(ended: Sequence[Ended[Pushed]], languages: Mapping[str, Language], *, as_json: bool) -> None:
    """What was written, level by level, and what was not and why; `languages`: of the accounts, by name."""
    if as_json:
        print_json([told(end, _pushed_json(end.value, languages[end.account])) for end in ended])
    else:
        for end in ended:
            if end.value:
                show_pushed_one(end.account, end.value, languages[end.account])
    fail_if_any(ended, languages)
    if any(end.value and end.value.delivery and _refused(end.value.delivery.states) for end in ended):
        raise typer.Exit(1)


def _refused(states: Mapping[Any, int]) -> bool:
    return bool(states.get("rejected") or states.get("dead"))


def show_pushed_one(name: str, done: Pushed, language: Language) -> None:
    """One account's delivery."""
    if done.unready:
        say(f"{name}: {line('unready', language, kinds=', '.join(kind_name(kind, language) for kind in done.unready))}")
    if done.delivery is not None:
        _show_delivered(name, done.run, done.delivery, language)
    if done.shown is not None and done.shown.changes:
        put(name, line("previewed", language, what=counted(by_level(done.shown.targets, language), language)))
    for text in untold(done.silent, done.names, language):
        put(name, text)


def _show_delivered(name: str, run: int, delivery: DeliveryReport, language: Language) -> None:
    levels = {
        queued(f"{level} {state}", language): count
        for level, states in sorted(delivery.levels.items())
        for state, count in sorted(states.items())
    }
    put(name, line("wrote", language, run=run, what=counted(levels, language) or line("nothing", language)))
    if waiting := {level: count for level, count in delivery.waiting.items() if count}:
        put(name, line("waiting", language, what=counted(by_level(waiting, language), language)))
    for problem in delivery.problems[:10]:
        message = in_language(problem.message, language)
        say(redact(f"{name}: {problem.key}: {known('wish', problem.state, language)}: {message}"))


def by_level(counts: Mapping[str, int], language: Language) -> dict[str, int]:
    """Counts by what people call the levels."""
    return {queued(level, language): count for level, count in counts.items()}


def put(name: str, text: str) -> None:
    """A line about an account, on stdout."""
    out.print(f"{name}: {text}", markup=False, soft_wrap=True)


def _pushed_json(done: Pushed | None, language: Language) -> dict[str, Any] | None:
    if done is None:
        return None
    return {
        "run": done.run,
        "wished": done.wished,
        "unready": done.unready,
        "delivery": done.delivery.to_json() if done.delivery else None,
        "preview": done.shown.to_json() if done.shown else None,
        "no_task": {who: why(language) for who, why in done.silent.items()},
    }


def show_previews(ended: Sequence[Ended[Pushed]], languages: Mapping[str, Language], *, as_json: bool) -> None:
    """Who, what, old and new; counts and the price in calls."""
    if as_json:
        print_json([told(end, _pushed_json(end.value, languages[end.account])) for end in ended])
    for end in ended if not as_json else ():
        if end.value is not None and end.value.shown is not None:
            put(end.account, line("wishes", end.value.shown.language, n=end.value.wished))
            out.print(preview_table(end.value.shown, 200), width=wide(80))
    fail_if_any(ended, languages)


def show_written(written: Mapping[str, Sequence[Mapping[str, Any]]], language: Language) -> None:
    """The demo: which calls the pretend CRMs saw, and one task as a head reads it."""
    for name, calls in written.items():
        kinds: dict[str, int] = {}
        for call in calls:
            kind = str(call.get("method", "")) + " " + str(call.get("path", ""))
            kinds[kind.strip()] = kinds.get(kind.strip(), 0) + 1
        out.print(f"\n{line('saw', language, name=name, n=len(calls))}", markup=False, soft_wrap=True)
        for kind, count in sorted(kinds.items(), key=lambda pair: -pair[1])[:8]:
            out.print(f"  {count:>5} {kind}", markup=False, soft_wrap=True)
