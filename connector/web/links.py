"""Links by which people sign in: made for somebody whom the CRM knows, and taken back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from connector.errors import BadConfig
from connector.moment import from_ms, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.whom import listed, meant
from connector.records import User
from connector.store.crm import records
from connector.store.secret import sign_ins

GOOD_FOR = 24 * 3_600_000
"""Milliseconds in which a link must be used."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A link, whose, and until when it works. Nobody can read it again."""

    user: User
    link: str
    until: datetime


def issue_link(bench: Workbench, named: str, address: str) -> Issued:
    """For one person, by id or name, once. Raises BadConfig for nobody and for who is not active in the CRM."""
    user = _known(bench, named)
    code, now = secrets.token_urlsafe(32), to_ms(bench.clock())
    with bench.store.write() as conn:
        sign_ins.create(conn, bench.account, user.id, code, now=now, expires=now + GOOD_FOR)
    return Issued(user, f"{address.rstrip('/')}/in/{code}", from_ms(now + GOOD_FOR))


def end_sessions(bench: Workbench, named: str) -> tuple[User, int]:
    """Every session and unused link of a person ends. Raises BadConfig for nobody."""
    user = _known(bench, named, active=False)
    with bench.store.write() as conn:
        return user, sign_ins.end_all(conn, bench.account, user.id, now=to_ms(bench.clock()))


def _known(bench: Workbench, named: str, *, active: bool = True) -> User:
    with bench.store.read() as conn:
        users = records.directory(conn, bench.account, User)
    found = meant([one for one in users.values() if one.active or not active], named)
    if len(found) != 1:
        have = listed(found or [one for one in users.values() if one.active]) or "none; run `kpi sync`"
        what = "is more than one, give the id" if found else "is nobody active here"
        raise BadConfig([f"{bench.settings.name}: user {named!r} {what}; there are: {have}"])
    return found[0]
