"""judge, for the cards in the CRM: where everybody's month of revenue ends, looked at once a local day.

What becomes known of the days before in the course of a day changes no forecast, a plan that is changed does.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.engine import Connection

from connector.moment import Period, from_ms, local_day
from connector.pipeline.bench import Workbench
from connector.writeback.ahead import Ahead


def carded(bench: Workbench, conn: Connection, period: Period, plans: Mapping[str, Decimal]) -> Mapping[str, Ahead]:
    """By subject, of people with a plan of revenue in the running month, where the account's past vouches for chances;
    of a month that is over nothing.
    """
    theirs = {who.removeprefix("user:"): plan for who, plan in sorted(plans.items()) if who.startswith("user:")}
    now = from_ms(bench.now())
    today = local_day(now, bench.zone())
    if not theirs or not period.start <= today < period.end:
        return {}
    asked = (today, period.label, tuple(theirs.items()))
    if bench.carded is None or bench.carded[0] != asked:
        from connector.pipeline.outlooks import outlooks  # numpy takes a while to load

        told = {user: one.today.forecast for user, one in outlooks(bench, conn, period, theirs, now).items()}
        ahead = {
            f"user:{user}": Ahead(*(Decimal(str(round(value, 6))) for value in (one.low, one.high, one.chance)))
            for user, one in told.items()
            if one.chance is not None
        }
        bench.carded = (asked, ahead)
    return bench.carded[1]
