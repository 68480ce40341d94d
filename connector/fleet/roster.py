"""The accounts of a fleet: known by number, opened when their first turn comes and kept open, for what they learned."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from connector.app import Desk
from connector.config import AccountSettings
from connector.fleet import rota
from connector.moment import to_ms
from connector.pipeline.bench import Workbench
from connector.store import accounts, turns


class Roster:
    """The accounts of a configuration, enrolled with all their turns."""

    def __init__(self, desk: Desk, chosen: Sequence[AccountSettings]) -> None:
        self.desk = desk
        self.settings: dict[int, AccountSettings] = {}
        self._opened: dict[int, Workbench] = {}
        self._door = threading.Lock()
        now = self.now()
        with desk.store.write() as conn:
            for settings in chosen:
                number = accounts.enroll(conn, settings.name, settings.provider)
                self.settings[number] = settings
                zone = settings.zone(accounts.get(conn, number).zone)
                dues = {what: rota.next_due(what, settings, zone, number, now) for what in rota.sorts(settings)}
                turns.enroll(conn, [turns.First(number, what, at) for what, at in (dues | {"cycle": now}).items()])

    def now(self) -> int:
        """This machine's time in epoch milliseconds."""
        return to_ms(self.desk.clock())

    def bench(self, account: int) -> Workbench:
        """The account's workbench; opening asks the CRM nothing."""
        with self._door:
            if account not in self._opened:
                self._opened[account] = self.desk.open(self.settings[account])
            return self._opened[account]
