"""What commands print. Progress and words go to stderr, results to stdout; plain lines where there is no terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, tzinfo
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from connector.kpi.catalogue import ALL, HEADLINE
from connector.kpi.engine import Report
from connector.kpi.explain import Explanation
from connector.kpi.telling import explanation as telling
from connector.kpi.telling import render, table
from connector.moment import Period, from_ms, skew
from connector.pipeline import Cycle, Ended, Pushed, Synced
from connector.pipeline.standing import Finding, Standing
from connector.redact import redact
from connector.result import Plan
from connector.writeback.preview import table as preview_table

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
STALE = 3 * 3600
"""Seconds after which a stream is called stale."""

SAME_AGE = 60_000
"""Milliseconds."""


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


def show_synced(ended: Sequence[Ended[Synced]], *, as_json: bool) -> None:
    """Rows, requests, dossiers and facts of each account."""
    if as_json:
        print_json([_told(end, asdict(end.value) if end.value else None) for end in ended])
    else:
        for end in ended:
            if end.value:
                out.print(_synced_line(end.account, end.value), markup=False, soft_wrap=True)
                for problem in end.value.problems:
                    say(redact(f"{end.account}: {problem}"))
    fail_if_any(ended)
    if any(end.value and (end.value.problems or end.value.stopped) for end in ended):
        raise typer.Exit(1)


def _synced_line(name: str, done: Synced) -> str:
    refused = f"; {done.refused} rows could not be read, see kpi status" if done.refused else ""
    stopped = " (stopped on request; the next run goes on from there)" if done.stopped else ""
    return (
        f"{name}: {counted({'rows': sum(done.rows.values()), 'changed': done.changed, 'gone': done.gone})} in "
        f"{done.requests} requests; {done.dossiers} clients derived, {done.facts_added} facts added, "
        f"{done.facts_ended} ended{refused}{stopped}"
    )


def show_cycles(ended: Sequence[Ended[Cycle]]) -> None:
    """What was found, by kind, and what was written, by level."""
    for end in ended:
        if end.value is None:
            continue
        rows = {kind: count for kind, count in end.value.synced.rows.items() if count}
        out.print(f"\n{end.account} found: {counted(rows)}", markup=False, soft_wrap=True)
        out.print(_synced_line(end.account, end.value.synced), markup=False, soft_wrap=True)
        show_pushed_one(end.account, end.value.pushed)


def show_pushed(ended: Sequence[Ended[Pushed]], *, as_json: bool) -> None:
    """What was written, level by level, and what was not and why."""
    if as_json:
        print_json([_told(end, _pushed_json(end.value)) for end in ended])
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
        print_json([_told(end, _pushed_json(end.value)) for end in ended])
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


def show_reports(
    reports: Sequence[Report], form: str, keys: Sequence[str] | None = None, *, everything: bool = False
) -> None:
    """Tables, JSON (one object, or a list for several accounts) or CSV; of these KPIs, else all, in tables the main."""
    if keys:
        reports = [report.only(keys) for report in reports]
    if form == "json":
        parts = [render.as_json(report) for report in reports]
        sys.stdout.write((parts[0] if len(parts) == 1 else "[" + ",\n".join(parts) + "]") + "\n")
    elif form == "csv":
        for position, report in enumerate(reports):
            text = render.as_csv(report)
            sys.stdout.write(text if position == 0 else text.split("\n", 1)[1])
    else:
        for report in reports:
            _show_table(report, main=not keys and not everything)


def _show_table(report: Report, *, main: bool) -> None:
    width = max(out.width, 80) if out.is_terminal else 150
    own = [kpi.key for kpi in report.kpis if kpi.key not in ALL]
    shown = report.only([*HEADLINE, *own]) if main else report
    sys.stdout.write(table.as_table(shown, width=width) + "\n")
    if main:
        say(f"{len(shown.kpis)} of {len(report.kpis)} KPIs; all: kpi report --all; one: --kpi KEY; kpi kpis list")


def warn_unread(name: str, kinds: Sequence[str]) -> None:
    """A report before the first read has ended says so."""
    if kinds:
        say(
            f"{name}: not read to the end yet, so nothing is said of what needs them: {', '.join(kinds)}; now: kpi sync"
        )


def warn_ahead(name: str, period: Period, today: date) -> None:
    """A report of days that are still to come says so."""
    if period.start > today:
        say(f"{name}: {period.label} has not begun: its first day is {period.start}, and it is {today} there")


def show_explanations(found: Sequence[Explanation], zones: Sequence[tzinfo], *, as_json: bool) -> None:
    """The proof of a number, in the account's own time."""
    if as_json:
        parts = [telling.as_json(one) for one in found]
        sys.stdout.write((parts[0] if len(parts) == 1 else "[" + ",\n".join(parts) + "]") + "\n")
    else:
        for one, zone in zip(found, zones, strict=True):
            sys.stdout.write(telling.as_text(one, zone=zone) + "\n")


