"""Stage history as crm.stagehistory.list shows it: only rows of an owner's current pipeline, none of a deleted one.

What is out of sight is kept: a deal that comes back to its first pipeline shows the earlier rows again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from providers.bitrix24.sandbox.rows import Item, Step
from providers.bitrix24.sandbox.table import Table

CREATED, WORKED, CLOSED, CATEGORY = 1, 2, 3, 5


@dataclass(slots=True)
class History:
    """The steps of one kind of item."""

    seen: Table[Step] = field(default_factory=Table)
    of: dict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))
    last: int = 0

    def record(self, item: Item, type: int, at: datetime) -> None:
        """The item entered its present stage."""
        self.last += 1
        step = Step(self.last, type, item.id, at, item.category, item.stage, item.semantics)
        self.of[item.id].append(step)
        self.seen.put(step.id, step)

    def show(self, item: Item) -> None:
        """The item's pipeline changed, or it came back from the bin."""
        for step in self.of.get(item.id, ()):
            if step.category == item.category:
                self.seen.put(step.id, step)
            else:
                self.seen.drop(step.id)

    def hide(self, owner: int) -> None:
        """The item was deleted."""
        for step in self.of.get(owner, ()):
            self.seen.drop(step.id)
