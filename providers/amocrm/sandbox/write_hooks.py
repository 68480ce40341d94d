"""POST and DELETE of webhooks. They are kept, not delivered."""

from __future__ import annotations

from typing import Any

from providers.amocrm.sandbox.answers import Answer, good, problem
from providers.amocrm.sandbox.world import World
from providers.amocrm.sandbox.write_cards import Hand


class HookWrites:
    """Subscriptions by destination."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, body: Any, hand: Hand) -> Answer:
        """201; the same destination changes its settings. They are kept, not delivered."""
        asked = body if isinstance(body, dict) else {}
        destination, settings = asked.get("destination"), asked.get("settings")
        if not isinstance(destination, str) or not isinstance(settings, list) or not settings:
            return problem(422, "destination and settings are needed")
        if len(self._world.webhooks) >= 100 and destination not in self._world.webhooks:
            return problem(422, "Webhooks limit exceeded")
        known = self._world.webhooks.get(destination)
        hook = {
            "id": known["id"] if known else self._world.new_id(),
            "destination": destination,
            "created_at": known["created_at"] if known else hand.now,
            "updated_at": hand.now,
            "account_id": self._world.account_id,
            "created_by": hand.user,
            "sort": asked.get("sort", 10),
            "disabled": False,
            "settings": settings,
        }
        self._world.webhooks[destination] = hook
        return good(hook, 201)

    def delete(self, body: Any, hand: Hand) -> Answer:
        """By its destination, in the body."""
        destination = body.get("destination") if isinstance(body, dict) else None
        if self._world.webhooks.pop(str(destination), None) is None:
            return problem(404, "Webhook was not found")
        return Answer(204)
