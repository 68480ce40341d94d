"""kpi plan corrections, approve, decline: plans that the evidence speaks against, and what the head decides."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from connector.cli.importing import only
from connector.cli.options import Account, AsJson, Config, InLanguage, Language, benches, speaks
from connector.cli.plans import plan
from connector.cli.when import parsed

Number = Annotated[int, typer.Argument(metavar="ID", help="The proposal's number, from `kpi plan corrections`.")]
Why = Annotated[str, typer.Option("--reason", "-r", help="Why; it stays in the plan's history.")]
By = Annotated[
    str | None, typer.Option("--by", help="The head, by the id in the CRM; left out: the only one there is.")
]


def add_to(_app: typer.Typer) -> None:
    """Register this room's commands, in the group of plans."""
    plan.command("corrections")(plan_corrections)
    plan.command("approve")(plan_approve)
    plan.command("decline")(plan_decline)


def plan_corrections(
    period: Annotated[str | None, typer.Option("--period", "-p", help="A month; left out: the running one.")] = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Look for plans that the evidence speaks against; list what was proposed, with chances, reasons, decisions."""
    from connector.cli.screens import corrections_of_plans as screen
    from connector.pipeline.planning.replanning import propose
    from connector.pipeline.showing import running_month

    with benches(config, account, language) as opened:
        found = [(one, propose(one, parsed(period) if period else running_month(one))) for one in opened]
        screen.show(found, speaks(opened, language), as_json=as_json)


def plan_approve(
    number: Number,
    reason: Why,
    by: By = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """From now on this is the plan; what was agreed on first is kept and shown beside it."""
    _decide(number, "approved", reason, by, config, account, language, as_json)


def plan_decline(
    number: Number,
    reason: Why,
    by: By = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """The plan stands, and nothing is proposed for it again in this period."""
    _decide(number, "declined", reason, by, config, account, language, as_json)


def _decide(
    number: int,
    what: Literal["approved", "declined"],
    reason: str,
    by: str | None,
    config: Config,
    account: Account,
    language: Language | None,
    as_json: bool,
) -> None:
    from connector.cli.screens import corrections_of_plans as screen
    from connector.pipeline.planning.replanning import decide

    with benches(config, account, language) as opened:
        bench = only(opened)
        screen.show_one(
            bench, decide(bench, number, what, by=by, reason=reason), speaks(opened, language), as_json=as_json
        )
