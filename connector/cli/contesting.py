"""kpi contest: a record that is wrong in somebody's numbers, and what his head decides over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from connector.cli.importing import only
from connector.cli.options import Account, AsJson, Config, benches, person
from connector.errors import BadConfig

if TYPE_CHECKING:
    from connector.pipeline.contesting.contests import Decided

contest = typer.Typer(help="Records that are said to be wrong: open, list, accept, decline.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(metavar="ID", help="The contest's number, from `kpi contest list`.")]
Why = Annotated[str, typer.Option("--reason", "-r", help="Why; it stays in the history.")]
By = Annotated[str, typer.Option("--by", help="The head who decides, by the id in the CRM.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(contest, name="contest")


@contest.command("open")
def contest_open(  # noqa: PLR0913 - a command has options
    user: Annotated[str, typer.Option("--user", "-u", help="In whose numbers it is wrong: id or name.")],
    reason: Why,
    fact: Annotated[str | None, typer.Option(help="One fact by its key, from `kpi explain --json`.")] = None,
    deal: Annotated[str | None, typer.Option(help="All his facts of this deal.")] = None,
    call: Annotated[str | None, typer.Option(help="All his facts of this call.")] = None,
    lead: Annotated[str | None, typer.Option(help="All his facts of this enquiry.")] = None,
    kpi: Annotated[str | None, typer.Option("--kpi", "-k", help="Of the record only what this KPI counts.")] = None,
    kind: Annotated[str | None, typer.Option(help="Of the record only facts of this kind.")] = None,
    config: Config = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Say that a record is wrong: it counts until the head has decided. The same again is the same contest."""
    from connector.cli.screens import contesting as screen
    from connector.pipeline.contesting.contested import Asked
    from connector.pipeline.contesting.contests import Said, open_contest

    told = [f"{of}:{id}" for of, id in (("deal", deal), ("call", call), ("lead", lead)) if id is not None]
    if len(told) + (fact is not None) != 1:
        raise BadConfig(["one of --fact, --deal, --call and --lead"])
    asked = Asked(fact, told[0] if told else None, kpi, kind)
    with benches(config, account) as opened:
        bench = only(opened)
        done = open_contest(bench, asked, Said(person(bench, user), reason))
        screen.show_opened(bench, done, as_json=as_json)


@contest.command("list")
def contest_list(
    config: Config = None,
    account: Account = None,
    every: Annotated[bool, typer.Option("--all", help="Those that are decided as well.")] = False,
    user: Annotated[str | None, typer.Option("--user", "-u", help="Only over this person's, by id or name.")] = None,
    as_json: AsJson = False,
) -> None:
    """What waits for a decision: whose number, which record, what he says is wrong, and who decides."""
    from connector.cli.screens import contesting as screen
    from connector.pipeline.contesting.contests import contests_of

    with benches(config, account) as opened:
        told = [(bench, contests_of(bench, only_open=not every, user=person(bench, user))) for bench in opened]
        screen.show_contests(told, as_json=as_json)


@contest.command("accept")
def contest_accept(
    number: Number,
    by: By,
    reason: Why,
    kpi: Annotated[str | None, typer.Option("--kpi", "-k", help="Only what this KPI counts; the rest stays.")] = None,
    config: Config = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """The record is wrong: from now on it counts nowhere. Past reports stay; closed months get a correction."""
    _decide(number, "accepted", by, reason, kpi, config, account, as_json)


@contest.command("decline")
def contest_decline(
    number: Number, by: By, reason: Why, config: Config = None, account: Account = None, as_json: AsJson = False
) -> None:
    """The record is right: it counts. After an acceptance this undoes it, from now on."""
    _decide(number, "declined", by, reason, None, config, account, as_json)


@contest.command("withdraw")
def contest_withdraw(
    number: Number,
    by: Annotated[str, typer.Option("--by", help="Whose contest it is, by id, name or a part of it.")],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, if there is something to say.")] = "",
    config: Config = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Take it back, as long as nobody has decided."""
    from connector.cli.screens import contesting as screen
    from connector.pipeline.contesting.contests import Said, withdraw

    with benches(config, account) as opened:
        bench = only(opened)
        screen.show_decided(bench, withdraw(bench, number, Said(person(bench, by), reason)), as_json=as_json)


def _decide(
    number: int,
    what: Literal["accepted", "declined"],
    by: str,
    reason: str,
    kpi: str | None,
    config: Config,
    account: Account,
    as_json: bool,
) -> None:
    from connector.cli.screens import contesting as screen
    from connector.pipeline.contesting.contests import Said, decide

    with benches(config, account) as opened:
        bench = only(opened)
        done: Decided = decide(bench, number, what, Said(person(bench, by), reason), kpi=kpi)
        screen.show_decided(bench, done, as_json=as_json)
