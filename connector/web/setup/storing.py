"""Where everything is to be kept: a file beside the configuration, or a PostgreSQL that was asked first."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from connector.errors import BadConfig, StoreTrouble
from connector.kpi.text import Language
from connector.store.engine import open_store
from connector.web.words import WORDS

SQLITE = "sqlite:///kpi.db"
_MAY = sa.text("select has_schema_privilege(current_schema(), 'CREATE')")


def storage(fields: Mapping[str, str], language: Language) -> str:
    """The address as the configuration will say it; nothing is made there yet. Raises BadConfig, in the reader's words.

    Passwords come from PGPASSWORD or ~/.pgpass, as of every program of PostgreSQL's: the configuration is no place.
    """
    typed = fields.get("store", "").strip()
    if not typed:
        return SQLITE
    address = _address(typed)
    if address is None:
        raise BadConfig([WORDS["setup_bad_store"](language)])
    if address.password or "password" in address.query:
        raise BadConfig([WORDS["setup_store_password"](language)])
    told = address.render_as_string(hide_password=False)
    _asked(told, language)
    return told


def _address(typed: str) -> URL | None:
    try:
        address = sa.make_url(typed)
    except (ArgumentError, ValueError):
        return None
    known = address.drivername in ("postgresql", "postgres", "postgresql+psycopg") and address.database
    return address.set(drivername="postgresql+psycopg") if known else None


def _asked(url: str, language: Language) -> None:
    """Whether it answers and lets us make tables."""
    store = open_store(url, migrate=False)
    try:
        with store.read() as conn:
            may = conn.scalar(_MAY)
    except StoreTrouble as error:
        raise BadConfig([WORDS["setup_store_silent"](language).format(where=store.where, why=error)]) from None
    finally:
        store.dispose()
    if not may:
        raise BadConfig([WORDS["setup_store_closed"](language).format(where=store.where)])
