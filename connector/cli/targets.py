"""kpi targets: what to agree on for a month, and how good such promises were before."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import Annotated, Any

import typer

from connector.cli.options import Account, AsJson, Config, InLanguage, benches, speaks
from connector.cli.when import Period, parsed

targets = typer.Typer(help="Targets that people reach with an agreed chance.", no_args_is_help=True)
Kpis = Annotated[
    list[str] | None, typer.Option(help="Beside revenue, again for several; left out: those of plans and sets.")
]
Chance = Annotated[float, typer.Option("--chance", min=0.05, max=0.95, help="With which a target is to be reached.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(targets, name="targets")


@targets.command("suggest")
def targets_suggest(
    period: Period,
    chance: Chance = 0.6,
    company: Annotated[float | None, typer.Option(help="The company's plan, to be split by one common chance.")] = None,
    kpi: Kpis = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Three targets a person for a month: a usual one, the least and an ambitious one, with what they rest on."""
    from connector.pipeline.planning.likely import suggest_all
    from connector.targets import telling

    plan = None if company is None else Decimal(str(company))
    with benches(config, account, language) as opened:
        found = [suggest_all(one, parsed(period), chance=chance, company=plan, kpis=kpi or ()) for one in opened]
    if as_json:
        _print_json([telling.as_json(one) for one in found])
    else:
        sys.stdout.write("\n\n".join(telling.as_text(one, speaks(opened, language)) for one in found) + "\n")


@targets.command("backtest")
def targets_backtest(
    period: Period,
    chance: Chance = 0.6,
    kpi: Kpis = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """What targets and forecasts would have been worth in the months before this one."""
    from connector.pipeline.planning.trying import try_all
    from connector.targets import telling

    with benches(config, account, language) as opened:
        found = [try_all(bench, parsed(period), chance=chance, kpis=kpi or ()) for bench in opened]
    if as_json:
        _print_json([telling.tested_json(one) for one in found])
    else:
        sys.stdout.write("\n\n".join(telling.backtest_text(one, speaks(opened, language)) for one in found) + "\n")


def _print_json(told: list[dict[str, Any]]) -> None:
    """One object, or a list for several accounts."""
    sys.stdout.write(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=2) + "\n")
