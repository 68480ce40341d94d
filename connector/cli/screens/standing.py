"""What a check found and how an account stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from connector.cli.screen import counted, local, out, print_json, say, wide
from connector.cli.screens.standing_words import known, word
from connector.cli.tongue import said
from connector.cli.words import COUNTS, kind_name, queued, worded
from connector.cli.words import known as web_word
from connector.kpi.catalogue import ALL
from connector.kpi.text import Language
from connector.moment import from_ms, skew
from connector.pipeline.standing import Finding, Standing
from connector.provider import Account, Capabilities
from connector.redact import redact
from connector.said import in_language
from connector.store.tables import RunRow

Languages = Mapping[str, Language]
STALE = 3 * 3600
"""Seconds after which a stream is called stale."""


SAME_AGE = 60_000
"""Milliseconds."""


def show_findings(findings: Sequence[Finding], languages: Languages, *, as_json: bool) -> None:
    """What a check found; `languages`: of the accounts, by name."""
    if as_json:
        print_json([_finding_json(found) for found in findings])
        return
    for found in findings:
        language = languages[found.name]
        out.print(f"{found.name} ({found.provider})", markup=False, style="bold")
        for label, text in _finding_lines(found, language):
            out.print(f"  {word(label, language):<12} {text}", markup=False, soft_wrap=True)
        if found.error is not None:
            say(f"  {word('error', language):<12} {said(found.error, language)}")


def _finding_lines(found: Finding, language: Language) -> Iterator[tuple[str, str]]:
    if found.told is not None:
        yield from _told_lines(found.told, language)
    if found.can is not None:
        yield from _able_lines(found.can, found.pace, language)
    for pipeline in found.pipelines:
        stages = [stage for stage in found.stages if stage.pipeline_id == pipeline.id]
        won = ", ".join(stage.name for stage in stages if stage.outcome == "won") or word("no_won", language)
        told = {"name": pipeline.name, "id": pipeline.id, "stages": len(stages), "won": won}
        yield "pipeline", word("pipeline_told", language, **told)
    if found.users:
        active = sum(user.active for user in found.users)
        yield "people", word("people_told", language, active=active, all=len(found.users))
    if found.fields:
        yield "fields", ", ".join(f"{one.name} ({one.type})" for one in found.fields[:20])
    for setting, kpis in found.unset.items():
        titles = ", ".join(kpi.title(language) for kpi in kpis)
        yield "unset", word("unset_told", language, setting=setting, kpis=titles)
    yield from (("missing", name) for name in found.missing)
    yield from (("problem", redact(in_language(text, language))) for text in found.problems)


def _told_lines(told: Account, language: Language) -> Iterator[tuple[str, str]]:
    who = {"name": told.name, "id": told.id, "host": told.host, "zone": told.zone, "currency": told.currency}
    yield "account", word("account_told", language, **who)
    far = word("clock_far", language) if abs(told.clock_offset) > 60 else ""
    yield "clock", word("clock_told", language, skew=in_language(skew(told.clock_offset), language), far=far)


def _able_lines(can: Capabilities, pace: str, language: Language) -> Iterator[tuple[str, str]]:
    yield "reads", ", ".join(sorted(kind_name(kind.kind, language) for kind in can.kinds))
    history = (known(one, language) for one in (can.owner_history, can.price_history, can.deadline_history))
    yield "history", word("history_told", language).format(*history)
    yield "writes", ", ".join(sorted(known(one, language) for one in can.writes)) or word("nothing", language)
    limits = in_language(can.limits, language) if can.limits else word("not_known", language)
    yield "limits", f"{limits}; {in_language(pace, language)}"
    yield from (("note", in_language(note, language)) for note in can.notes)


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
        "unset": {setting: [kpi.key for kpi in kpis] for setting, kpis in found.unset.items()},
        "problems": [redact(text) for text in found.problems],
        "error": redact(str(found.error)) if found.error else None,
    }


def show_standing(found: Sequence[Standing], languages: Languages, *, as_json: bool) -> None:
    """Freshness, runs, outbox, notices; `languages`: of the accounts, by name."""
    if as_json:
        print_json([_standing_json(one) for one in found])
        return
    for one in found:
        language = languages[one.name]
        out.print(_streams(one, language), width=wide(60))
        for text in (*age_lines(one.numbers, one.now, language), *_rest(one, language)):
            out.print(text, markup=False, soft_wrap=True)


def _streams(one: Standing, language: Language) -> Table:
    grid = Table(*(word(head, language) for head in ("stream", "as_of", "rows", "trouble")), title=one.name)
    for kind, at in one.fresh.items():
        stale = word("stale", language) if at is None or one.now - at > STALE * 1000 else ""
        when = word("never", language) if at is None else local(at, one.zone)
        trouble = in_language(one.problems.get(kind, ""), language)
        grid.add_row(kind_name(kind, language), f"{when}{stale}", str(one.rows.get(kind, 0)), trouble)
    return grid


def _rest(one: Standing, language: Language) -> Iterator[str]:
    """Daemons, runs, the outbox, what waits, notices."""
    for daemon in one.daemons:
        since = local(daemon.since, one.zone)
        yield word("daemon", language, host=daemon.host, process=daemon.process, since=since)
    if len(one.daemons) > 1:
        yield word("daemons", language, n=len(one.daemons))
    for run in one.runs:
        when = local(run.started_at, one.zone)
        counts = {"requests": run.requests, "rows": run.rows, "changed": run.changed, "writes": run.writes}
        told = {"id": run.id, "what": web_word("run", run.what, language), "when": when}
        told |= {"counts": counted(worded(counts, COUNTS, language), language), "told": ended_how(run, language)}
        yield word("run", language, **told)
    if one.outbox:
        waiting = {queued(key, language): count for key, count in one.outbox.items()}
        yield word("outbox", language, what=counted(waiting, language))
    if one.waiting_dossiers:
        yield word("dirty", language)
    for notice in one.notices:
        text = redact(in_language(notice.text, language))
        yield word("notice", language, code=notice.code, subject=notice.subject, text=text, count=notice.count)


def ended_how(run: RunRow, language: Language) -> str:
    """Its error, or that there was none."""
    if run.error:
        return redact(in_language(run.error, language))
    return word("ok" if run.ended_at else "running", language)


def age_lines(numbers: Mapping[str, int | None], now: int, language: Language) -> list[str]:
    """How old most KPIs are, said once, and by name only those that are older or newer, the oldest first."""
    groups = _by_age(numbers, now, language)
    most = max(groups, key=lambda group: len(group[1]), default=None)
    if most is None:
        return []
    few = len(groups) > 1
    which = word("some_kpis" if few else "all_kpis", language, n=len(most[1]), all=len(numbers))
    first = word("numbers_most", language, when=most[0], which=which, rest=word("all_but", language) if few else "")
    others = [(when, keys) for when, keys in groups if keys is not most[1]]
    told = ((when, ", ".join(ALL[key].title(language) if key in ALL else key for key in keys)) for when, keys in others)
    return [first, *(word("numbers", language, when=when, which=which) for when, which in told)]


def _by_age(numbers: Mapping[str, int | None], now: int, language: Language) -> list[tuple[str, list[str]]]:
    """KPIs by how old they are, the oldest first; a minute more or less, in which streams are read, is the same age."""
    groups: list[tuple[int | None, list[str]]] = []
    for key, at in sorted(numbers.items(), key=lambda pair: (pair[1] or 0, pair[0])):
        since = groups[-1][0] if groups else None
        if groups and (at == since or (at is not None and since is not None and at - since < SAME_AGE)):
            groups[-1][1].append(key)
        else:
            groups.append((at, [key]))
    return [(_aged(at, now, language), keys) for at, keys in groups]


def _aged(at: int | None, now: int, language: Language) -> str:
    stale = word("stale", language)
    if at is None:
        return word("never", language) + stale
    return word("old", language, age=age(now - at, language)) + (stale if now - at > STALE * 1000 else "")


def age(milliseconds: int, language: Language = "en") -> str:
    """`40 s`, `5 min`, `3 h`, `2 d`."""
    seconds = max(0, milliseconds // 1000)
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {word(f'unit_{unit}', language)}"
    return f"{seconds} {word('unit_s', language)}"


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
        "daemons": [
            {"host": daemon.host, "process": daemon.process, "since": from_ms(daemon.since).isoformat()}
            for daemon in one.daemons
        ],
        "outbox": one.outbox,
        "runs": [run.model_dump() for run in one.runs],
        "notices": [
            {"code": n.code, "subject": n.subject, "text": redact(n.text), "count": n.count} for n in one.notices
        ],
    }