def show_plans(found: Sequence[tuple[str, Sequence[Plan]]], *, as_json: bool) -> None:
    """Plans in force."""
    if as_json:
        rows = [{"account": name, **plan_json(plan)} for name, some in found for plan in some]
        print_json(rows)
        return
    grid = Table("Account", "Subject", "KPI", "Pipeline", "Period", "Value", "Version", "Author")
    for name, some in found:
        for plan in some:
            what = (name, plan.subject, plan.kpi, plan.pipeline or "all", plan.period)
            grid.add_row(*what, f"{plan.value:f}", str(plan.version), plan.author)
    out.print(grid)


def plan_json(plan: Plan) -> dict[str, Any]:
    """One plan for machines."""
    named = ("subject", "kpi", "period", "pipeline", "version", "author", "reason")
    return {name: getattr(plan, name) for name in named} | {"value": f"{plan.value:f}"}


def show_findings(findings: Sequence[Finding], *, as_json: bool) -> None:
    """What a check found."""
    if as_json:
        print_json([_finding_json(found) for found in findings])
        return
    for found in findings:
        out.print(f"{found.name} ({found.provider})", markup=False, style="bold")
        for label, text in _finding_lines(found):
            out.print(f"  {label:<12} {text}", markup=False, soft_wrap=True)
        if found.error is not None:
            say(redact(f"  error        {found.error}"))


def _finding_lines(found: Finding) -> Iterator[tuple[str, str]]:
    if found.told is not None:
        told = found.told
        yield "account", f"{told.name} ({told.id}) at {told.host}; zone {told.zone}; currency {told.currency}"
        far = "; check this machine's clock (NTP)" if abs(told.clock_offset) > 60 else ""
        yield "clock", f"the CRM is {skew(told.clock_offset)} from this machine{far}"
    if found.can is not None:
        yield "reads", ", ".join(sorted(kind.kind for kind in found.can.kinds))
        history = (found.can.owner_history, found.can.price_history, found.can.deadline_history)
        yield "history", "owners {}, amounts {}, deadlines {}".format(*history)
        yield "writes", ", ".join(sorted(found.can.writes)) or "nothing"
        yield "limits", f"{found.can.limits or 'not known'}; {found.pace}"
        yield from (("note", note) for note in found.can.notes)
    for pipeline in found.pipelines:
        stages = [stage for stage in found.stages if stage.pipeline_id == pipeline.id]
        won = ", ".join(stage.name for stage in stages if stage.outcome == "won")
        yield "pipeline", f"{pipeline.name} ({pipeline.id}): {len(stages)} stages; won: {won or 'none'}"
    if found.users:
        yield "people", f"{sum(user.active for user in found.users)} active of {len(found.users)}"
    if found.fields:
        yield "fields", ", ".join(f"{one.name} ({one.type})" for one in found.fields[:20])
    yield from (("not there", name) for name in found.missing)
    yield from (("problem", redact(text)) for text in found.problems)


def _finding_json(found: Finding) -> dict[str, Any]:
    return {
        "account": found.name,
        "provider": found.provider,
        "told": asdict(found.told) if found.told else None,
        "reads": sorted(kind.kind for kind in found.can.kinds) if found.can else [],
        "owner_history": found.can.owner_history if found.can else None,
        "deadline_history": found.can.deadline_history if found.can else None,
        "writes": sorted(found.can.writes) if found.can else [],
        "limits": found.can.limits if found.can else None,
        "pace": found.pace,
        "notes": list(found.can.notes) if found.can else [],
        "pipelines": [{"id": one.id, "name": one.name} for one in found.pipelines],
        "users": [{"id": one.id, "name": one.name, "active": one.active} for one in found.users],
        "fields": [asdict(one) for one in found.fields],
        "missing": found.missing,
        "problems": [redact(text) for text in found.problems],
        "error": redact(str(found.error)) if found.error else None,
    }


