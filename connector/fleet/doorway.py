"""Whether a fleet is possible here, before anything of it is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from connector.app import Desk
from connector.config import AccountSettings
from connector.errors import BadConfig


def entered(desk: Desk, chosen: Sequence[AccountSettings], workers: int) -> None:
    """Run this process of the fleet until it is stopped. Raises BadConfig where there can be none, and what to do."""
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
    from connector.fleet.running import run_fleet

    run_fleet(desk, chosen, workers)
