"""What leaves or enters this machine in clear, and which versions of what are at work."""

from __future__ import annotations

import platform
import sqlite3
import ssl
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from connector.config import Settings
from connector.config.values import LOOPBACK
from connector.pipeline.doctor.check import Check

LIBRARIES = ("kpi-connector", "sqlalchemy", "requests", "urllib3", "cryptography", "fastapi", "apscheduler", "tzdata")
OLDEST_SQLITE = (3, 35, 0)


def addresses(settings: Settings) -> Iterator[Check]:
    """https everywhere but to this very machine; pages of others' machines only behind TLS."""
    plain = [
        f"{account.name}: {key}"
        for account in settings.account
        for key, value in account.options.items()
        if isinstance(value, str) and value.startswith("http://") and urlsplit(value).hostname not in LOOPBACK
    ]
    if plain:
        yield Check("https", "bad", f"in clear: {', '.join(plain)}", "write https://")
    else:
        yield Check("https", "ok", "every CRM is spoken to over TLS, or is on this machine")
    web = settings.web
    host = (web.listen or "127.0.0.1:0").rpartition(":")[0].strip("[]")
    if host not in LOOPBACK and not (web.address or "").startswith("https://"):
        todo = "listen on 127.0.0.1 behind a proxy with TLS, and set web.address to its https:// address"
        yield Check("pages", "bad", f"sign-ins are taken in clear on {web.listen}", todo)
    elif (
        web.address is not None and web.address.startswith("http://") and urlsplit(web.address).hostname not in LOOPBACK
    ):
        yield Check("pages", "bad", "web.address is http://: sessions travel in clear", "set it to https://")


def versions() -> Iterator[Check]:
    """Of the interpreter, the databases' libraries and what this program rests on."""
    found = [f"{name} {told}" for name in LIBRARIES if (told := _version(name))]
    parts = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}", ssl.OPENSSL_VERSION, *found]
    old = sqlite3.sqlite_version_info < OLDEST_SQLITE
    yield Check("versions", "bad" if old else "ok", "; ".join(parts), "SQLite 3.35 is needed" if old else "")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
