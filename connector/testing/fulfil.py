"""What a wish does to the world, by the rules every provider keeps: a person's value is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping

from connector.records import Deal
from connector.testing.world import World
from connector.wishes import AddTask, CloseTask, Delivered, SetFields, UpsertCard, Wish

Values = dict[str, str | None]


def fulfil(world: World, wish: Wish) -> Delivered:
    """Change the world, or say why not."""
    with world.lock:
        match wish:
            case SetFields():
                return _set_fields(world, wish)
            case UpsertCard():
                return _upsert_card(world, wish)
            case AddTask():
                return _add_task(world, wish)
            case CloseTask():
                return _close_task(world, wish)


def find(world: World, wish: AddTask) -> str | None:
    """The task that ends with the wish's marker."""
    with world.lock:
        return next((id for id, task in world.tasks.items() if task.text.endswith(wish.marker)), None)


def _set_fields(world: World, wish: SetFields) -> Delivered:
    if wish.deal_id not in world.all(Deal):
        return Delivered(key=wish.key, status="rejected", message=f"there is no deal {wish.deal_id}")
    held = world.fields.setdefault(wish.deal_id, {})
    delivered = _write(wish.key, held, wish.values, wish.last)
    if delivered.status == "done":
        world.edit(Deal, wish.deal_id)  # like a person's edit, ours moves updated_at
    return delivered


def _upsert_card(world: World, wish: UpsertCard) -> Delivered:
    place = (wish.user_id, wish.period)
    card_id = f"{wish.user_id}/{wish.period}"
    new = place not in world.cards
    delivered = _write(wish.key, world.cards.setdefault(place, {}), wish.values, {} if new else wish.last)
    return Delivered(
        key=wish.key,
        status="done" if new else delivered.status,
        crm_id=card_id,
        before=delivered.before,
        after=delivered.after,
    )


def _write(key: str, held: Values, wanted: Mapping[str, str | None], last: Mapping[str, str | None]) -> Delivered:
    before = {code: held.get(code) for code in wanted}
    if before == wanted:
        return Delivered(key=key, status="noop", before=before, after=before)
    if any(before[code] not in (None, last.get(code), wanted[code]) for code in wanted):
        return Delivered(key=key, status="conflict", before=before, after=before, message="a person changed it")
    held.update(wanted)
    return Delivered(key=key, status="done", before=before, after=dict(wanted))


def _add_task(world: World, wish: AddTask) -> Delivered:
    """Like a CRM, it looks for nothing first: asked twice, it makes two."""
    task_id = str(9001 + len(world.tasks))
    world.tasks[task_id] = wish
    return Delivered(key=wish.key, status="done", crm_id=task_id)


def _close_task(world: World, wish: CloseTask) -> Delivered:
    if wish.task_id not in world.tasks:
        return Delivered(key=wish.key, status="rejected", message=f"there is no task {wish.task_id}")
    if wish.task_id in world.closed:
        return Delivered(key=wish.key, status="noop", crm_id=wish.task_id)
    world.closed[wish.task_id] = wish.text
    return Delivered(key=wish.key, status="done", crm_id=wish.task_id)
