"""Deals, enquiries and missed calls whose time ran out between two moments, and that nobody has answered since."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.store.facts import FACT

KINDS = ("enquiry", "handed", "callback", "open_quiet")


class Waiting(NamedTuple):
    """A fact that still waits; instants are epoch milliseconds."""

    kind: str
    user: str
    at: int
    due_at: int
    deal: str | None
    lead: str | None
    call: str | None
    client: str | None


def waiting(conn: Connection, account: int, since: int, until: int) -> list[Waiting]:
    """Of (since, until], as known now, in the order in which their time ran out."""
    query = sa.select(
        FACT.c.kind, FACT.c.user_id, FACT.c.at, FACT.c.due_at, FACT.c.deal_id, FACT.c.lead_id, FACT.c.call_id,
        FACT.c.client,
    ).where(
        FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.due_at > since, FACT.c.due_at <= until,
        FACT.c.kind.in_(KINDS), FACT.c.omitted.is_(None), FACT.c.number.is_(None), FACT.c.user_id.is_not(None),
    )  # fmt: skip
    rows: Any = conn.execute(query.order_by(FACT.c.due_at, FACT.c.key))
    return [Waiting(*row) for row in rows]
