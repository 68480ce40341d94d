"""What writing into the CRM prints, and one turn of the whole flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from connector.cli.screen import counted, fail_if_any, out, print_json, say, told
from connector.cli.screens.reading import synced_line
from connector.pipeline import Cycle, Ended, Pushed
from connector.redact import redact
from connector.writeback.preview import table as preview_table


def show_cycles(ended: Sequence[Ended[Cycle]]) -> None:
    """What was found, by kind, and what was written, by level."""
    for end in ended:
        if end.value is None:
            continue
        rows = {kind: count for kind, count in end.value.synced.rows.items() if count}
        out.print(f"\n{end.account} found: {counted(rows)}", markup=False, soft_wrap=True)
        out.print(synced_line(end.account, end.value.synced), markup=False, soft_wrap=True)
        show_pushed_one(end.account, end.value.pushed)


def show_pushed(ended: Sequence[Ended[Pushed]], *, as_json: bool) -> None:
    """What was written, level by level, and what was not and why."""
    if as_json:
        print_json([told(end, _pushed_json(end.value)) for end in ended])
    else:
        for end in ended:
            if end.value:
                show_pushed_one(end.account, end.value)
    fail_if_any(ended)
    if any(end.value and end.value.delivery and _refused(end.value.delivery.states) for end in ended):
        raise typer.Exit(1)


def _refused(states: Mapping[Any, int]) -> bool:
    return bool(states.get("rejected") or states.get("dead"))


def show_pushed_one(name: str, done: Pushed) -> None:
    """One account's delivery."""
    if done.unready:
        say(f"{name}: nothing is written until these are read to their end: {', '.join(done.unready)}; now: kpi sync")
    if done.delivery is not None:
        levels = {
            f"{level} {state}": count
            for level, states in sorted(done.delivery.levels.items())
            for state, count in sorted(states.items())
        }
        out.print(f"{name} run {done.run} wrote: {counted(levels) or 'nothing'}", markup=False, soft_wrap=True)
        waiting = {level: count for level, count in done.delivery.waiting.items() if count}
        if waiting:
            out.print(
                f"{name}: waiting (caps, or their time has not come): {counted(waiting)}", markup=False, soft_wrap=True
            )
        for problem in done.delivery.problems[:10]:
            say(redact(f"{name}: {problem.key}: {problem.state}: {problem.message}"))
    if done.shown is not None and done.shown.changes:
        out.print(
            f"{name}: in preview, not written: {counted(dict(done.shown.targets))}; kpi push --preview", markup=False
        )
    for subject, reason in done.silent.items():
        out.print(f"{name}: no task about {subject}: {reason}", markup=False, soft_wrap=True)


def _pushed_json(done: Pushed | None) -> dict[str, Any] | None:
    if done is None:
        return None
    return {
        "run": done.run,
        "wished": done.wished,
        "unready": done.unready,
        "delivery": done.delivery.to_json() if done.delivery else None,
        "preview": done.shown.to_json() if done.shown else None,
        "no_task": done.silent,
    }


def show_previews(ended: Sequence[Ended[Pushed]], *, as_json: bool) -> None:
    """Who, what, old and new; counts and the price in calls."""
    if as_json:
        print_json([told(end, _pushed_json(end.value)) for end in ended])
    for end in ended if not as_json else ():
        if end.value is not None and end.value.shown is not None:
            out.print(f"{end.account}: {end.value.wished} wishes", markup=False, soft_wrap=True)
            out.print(preview_table(end.value.shown, 200))
    fail_if_any(ended)


def show_written(written: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """The demo: which calls the pretend CRMs saw, and one task as a head reads it."""
    for name, calls in written.items():
        kinds: dict[str, int] = {}
        for call in calls:
            kind = str(call.get("method", "")) + " " + str(call.get("path", ""))
            kinds[kind.strip()] = kinds.get(kind.strip(), 0) + 1
        out.print(f"\n{name} saw {len(calls)} writes", markup=False, soft_wrap=True)
        for kind, count in sorted(kinds.items(), key=lambda pair: -pair[1])[:8]:
            out.print(f"  {count:>5} {kind}", markup=False, soft_wrap=True)
