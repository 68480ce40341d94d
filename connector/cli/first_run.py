"""kpi init --wizard: connect, look, propose, ask, write the file, then a dry run beside the CRM's own totals."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr

from connector.cli.first_run_screen import SAID, accepted, show_lacking
from connector.errors import BadConfig
from connector.kpi.text import Language

if TYPE_CHECKING:
    from connector.first_run.seen import Proposal, Seen
    from connector.first_run.writing import Connection
    from connector.pipeline.bench import Workbench

MONTHS = 3


def wizard(path: Path, language: Language, *, yes: bool, dry_run: bool) -> None:
    """The whole of it. Raises BadConfig where the file is there already, before anything is asked."""
    from connector.first_run.lacking import lacking
    from connector.first_run.proposing import propose
    from connector.first_run.writing import config

    if path.exists():
        raise BadConfig([f"{path}: exists already; left as it is"])
    there = connection(language, os.environ)
    there, seen = looked(there)
    proposals = [one for one in propose(seen) if not one.key.startswith("heads.") or _takes(there.provider, "heads")]
    answers = answered(seen, proposals, language, yes=yes)
    with path.open("x", encoding="utf-8") as file:
        file.write(config(there, answers, "sqlite:///kpi.db"))
    typer.echo(SAID["written"](language).format(path=path))
    if dry_run and (yes or typer.confirm(SAID["dry_run"](language), default=True)):
        beside(path, language)
    typer.echo(SAID["levels"](language))
    show_lacking(path, lacking(proposals, answers, unseen=yes), language)


def answered(seen: Seen, proposals: Sequence[Proposal], language: Language, *, yes: bool) -> list[Proposal]:
    """What was accepted, in order; by what people are judged is asked last, as it rests on the answers."""
    from connector.first_run.proposing import JUDGED

    answers = [one for one in (accepted(one, language, yes=yes) for one in proposals) if one is not None]
    for part in JUDGED:
        told = [accepted(one, language, yes=yes) for one in part(seen, answers)]
        answers += [one for one in told if one is not None]
    return answers


def connection(language: Language, environ: Mapping[str, str]) -> Connection:
    """Where the account is and where its secret comes from; secrets are never typed here, nor written."""
    from connector.first_run.writing import Connection

    provider = typer.prompt(SAID["provider"](language), default="amocrm")
    options = _secrets(provider)
    address = typer.prompt(SAID["address"](language)).strip().rstrip("/")
    variable = typer.prompt(SAID["variable"](language).format(option=options[0]), default=f"{provider.upper()}_SECRET")
    if not environ.get(variable):
        raise BadConfig([SAID["unset"](language).format(variable=variable)])
    host = urlsplit(address).hostname or "account"
    name = typer.prompt(SAID["name"](language), default="main" if host[:1].isdigit() else host.partition(".")[0])
    return Connection(name, provider, address, (options[0], {"env": variable}), language=language)


def looked(there: Connection) -> tuple[Connection, Seen]:
    """What the CRM holds, with every custom field; kept in a folder that is gone afterwards."""
    from connector.cli import screen
    from connector.pipeline.first_run import look

    with opened(there, ()) as bench:
        told = bench.meet()
        wanted = tuple(one.id for one in bench.provider.fields())
    with opened(there, wanted) as bench, screen.progress() as progress:
        seen = look(bench, progress=progress)
    return replace(there, zone=told.zone, currency=told.currency), seen


@contextmanager
def opened(there: Connection, wanted: tuple[str, ...]) -> Iterator[Workbench]:
    """The account over a store that nobody keeps."""
    from connector.app import desk
    from connector.config import Settings

    option, source = there.secret
    options = {"base_url": there.base_url, option: SecretStr(os.environ[source["env"]])}
    account = {"name": there.name, "provider": there.provider, "options": options}
    with tempfile.TemporaryDirectory(prefix="kpi-init-") as folder:
        told = {
            "store": {"url": f"sqlite:///{folder}/kpi.db"},
            "account": [account | {"rules": {"required_fields": wanted}}],
        }
        settings = Settings.model_validate(told)
        with desk(Path(folder) / "config.toml", os.environ, settings=settings) as made:
            bench = made.open(made.settings.account[0])
            bench.backfilling = True
            yield bench


def beside(path: Path, language: Language) -> None:
    """The last three whole months and this one: read, computed, and held beside the CRM's own counts."""
    from connector.app import desk
    from connector.cli import screen
    from connector.cli.screens import health as health_screen
    from connector.moment import Period, from_ms, local_day
    from connector.pipeline import each, sync_and_derive
    from connector.pipeline.trust.reconciling import reconcile

    with desk(path, os.environ) as made:
        bench = made.open(made.settings.account[0])
        with screen.progress() as progress:
            sync_and_derive(bench, progress=progress)
        today = local_day(from_ms(bench.now()), bench.zone())
        first = today.replace(day=1)
        for _ in range(MONTHS):
            first = (first - timedelta(days=1)).replace(day=1)
        with screen.progress() as progress:
            period = Period.parse(f"{first}..{today}")
            found = each([bench], lambda one: reconcile(one, period, progress=progress))
    health_screen.show_reconciled(found, language, as_json=False)


def _options(provider: str) -> Any:
    from connector.app import provider_module

    return provider_module(provider).Options.model_fields


def _secrets(provider: str) -> list[str]:
    """The option by which one gets in without OAuth."""
    found = [name for name, one in _options(provider).items() if "SecretStr" in str(one.annotation)]
    return [name for name in found if name not in ("client_secret", "application_token")] or found


def _takes(provider: str, option: str) -> bool:
    return option in _options(provider)
