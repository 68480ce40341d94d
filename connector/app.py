"""Wiring: settings -> store, keys, providers. The only room that knows how the others are put together."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from connector import crash
from connector.config import AccountSettings, Settings, Source, explain, parts, source_of, whole
from connector.errors import BadConfig
from connector.moment import to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.privacy import erasing
from connector.pipeline.switching import settle
from connector.provider import Kit, Provider
from connector.store import accounts
from connector.store.engine import Store, open_store
from connector.store.secret import key_mark, sealing
from connector.store.secret.phones import phone_hasher
from connector.store.secret.tokens import Vault


@dataclass(slots=True)
class Desk:
    """What all accounts share: the settings, the store, the sealing key."""

    settings: Settings
    store: Store
    environ: Mapping[str, str] = field(repr=False)
    folder: Path
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    benches: list[Workbench] = field(default_factory=list)
    _key: bytes | None = field(default=None, repr=False)

    @property
    def key(self) -> bytes:
        """The one this database was begun with; made where it was not begun. Raises WrongKey for a lost and another."""
        if self._key is None:
            with self.store.read() as conn:
                key = sealing.load_key(self.settings.store, self.environ, lambda: key_mark.begun(conn))
                if not self.environ.get(sealing.NEW_KEY):
                    key_mark.check(conn, key, where=self.store.where)
            self._key = key
        return self._key

    def open(self, account: AccountSettings) -> Workbench:
        """Enrol the account where it is new and connect its provider; nothing is sent yet."""
        key, anew = self.key, bool(self.environ.get(sealing.NEW_KEY))
        with self.store.write() as conn:
            row = accounts.enroll(conn, account.name, account.provider)
            key_mark.hold(conn, key, where=self.store.where, now=to_ms(self.clock()), anew=anew)
            offset = accounts.get(conn, row).clock_offset
        vault = Vault(self.store, row, key, self.folder / f"{account.name}.tokens", self.clock)
        bench: list[Workbench] = []
        kit = Kit(
            account=account.name,
            options=provider_options(account),
            vault=vault,
            clock=self.clock,
            sleep=self.sleep,
            hash_phone=phone_hasher(key),
            wanted_fields=account.rules.wanted_fields(),
            optional_fields=account.writeback.wanted_fields(),
            currency_field=account.rules.currency_field,
            test_words=account.rules.test_words,
            keep_names=account.keep_names,
            share=_unhurried(bench),
        )
        provider: Provider = provider_module(account.provider).connect(kit)
        made = Workbench(account, self.store, row, provider, self.clock, offset)
        made.key, made.address = key, self.settings.web.address
        bench.append(made)
        self.benches.append(bench[0])
        erasing.again(made, self.folder)
        settle(made)
        return bench[0]

    def close(self) -> None:
        """Let go of connections; what was committed stays."""
        for bench in self.benches:
            bench.provider.close()
        self.store.dispose()


def _unhurried(bench: list[Workbench]) -> Callable[[], float]:
    """The account's share of the CRM's limit. For the first request all of it: a single one hurts nobody, and to know
    the office's hours takes the calendars of all countries, 0.2 s.
    """
    first = iter([1.0])
    return lambda: next(first, 0.0) or (bench[0].share_of_limit() if bench else 1.0)


@contextmanager
def desk(
    config: Path,
    environ: Mapping[str, str],
    *,
    settings: Settings | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Iterator[Desk]:
    """Settings read and checked, the store opened and migrated. `settings` given: the file is not read."""
    if settings is None:
        settings = read_settings(config, environ)
    crash.arm(environ.get("KPI_FAULT"))
    store = open_store(settings.store.url)
    made = Desk(settings, store, environ, token_folder(settings, config, environ))
    if clock is not None:
        made.clock = clock
    try:
        yield made
    finally:
        made.close()


def read_settings(config: Path, environ: Mapping[str, str]) -> Settings:
    """The file or the folder of files, and each account's options by its provider's own model.

    All problems at once, before any call.
    """
    read = parts(config, environ)
    settings = whole(config, read)
    sources = [(source_of(part.file), part.settings) for part in read]
    if problems := [problem for one in sources for problem in (*_options(*one), *_own_kpis(*one))]:
        raise BadConfig(problems)
    return settings


def _options(source: Source, settings: Settings) -> Iterator[str]:
    """What the providers' models say of the accounts' options."""
    for position, account in enumerate(settings.account):
        try:
            provider_module(account.provider).Options.model_validate(account.options)
        except BadConfig as error:
            yield from (source.told(("account", position, "provider"), text) for text in error.problems)
        except ValidationError as error:
            yield from explain(error, source, ("account", position, "options"))


def _own_kpis(source: Source, settings: Settings) -> Iterator[str]:
    """What makes KPIs of the accounts' own impossible, whatever the CRM has."""
    if not any(account.kpi for account in settings.account):
        return
    from connector.kpi.custom.compiled import compiled  # with all KPIs there are
    from connector.kpi.custom.selecting import World

    for position, account in enumerate(settings.account):
        for flaw in compiled(account.kpi, World(account.rules, account.currency or "RUB")).refused:
            yield source.told(("account", position, "kpi", flaw.number, *flaw.path), flaw.text.en)


def provider_module(name: str) -> Any:
    """The package of a provider: a folder of providers/, or anyone's dotted module."""
    dotted = name if "." in name else f"providers.{name}"
    unknown = BadConfig([f"{name!r} is not known; amocrm, bitrix24, or a dotted module"])
    if dotted.startswith("."):
        raise unknown  # relative to nothing
    try:
        return importlib.import_module(dotted)
    except ModuleNotFoundError as error:
        if error.name is not None and dotted.startswith(error.name):
            raise unknown from None
        raise


def provider_options(account: AccountSettings) -> Any:
    """The account's options, validated by the provider's own model."""
    model = provider_module(account.provider).Options
    try:
        return model.model_validate(account.options)
    except ValidationError as error:
        raise BadConfig(explain(error, "options")) from None


def token_folder(settings: Settings, config: Path, environ: Mapping[str, str]) -> Path:
    """Where token journals lie: beside the SQLite file, else in systemd's state folder, else beside the configuration.

    Beside PostgreSQL the configuration's folder may be read-only. Beside SQLite a command that is run by hand, without
    systemd's environment, finds the same folder as the unit.
    """
    if settings.store.url.startswith("sqlite:///"):
        return Path(settings.store.url.removeprefix("sqlite:///")).absolute().parent
    if state := environ.get("STATE_DIRECTORY"):
        return Path(state.split(":")[0])
    return config.absolute() if config.is_dir() else config.absolute().parent
