"""What proposed corrections of plans look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.advice import correction_telling
from connector.cli.screen import out, print_json
from connector.kpi.text import Language, Text
from connector.moment import zone_of
from connector.pipeline.bench import Workbench
from connector.pipeline.planning.replanning import Looked, Proposed

_NONE = Text("{account}: ничто не говорит против планов", "{account}: nothing speaks against the plans")
_UNVOUCHED = Text(
    "{account}: вероятности ещё не проверены на прошлом этого аккаунта, поэтому ничего не предлагается"
    " (`kpi targets backtest` показывает проверку)",
    "{account}: chances did not stand the test on the account's own past yet, so nothing is proposed"
    " (`kpi targets backtest` shows it)",
)
_STATES = {
    "proposed": Text("ждёт решения", "to be decided"),
    "approved": Text("принято", "approved"),
    "declined": Text("отклонено", "declined"),
    "overtaken": Text("устарело", "overtaken"),
}
_DECIDERS = Text("решает: {who}", "decides: {who}")


def show(looked: Sequence[tuple[Workbench, Looked]], language: Language, *, as_json: bool) -> None:
    """Every proposal, the newest first; always a list in JSON."""
    if as_json:
        print_json([_as_dict(bench, one) for bench, some in looked for one in some.found])
        return
    for bench, some in looked:
        for one in some.found:
            _print(bench, one, language)
        if not some.vouched:
            out.print(_UNVOUCHED(language).format(account=bench.settings.name), markup=False, soft_wrap=True)
        elif not some.found:
            out.print(_NONE(language).format(account=bench.settings.name), markup=False)


def show_one(bench: Workbench, one: Proposed, language: Language, *, as_json: bool) -> None:
    """One after a decision."""
    if as_json:
        print_json(_as_dict(bench, one))
    else:
        _print(bench, one, language)


def _print(bench: Workbench, one: Proposed, language: Language) -> None:
    head, *rest = correction_telling.lines(one.proposal, bench.currency(), language)
    out.print(f"№ {one.id} · {head} · {_STATES[one.state](language)}", markup=False, soft_wrap=True)
    for line in [*rest, *_decision(bench, one, language)]:
        out.print(f"  {line}", markup=False, soft_wrap=True)


def _decision(bench: Workbench, one: Proposed, language: Language) -> list[str]:
    if one.state == "proposed":
        return [_DECIDERS(language).format(who=", ".join(one.deciders) or "—")]
    if one.decided_at is None or one.by is None:
        return []
    at = f"{one.decided_at.astimezone(zone_of(bench.zone())):%Y-%m-%d %H:%M}"
    return [" · ".join((at, one.by, one.reason))]


def _as_dict(bench: Workbench, one: Proposed) -> dict[str, Any]:
    decided = None if one.decided_at is None else one.decided_at.isoformat()
    told = {"account": bench.settings.name, "id": one.id, "state": one.state, "at": one.at.isoformat()}
    told |= correction_telling.as_dict(one.proposal)
    return told | {"by": one.by, "reason": one.reason, "decided_at": decided, "deciders": list(one.deciders)}
