"""Stage history that comes back. The portal shows a deal's rows of its current pipeline only (sheet 3.4).

A deal that returns to a pipeline brings older rows into sight again, with ids long passed: they are read by owner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from providers.bitrix24 import php
from providers.bitrix24.client import Client
from providers.bitrix24.lane import Leg, Row
from providers.bitrix24.lists import DEAL_HISTORY
from providers.bitrix24.walk import whole

PIPELINE_CHANGED = "5"


def returned(client: Client, rows: Iterable[Row]) -> list[Row]:
    """The whole visible history of deals that changed pipeline in these rows."""
    owners = {php.key(row.get("OWNER_ID")) for row in rows if str(row.get("TYPE_ID")) == PIPELINE_CHANGED}
    legs = [
        Leg(replace(DEAL_HISTORY, name=f"owner_{owner}", where={"OWNER_ID": int(owner)}), 0, None, 1)
        for owner in sorted(owner for owner in owners if owner and owner.isdigit())
    ]
    return [row for found in whole(client, legs).values() for row in found]
