"""kpi backup, restore: a copy of the whole database, and the way back."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli import spoken
from connector.cli.options import AsJson, Config, InLanguage, config_path, opened_desk
from connector.cli.tongue import in_house, of_settings, speaking
from connector.errors import BadConfig, KpiError

if TYPE_CHECKING:
    from connector.app import Desk
    from connector.config import Settings
    from connector.kpi.text import Language
    from connector.store.backup import Backup
    from connector.store.engine import Store

NAMES = (".db", ".dump", ".sqlite")
"""How a database's or a backup's own name ends, which no folder's does."""


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    to: Annotated[Path | None, typer.Argument(help="The folder; default `backups` beside the database.")] = None,
    config: Config = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """A verified copy of the database, made while others work. The key is not in it: keep that elsewhere."""
    from connector.cli.screens.backups import show_backup
    from connector.store.backup import back_up

    if to is not None and to.suffix in NAMES and not to.is_dir():
        raise BadConfig([f"backup {to}: name a folder, each backup gets a name of its own in it"])
    with opened_desk(config, language) as desk:
        made = back_up(desk.store, to or desk.folder / "backups", now=desk.clock())
        told = of_settings(desk.settings, language)
    show_backup(made, "backed_up", told, as_json=as_json)
    if not as_json:
        typer.echo(spoken.line("key_apart", told), err=True)


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `kpi backup` made.")],
    verify: Annotated[bool, typer.Option("--verify", help="Only look it through, change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    other: Annotated[
        bool, typer.Option("--other-accounts", help="Also where its accounts are not those of the configuration.")
    ] = False,
    config: Config = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the database's place; what stood there is kept beside it, erasures made since are made again."""
    from connector.app import read_settings
    from connector.cli.screens.backups import show_accounts, show_backup
    from connector.store import backup as backups

    if verify:
        with speaking(in_house(language)):
            looked = backups.verify(path)
            show_backup(looked, "whole", in_house(language), as_json=as_json)
        if not as_json:
            show_accounts(looked, in_house(language))
        return
    with speaking(in_house(language)):
        settings = read_settings(config_path(config), os.environ)
    told = of_settings(settings, language)
    with speaking(told):
        if path.suffix != backups.DUMP:
            looked = backups.verify(path)
            _meant(looked, settings, told, other=other)
            if not yes:
                show_accounts(looked, told, err=True)
        if not yes:
            typer.confirm(spoken.line("replace", told, name=path.name), abort=True, err=True)
        _replaced(path, config, settings, told, as_json=as_json)


def _meant(looked: Backup, settings: Settings, language: Language, *, other: bool) -> None:
    """Raises BadConfig for a backup of other accounts; of those that it lacks it is said."""
    from connector.pipeline.restoring import not_in_it, strangers
    from connector.store.engine import closed_store
    from connector.store.holding import accounts_at

    stand = accounts_at(Path(closed_store(settings.store.url).where))
    problems = strangers(looked.accounts, settings.account, _addresses(settings), stand)
    if problems and not other:
        raise BadConfig([
            *problems,
            "restore: nothing was replaced; name the backup or the configuration that is meant, or say "
            "--other-accounts",
        ])  # fmt: skip
    for name in not_in_it(looked.accounts, settings.account):
        typer.echo(spoken.line("backup_lacks", language, name=name), err=True)


def _addresses(settings: Settings) -> dict[str, str]:
    """Where each account's CRM is, as its provider reads the options: amoCRM's `base` also of a `subdomain`."""
    from connector.app import provider_options

    options = {account.name: provider_options(account) for account in settings.account}
    return {
        name: str(getattr(one, "base", None) or getattr(one, "base_url", None) or "") for name, one in options.items()
    }


def _replaced(path: Path, config: Path | None, settings: Settings, language: Language, *, as_json: bool) -> None:
    """The backup takes the database's place, and everything is opened over it once."""
    from connector.cli.screens.backups import show_backup
    from connector.store import backup as backups
    from connector.store.engine import closed_store, open_store
    from connector.store.place import log_alone

    store = closed_store(settings.store.url)
    if not log_alone(Path(store.where)):
        store = open_store(settings.store.url, migrate=False)  # what is replaced may be damaged
    try:
        given, whole = _given(store)
        looked, aside = backups.restore(path, store, now=datetime.now(UTC))
    finally:
        store.dispose()
    closed, noted = _opened_all(config, settings, given)
    show_backup(looked, "restored", language, as_json=as_json, aside=aside, closed=closed)
    last = max((one.number or 0 for one in looked.accounts), default=0)
    if noted:
        last = max(last, given)
    if (not whole and last) or (not noted and last < given):
        typer.echo(spoken.line("runs_again", language, run=last), err=True)
    if closed:
        raise typer.Exit(max(error.exit_code for error in closed.values()))


def _given(store: Store) -> tuple[int, bool]:
    """Up to where runs had their numbers, and whether what is replaced tells its own (damaged, or not there: no).

    A restore that was ended in the middle left a backup there without a run of its own: what was replaced before tells.
    """
    from connector.store.holding import highest_run, replaced

    here = Path(store.where)
    known = highest_run(here)
    return max(known or 0, *(highest_run(one) or 0 for one in replaced(here)), 0), known is not None


def _opened_all(config: Path | None, settings: Settings, given: int) -> tuple[dict[str, KpiError], bool]:
    """Opening migrates an older database, brings token pairs back that were won since, and makes erasures again that
    it does not know of. Which accounts could not be opened, and why; whether the next run comes after those `given`.
    """
    closed: dict[str, KpiError] = {}
    noted = False
    try:
        with opened_desk(config) as desk:
            noted = _noted(desk, given)
            for account in settings.account:
                try:
                    desk.open(account)
                except KpiError as error:
                    closed[account.name] = error
    except KpiError as error:  # the database as a whole
        return {account.name: error for account in settings.account}, noted
    return closed, noted


def _noted(desk: Desk, given: int) -> bool:
    """Before any account is opened, which may begin runs. One that is not in the backup is enrolled for it: else there
    is nobody to have a run in a backup of before the first sync.
    """
    from connector.moment import to_ms
    from connector.store import accounts, runs

    with desk.store.write() as conn:
        for account in desk.settings.account:
            with suppress(BadConfig):  # another CRM's of that name: opening it says so
                accounts.enroll(conn, account.name, account.provider)
        return runs.restored(conn, given, now=to_ms(desk.clock())) > 0
