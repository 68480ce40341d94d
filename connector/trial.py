"""An account before it has a configuration: opened over a store that nobody keeps, looked into; then, once its file
is written, held beside the CRM's own totals.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from connector.app import Desk, desk, provider_module
from connector.config import Settings
from connector.config.reading import explain
from connector.errors import BadConfig
from connector.first_run.seen import Seen
from connector.first_run.writing import Connection
from connector.moment import Period
from connector.pipeline.bench import Ended, Workbench, each
from connector.pipeline.first_run import look
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.trust.reconciling import Reconciled, reconcile
from connector.sync.progress import Progress

MONTHS = 3


def secrets_of(provider: str) -> list[str]:
    """The options by which one gets in without OAuth, the usual one first. Raises BadConfig for no provider."""
    found = [name for name, one in _options(provider).items() if "SecretStr" in str(one.annotation)]
    return [name for name in found if name not in ("client_secret", "application_token")] or found


def variable_of(provider: str, option: str) -> str:
    """The variable that usually holds this secret, as the provider's own examples call it."""
    one = _options(provider).get(option)
    return str(one.examples[0]) if one is not None and one.examples else f"{provider}_{option}".upper()


def takes(provider: str, option: str) -> bool:
    """Whether a provider has this option."""
    return option in _options(provider)


def looked(there: Connection, secret: SecretStr, progress: Progress | None = None) -> tuple[Connection, Seen]:
    """What the CRM holds, with every custom field, and the connection with its zone and currency. Nothing is kept.

    Raises what a read raises, BadConfig for what can be no account.
    """
    with _opened(there, secret, ()) as bench:
        told = bench.meet()
        wanted = tuple(one.id for one in bench.provider.fields())
    with _opened(there, secret, wanted) as bench:
        seen = look(bench, progress=progress)
    return replace(there, zone=told.zone, currency=told.currency), seen


def beside(made: Desk, progress: Progress | None = None) -> list[Ended[Reconciled]]:
    """The last three whole months and this one of the first account: read, computed, held beside the CRM's counts."""
    bench = made.open(made.settings.account[0])
    sync_and_derive(bench, progress=progress)
    today = bench.today()
    first = today.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
    period = Period.parse(f"{first}..{today}")
    return each([bench], lambda one: reconcile(one, period, progress=progress))


@contextmanager
def _opened(there: Connection, secret: SecretStr, wanted: tuple[str, ...]) -> Iterator[Workbench]:
    with tempfile.TemporaryDirectory(prefix="kpi-init-") as folder:
        settings = _settings(there, secret, wanted, folder)
        with desk(Path(folder) / "config.toml", {}, settings=settings) as made:
            bench = made.open(made.settings.account[0])
            bench.backfilling = True
            yield bench


def _settings(there: Connection, secret: SecretStr, wanted: tuple[str, ...], folder: str) -> Settings:
    options = {"base_url": there.base_url, there.secret[0]: secret}
    account = {"name": there.name, "provider": there.provider, "options": options}
    told: Mapping[str, Any] = {
        "store": {"url": f"sqlite:///{folder}/kpi.db"},
        "account": [account | {"rules": {"required_fields": wanted}}],
    }
    try:
        return Settings.model_validate(told)
    except ValidationError as error:
        raise BadConfig(explain(error, there.name or "account")) from None


def _options(provider: str) -> Any:
    return provider_module(provider).Options.model_fields
