"""What an account may not keep again: erasures of its own and those that an older database does not know of."""

from __future__ import annotations

from connector.pipeline.bench import Workbench
from connector.store.private import erased
from connector.store.private.erased import Shield


def shield_of(bench: Workbench) -> Shield:
    """As of now."""
    with bench.store.read() as conn:
        return Shield(bench.key, bench.settings.name, erased.marks(conn, bench.account))
