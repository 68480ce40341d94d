"""How much may be written: in one run, and within 24 hours by what goes out without a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.config import WritebackSettings
from connector.store.sent.outbox import Queued
from connector.writeback.target import TASK, TASKS

DAY = 86_400_000


@dataclass(slots=True)
class Purse:
    """What is left of a run's cap, and of a day's. `setting` names the day's, `cap` is its value."""

    setting: str
    cap: int
    run: int
    day: int | None
    """None: a person asked for this run, and looks at it."""
    held: bool = False
    """Something was left for the day's cap alone."""

    def afford(self) -> bool:
        """Take one out, if there is one."""
        if self.run <= 0:
            return False
        if self.day is not None:
            if self.day <= 0:
                self.held = True
                return False
            self.day -= 1
        self.run -= 1
        return True


@dataclass(frozen=True, slots=True)
class Budget:
    """Tasks cost people time and are counted apart; fields and cards share a purse; undo is free."""

    tasks: Purse
    others: Purse

    def of(self, level: str) -> Purse:
        """Out of which a level is paid."""
        return self.tasks if level == TASKS else self.others

    def afford(self, row: Queued) -> bool:
        """Take it out, if there is enough."""
        return row.level == "undo" or self.of(row.level).afford()


def budget(settings: WritebackSettings, written: Mapping[str, int] | None) -> Budget:
    """`written`: how often within 24 hours, by sort of target; None: a person asks, and only the run's caps hold."""
    many = None if written is None else sum(written.values())
    tasks = None if written is None else written.get(TASK, 0)
    day, most = settings.max_tasks_a_day, settings.max_writes_a_day
    return Budget(
        Purse("max_tasks_a_day", day, settings.max_tasks, None if tasks is None else day - tasks),
        Purse("max_writes_a_day", most, settings.max_writes, None if many is None else most - many + (tasks or 0)),
    )
