"""Whether a fleet is possible here, before anything of it is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.util import find_spec

import sqlalchemy as sa

from connector.app import Desk
from connector.config import AccountSettings
from connector.errors import BadConfig, StoreTrouble

APART = timedelta(seconds=10)
"""So far this machine's clock may be from the database's. Each machine holds its own against the end of a lease that
another one wrote: a sixth of a lease is harmless, a whole one lets two machines work on one account.
"""


def entered(desk: Desk, chosen: Sequence[AccountSettings], workers: int) -> None:
    """Run this process of the fleet until it is stopped.

    Raises BadConfig where there can be none, StoreTrouble where this machine's clock is wrong, and what to do.
    """
    if desk.store.dialect != "postgresql":
        raise BadConfig(
            [
                "--fleet needs PostgreSQL, as its processes share one queue: set [store] url = "
                '"postgresql+psycopg://USER@HOST/DATABASE", or leave --fleet out: `kpi run` keeps all accounts of one '
                "machine on SQLite"
            ]
        )
    if find_spec("procrastinate") is None:
        raise BadConfig(["--fleet needs Procrastinate: pip install 'kpi-connector[fleet]'"])
    _in_time(desk)
    _ = desk.key  # a lost one is told once, here, and not by every account's turn
    from connector.fleet.running import run_fleet

    run_fleet(desk, chosen, workers)


def _in_time(desk: Desk) -> None:
    """What asking takes is no difference."""
    before = desk.clock()
    with desk.store.read() as conn:
        theirs: datetime = conn.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    apart = max(before - theirs, theirs - desk.clock())
    if apart > APART:
        raise StoreTrouble(
            f"this machine's clock and the database's are {apart.total_seconds():.0f} s apart",
            where=desk.store.where,
            done="nothing was begun",
            todo="set the clocks of all machines by NTP (timedatectl set-ntp true), and start again",
        )