def show_standing(found: Sequence[Standing], *, as_json: bool) -> None:
    """Freshness, runs, outbox, notices."""
    if as_json:
        print_json([_standing_json(one) for one in found])
        return
    for one in found:
        grid = Table("Stream", "Data as of", "Rows", "Problem", title=one.name)
        for kind, at in one.fresh.items():
            stale = at is None or one.now - at > STALE * 1000
            when = from_ms(at).strftime("%Y-%m-%d %H:%M:%S UTC") if at is not None else "never read"
            grid.add_row(
                kind, f"{when}{' (stale)' if stale else ''}", str(one.rows.get(kind, 0)), one.problems.get(kind, "")
            )
        out.print(grid)
        _show_ages(one)
        for run in one.runs:
            when = from_ms(run.started_at).strftime("%Y-%m-%d %H:%M:%S")
            told = redact(run.error) if run.error else ("ok" if run.ended_at else "running or killed")
            counts = {"requests": run.requests, "rows": run.rows, "changed": run.changed, "writes": run.writes}
            out.print(f"run {run.id} {run.what} {when}: {counted(counts)}; {told}", markup=False, soft_wrap=True)
        if one.outbox:
            out.print(f"outbox: {counted(one.outbox)}", markup=False, soft_wrap=True)
        if one.waiting_dossiers:
            out.print("some clients wait to be derived: kpi sync", markup=False, soft_wrap=True)
        for notice in one.notices:
            out.print(
                f"notice {notice.code} {notice.subject}: {redact(notice.text)} (x{notice.count})",
                markup=False,
                soft_wrap=True,
            )


def _show_ages(one: Standing) -> None:
    for line in age_lines(one.numbers, one.now):
        out.print(line, markup=False, soft_wrap=True)


def age_lines(numbers: Mapping[str, int | None], now: int) -> list[str]:
    """How old most KPIs are, said once, and by name only those that are older or newer, the oldest first."""
    groups = _by_age(numbers, now)
    most = max(groups, key=lambda group: len(group[1]), default=None)
    if most is None:
        return []
    all_of = f"all {len(numbers)}" if len(groups) == 1 else f"{len(most[1])} of {len(numbers)}"
    others = [f"numbers {when}: {', '.join(keys)}" for when, keys in groups if keys is not most[1]]
    return [f"numbers {most[0]}: {all_of} KPIs{', all but these:' if others else ''}", *others]


def _by_age(numbers: Mapping[str, int | None], now: int) -> list[tuple[str, list[str]]]:
    """KPIs by how old they are, the oldest first; a minute more or less, in which streams are read, is the same age."""
    groups: list[tuple[int | None, list[str]]] = []
    for key, at in sorted(numbers.items(), key=lambda pair: (pair[1] or 0, pair[0])):
        since = groups[-1][0] if groups else None
        if groups and (at == since or (at is not None and since is not None and at - since < SAME_AGE)):
            groups[-1][1].append(key)
        else:
            groups.append((at, [key]))
    return [(_aged(at, now), keys) for at, keys in groups]


def _aged(at: int | None, now: int) -> str:
    if at is None:
        return "never read (stale)"
    return f"{age(now - at)} old{' (stale)' if now - at > STALE * 1000 else ''}"


def age(milliseconds: int) -> str:
    """`40 s`, `5 min`, `3 h`, `2 d`."""
    seconds = max(0, milliseconds // 1000)
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _standing_json(one: Standing) -> dict[str, Any]:
    return {
        "account": one.name,
        "now": from_ms(one.now).isoformat(),
        "streams": {
            kind: {
                "as_of": from_ms(at).isoformat() if at is not None else None,
                "rows": one.rows.get(kind, 0),
                "problem": one.problems.get(kind),
            }
            for kind, at in one.fresh.items()
        },
        "numbers": {
            key: {"as_of": from_ms(at).isoformat(), "seconds": (one.now - at) // 1000} if at is not None else None
            for key, at in one.numbers.items()
        },
        "outbox": one.outbox,
        "runs": [run.model_dump() for run in one.runs],
        "notices": [
            {"code": n.code, "subject": n.subject, "text": redact(n.text), "count": n.count} for n in one.notices
        ],
    }


def _told(end: Ended[Any], value: Any) -> dict[str, Any]:
    return {"account": end.account, "result": value, "error": redact(str(end.error)) if end.error else None}
