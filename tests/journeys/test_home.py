"""Secrets and personal data stay at home: a journey at DEBUG, its logs, errors, database and sockets looked at."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.app import Desk, desk
from connector.cli import logs
from connector.config import Settings
from connector.errors import KpiError
from connector.moment import Period
from connector.pipeline.bench import Workbench, each
from connector.pipeline.measuring import report_of
from connector.pipeline.reading import sweep_and_derive, sync_and_derive
from connector.redact import RedactingFilter
from providers.amocrm.sandbox import Sandbox as Amo
from providers.bitrix24.sandbox import Sandbox as Portal
from providers.bitrix24.sandbox.gate import SECRET
from tests.amocrm.small import small
from tests.bitrix24.tiny import tiny

PHONES = ("9160000001", "916 000-00-01", "9160020001", "9160020002")
"""Of clients in both pretend CRMs, in every spelling they come in."""


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What a person would collect who runs it at DEBUG, both shapes, the libraries' own lines too."""
    told, root = io.StringIO(), logging.getLogger()
    level, handlers = root.level, []
    quiet = {name: logging.getLogger(name).level for name in logs.LIBRARIES}
    for formatter in (logging.Formatter("%(levelname)s %(name)s %(message)s"), logs.JsonLines()):
        handler = logging.StreamHandler(told)
        handler.addFilter(RedactingFilter())
        handler.setFormatter(formatter)
        root.addHandler(handler)
        handlers.append(handler)
    root.setLevel(logging.DEBUG)
    for name in quiet:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield told
    finally:
        root.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)
        for name, before in quiet.items():
            logging.getLogger(name).setLevel(before)


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, int]]:
    """Every address anybody connects to, and every name anybody resolves."""
    found: set[tuple[str, int]] = set()
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def noted(self: socket.socket, address: Any) -> None:
        found.add((str(address[0]), int(address[1])) if isinstance(address, tuple) else (str(address), 0))
        connect(self, address)

    def asked(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        found.add((str(host), int(port or 0)))
        return resolve(host, port, *args, **more)

    monkeypatch.setattr(socket.socket, "connect", noted)
    monkeypatch.setattr(socket, "getaddrinfo", asked)
    return found


@contextmanager
def both(folder: Path) -> Iterator[tuple[Amo, Portal, Desk]]:
    with Amo(small(), paced=False) as amo, Portal(tiny(), paced=False) as portal:
        accounts = [
            {"name": name, "provider": name, "timezone": "Europe/Moscow", "currency": "RUB", "options": options}
            for name, options in (("amocrm", amo.oauth_options()), ("bitrix24", portal.options))
        ]
        told = {"store": {"url": f"sqlite:///{folder / 'kpi.db'}"}, "account": accounts}
        with desk(folder / "config.toml", {}, settings=Settings.model_validate(told)) as made:
            made.sleep = lambda seconds: None
            yield amo, portal, made


def journey(amo: Amo, portal: Portal, opened: list[Workbench]) -> list[str]:
    """Authorised, synced, swept, measured; then everything goes wrong. Every error as it would be shown."""
    opened[0].provider.authority.accept(amo.code())  # type: ignore[attr-defined]
    shown = [str(end.error) for end in each(opened, sync_and_derive)]
    shown += [str(end.error) for end in each(opened, sweep_and_derive)]
    shown += [repr(report_of(bench, Period.parse("2026-09"))) for bench in opened]
    shown += [repr(bench) for bench in opened]
    amo.tokens.revoke()
    portal.revoke()
    shown += [str(end.error) for end in each(opened, lambda bench: sync_and_derive(bench, full=True))]
    try:
        opened[0].provider.authority.accept("a-wrong-code-that-is-long-enough")  # type: ignore[attr-defined]
    except KpiError as error:
        shown.append(str(error))
    return shown


def secrets_of(amo: Amo, made: Desk) -> dict[str, str]:
    """All that must never be seen: every token that the CRM gave out, too."""
    told = {"client secret": amo.tokens.client_secret, "webhook": SECRET, "sealing key": made.key.decode()}
    tokens = [*amo.tokens._access, *amo.tokens._refresh]
    return told | {f"token {number}": token for number, token in enumerate(tokens)}


def test_no_secret_and_no_person_leaves(tmp_path: Path, called: set[tuple[str, int]]) -> None:
    with everything_logged() as told, both(tmp_path) as (amo, portal, made):
        opened = [made.open(account) for account in made.settings.account]
        shown = journey(amo, portal, opened)
        canaries = secrets_of(amo, made)
        ports = {int(box.base_url.rpartition(":")[2]) for box in (amo, portal)}
        database = _database(opened[0])
    logged = told.getvalue()
    assert len(logged) > 20_000 and "DEBUG urllib3" in logged, "the journey was really told in detail"
    assert all(one != "None" for one in shown[-3:]), "everything really went wrong at the end"
    assert len([name for name in canaries if name.startswith("token")]) >= 3
    for name, canary in canaries.items():
        for where, text in (("logs", logged), ("errors", "\n".join(shown)), ("database", database)):
            assert canary not in text, f"{name} in {where}"
    for path in tmp_path.iterdir():
        for name, canary in canaries.items():
            assert path.name == "kpi.key" or canary.encode() not in path.read_bytes(), f"{name} in {path.name}"
    for phone in PHONES:
        assert phone not in logged and phone not in database, phone
    assert {port for _, port in called} == ports, "nobody but the two CRMs is called"
    assert {host for host, _ in called} <= {"127.0.0.1", "localhost"}


def _database(bench: Workbench) -> str:
    told = []
    with bench.store.read() as conn:
        for name in sa.inspect(conn).get_table_names():
            told += [repr(tuple(row)) for row in conn.execute(sa.text(f'select * from "{name}"'))]
    return "\n".join(told)
