"""kpi init --wizard: connect, look, propose, ask, write the file, then a dry run beside the CRM's own totals."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr

from connector.cli.first_run_screen import SAID, accepted, agreed, asked, show_lacking
from connector.cli.options import command
from connector.errors import BadConfig
from connector.kpi.text import Language
from connector.said import in_language

if TYPE_CHECKING:
    from connector.first_run.seen import Proposal, Seen
    from connector.first_run.writing import Connection


def wizard(path: Path, language: Language, *, yes: bool, dry_run: bool) -> None:
    """The whole of it. Raises BadConfig where the file is there already, before anything is asked."""
    from connector import trial
    from connector.first_run.lacking import lacking
    from connector.first_run.proposing import propose
    from connector.first_run.writing import config

    if path.exists():
        raise BadConfig([f"{path}: exists already; left as it is"])
    there = connection(language, os.environ, yes=yes)
    there, seen = looked(there)
    proposals = propose(seen, leads=trial.takes(there.provider, "heads"))
    answers = answered(seen, proposals, language, yes=yes)
    with path.open("x", encoding="utf-8") as file:
        file.write(config(there, answers, "sqlite:///kpi.db"))
    typer.echo(SAID["written"](language).format(path=path))
    if dry_run and (yes or agreed("dry_run", language)):
        beside(path, language)
    typer.echo(next_steps(path, language))
    show_lacking(path, lacking(proposals, answers, unseen=yes), language)


def next_steps(path: Path, language: Language) -> str:
    """What to type now; the month before this one stands for any."""
    month = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    named = {"sync": "sync", "report": f"report --period {month}", "push": "push --preview"}
    return SAID["levels"](language).format(**{key: command(words, path) for key, words in named.items()})


def answered(seen: Seen, proposals: Sequence[Proposal], language: Language, *, yes: bool) -> list[Proposal]:
    """What was accepted, in order; by what people are judged is asked last, as it rests on the answers."""
    from connector.first_run.proposing import judged

    answers = [one for one in (accepted(one, language, yes=yes) for one in proposals) if one is not None]
    return answers + judged(seen, answers, lambda one: accepted(one, language, yes=yes))


def connection(language: Language, environ: Mapping[str, str], *, yes: bool = False) -> Connection:
    """Where the account is and where its secret comes from; secrets are never typed here, nor written.

    `yes`: what has a proposal is not asked, which is the variable and the account's name.
    """
    from connector import trial
    from connector.first_run.writing import Connection, usual_name

    provider = asked("provider", language, lambda told: _no_crm(told, language), "amocrm")
    options = trial.secrets_of(provider)
    address = asked("address", language, lambda told: _no_address(told, language)).rstrip("/")
    usual = trial.variable_of(provider, options[0])
    variable = usual if yes else asked("variable", language, lambda told: "", usual, option=options[0])
    if not environ.get(variable):
        raise BadConfig([SAID["unset"](language).format(variable=variable)])
    name = usual_name(urlsplit(address).hostname or "")
    name = name if yes else asked("name", language, lambda told: "", name)
    return Connection(name, provider, address, (options[0], {"env": variable}), language=language)


def _no_crm(told: str, language: Language) -> str:
    """Why this is no CRM of the installation, else nothing."""
    from connector import trial

    try:
        trial.secrets_of(told)
    except BadConfig as error:
        return in_language(error.problems[0], language)
    return ""


def _no_address(told: str, language: Language) -> str:
    """Why this is no address, else nothing."""
    parts = urlsplit(told) if "://" in told else None
    good = parts is not None and parts.scheme in ("http", "https") and parts.hostname
    return "" if good else SAID["no_address"](language)


def looked(there: Connection) -> tuple[Connection, Seen]:
    """What the CRM holds, with a bar of progress."""
    from connector import trial
    from connector.cli import screen

    with screen.progress(there.language) as progress:
        return trial.looked(there, SecretStr(os.environ[there.secret[1]["env"]]), progress)


def beside(path: Path, language: Language) -> None:
    """The last three whole months and this one: read, computed, and held beside the CRM's own counts."""
    from connector import trial
    from connector.app import desk
    from connector.cli import screen
    from connector.cli.screens import health as health_screen

    with desk(path, os.environ) as made, screen.progress(language) as progress:
        found = trial.beside(made, progress)
        zones = {one.name: made.open(one).zone() for one in made.settings.account[:1]}
    health_screen.show_reconciled(found, zones, language, as_json=False)
