"""What a check found and how an account stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from connector.cli.screen import counted, out, print_json, say
from connector.moment import from_ms, skew
from connector.pipeline.standing import Finding, Standing
from connector.redact import redact

STALE = 3 * 3600
"""Seconds after which a stream is called stale."""


SAME_AGE = 60_000
"""Milliseconds."""


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
