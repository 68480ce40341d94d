"""Which activities hang on which items; what a deletion does to them, and what a restoration brings back."""

from __future__ import annotations

from collections import defaultdict

from providers.bitrix24.sandbox.rows import Activity
from providers.bitrix24.sandbox.table import Table

Key = tuple[int, int]


class Bindings:
    """(entityTypeId, id) -> activities, kept beside the table of activities."""

    def __init__(self, activities: Table[Activity]) -> None:
        self.activities = activities
        self.of: dict[Key, list[int]] = defaultdict(list)
        self._cut: dict[Key, list[tuple[int, Activity]]] = defaultdict(list)

    def add(self, activity: Activity) -> Activity:
        """A new activity, known to everything it is bound to."""
        for key in activity.bindings:
            self.of[key].append(activity.id)
        return self.activities.put(activity.id, activity)

    def cut(self, key: Key) -> None:
        """The item was deleted: its activities lose it, those that hang on nothing else go with it."""
        for id in self.of.pop(key, []):
            activity = self.activities.get(id)
            if activity is None:
                continue
            self._cut[key].append((activity.bindings.index(key), activity))
            activity.bindings.remove(key)
            if activity.bindings:
                self.activities.touch(id)
            else:
                self.activities.drop(id)

    def mend(self, key: Key) -> None:
        """The item came back."""
        for place, activity in self._cut.pop(key, []):
            activity.bindings.insert(place, key)
            self.of[key].append(activity.id)
            self.activities.put(activity.id, activity)
