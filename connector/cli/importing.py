"""kpi import, kpi token: facts that the CRM lacks, from files; and who may bring them over HTTP."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli import spoken
from connector.cli.options import Account, AsJson, Config, InLanguage, benches, languages, opened_desk, speaks
from connector.cli.tongue import of_settings
from connector.errors import BadConfig
from connector.moment import to_ms

if TYPE_CHECKING:
    from connector.pipeline.bench import Workbench

imports = typer.Typer(help="Facts that the CRM lacks: import from CSV, list, undo.", no_args_is_help=True)
tokens = typer.Typer(help="Tokens of the HTTP interface: create, list, revoke.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(imports, name="import")
    app.add_typer(tokens, name="token")


@imports.command("facts")
def import_facts(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with the columns key, what, at, and user or deal; by sort amount, currency, number, items, due, "
            "paid, technique, reason (docs/api.md)."
        ),
    ],
    config: Config = None,
    account: Account = None,
    what: Annotated[str, typer.Option("--what", help="The sort of all rows, for a file without that column.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check, and say what would be taken.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take payments, refunds, ratings, scores, invoices and trainings; all rows or none, the same file twice is one."""
    from connector.brought.facts.files import from_csv
    from connector.cli.screens import importing as screen
    from connector.pipeline import importing

    data = read(file)
    with benches(config, account) as opened:
        bench = only(opened)
        rows, author = from_csv(data, what=what), getpass.getuser()
        brought = importing.import_facts(bench, rows, data, author=author, source=file.name, dry_run=dry_run)
        name, language = bench.settings.name, bench.settings.language
        screen.show_brought(name, file, brought, language, dry_run=dry_run, as_json=as_json)


@imports.command("list")
def import_list(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """Every import: who brought what, when, and which were undone."""
    from connector.cli.screens import importing as screen
    from connector.pipeline.importing import imports_of

    with benches(config, account, language) as opened:
        told = [(bench.settings.name, bench.zone(), imports_of(bench)) for bench in opened]
    screen.show_imports(told, languages(opened, language), as_json=as_json)


@imports.command("show")
def import_show(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The row's key, as explain and diff show it.")],
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """One imported row: what every import said of it, the newest first."""
    from connector.cli.screens import importing as screen
    from connector.pipeline.importing import versions_of

    with benches(config, account, language) as opened:
        bench = only(opened)
        found, spoken_in = versions_of(bench, key), speaks([bench], language)
        screen.show_versions(bench.settings.name, bench.zone(), found, spoken_in, as_json=as_json)


@imports.command("undo")
def import_undo(
    number: Annotated[int, typer.Argument(metavar="ID", help="The import's number, from `kpi import list`.")],
    config: Config = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Take an import back: its rows are gone, or again what they were before it. Past reports stay as they were."""
    from connector.cli.screens import importing as screen
    from connector.pipeline.importing import undo_import

    with benches(config, account) as opened:
        bench = only(opened)
        undone, brought = undo_import(bench, number, author=getpass.getuser())
        screen.show_undone(bench.settings.name, number, undone, brought, bench.settings.language, as_json=as_json)


@tokens.command("create")
def token_create(
    name: Annotated[str, typer.Argument(help="Who will use it, such as 1c.")],
    scope: Annotated[str, typer.Option(help="What it is for: import, read (results, proofs, plans) or metrics.")],
    config: Config = None,
    account: Account = None,
) -> None:
    """Make a token and print it, this once: only its hash is kept. --account: for that account alone."""
    from connector.cli.screens import importing as screen
    from connector.web.tokens import issue

    with opened_desk(config) as desk:
        bound = desk.open(desk.settings.pick(account)[0]).account if account else None
        token = issue(desk.store, name=name, scope=scope, account=bound, now=to_ms(desk.clock()))
        language = of_settings(desk.settings)
    screen.show_token(name, token, language)


@tokens.command("list")
def token_list(config: Config = None, language: InLanguage = None, as_json: AsJson = False) -> None:
    """Every token by name; what it opens, since when, and until when."""
    from connector.cli.screens import importing as screen
    from connector.web.tokens import listed

    with opened_desk(config, language) as desk:
        screen.show_tokens(listed(desk.store), of_settings(desk.settings, language), as_json=as_json)


@tokens.command("revoke")
def token_revoke(name: Annotated[str, typer.Argument(help="The token's name.")], config: Config = None) -> None:
    """Shut a token out, from the next call on."""
    from connector.web.tokens import shut_out

    with opened_desk(config) as desk:
        shut_out(desk.store, name, now=to_ms(desk.clock()))
        typer.echo(spoken.line("revoked", of_settings(desk.settings), name=name))


def read(file: Path) -> bytes:
    """The file's bytes, or a wrong call."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadConfig([f"{file}: {error.strerror}"]) from None


def only(opened: list[Workbench]) -> Workbench:
    """The one account that is meant: ids of deals are an account's own. Raises BadConfig where several may be."""
    if len(opened) != 1:
        raise BadConfig([f"--account: name one of {', '.join(bench.settings.name for bench in opened)}"])
    return opened[0]
