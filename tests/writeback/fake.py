"""A tiny CRM in memory that writes as a provider must, and fails where a test says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from connector.errors import KpiError
from connector.wishes import AddTask, CloseTask, Delivered, SetFields, UpsertCard, Wish


class Killed(BaseException):
    """The process died here."""


@dataclass
class FakeCrm:
    deals: dict[str, dict[str, str | None]] = field(default_factory=dict)
    cards: dict[str, dict[str, str | None]] = field(default_factory=dict)
    tasks: dict[str, AddTask] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    """Every change, in order."""
    calls: list[int] = field(default_factory=list)
    """Wishes in each apply."""
    reject: dict[str, str] = field(default_factory=dict)
    """Target -> reason."""
    busy: set[str] = field(default_factory=set)
    """Targets that the CRM will take later."""
    lose: int = 0
    """So many answers are lost after the CRM did the work."""
    swallow: int = 0
    """So many requests never reach the CRM, and nobody knows."""
    error: KpiError | None = None
    error_after: int = 0
    before_answer: Callable[[str], None] = lambda key: None
    before_send: Callable[[Sequence[Wish]], None] = lambda wishes: None
    before_find: Callable[[], None] = lambda: None
    trim: bool = False
    """Show numbers otherwise than they were written: `5.10` becomes `5.1`."""
    found: int = 0

    def apply(self, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        self.calls.append(len(wishes))
        self.before_send(wishes)
        for n, wish in enumerate(wishes):
            if self.error is not None and n >= self.error_after:
                raise self.error
            if self.swallow:
                self.swallow -= 1
                yield Delivered(key=wish.key, status="unknown", message="timeout")
                continue
            told = self._one(wish)
            self.before_answer(wish.key)
            if self.lose and told.status == "done":
                self.lose -= 1
                told = Delivered(key=wish.key, status="unknown", message="answer lost")
            yield told

    def find(self, wish: AddTask) -> str | None:
        self.before_find()
        self.found += 1
        return next((id for id, task in self.tasks.items() if task.text.endswith(wish.marker)), None)

    def _one(self, wish: Wish) -> Delivered:
        match wish:
            case SetFields():
                target = f"deal:{wish.deal_id}"
                home = self.deals.setdefault(wish.deal_id, {})
            case UpsertCard():
                target = f"card:{wish.user_id}:{wish.period}"
                home = self.cards.setdefault(f"{wish.user_id}:{wish.period}", {})
            case _:
                return self._task(wish)
        if target in self.reject:
            return Delivered(key=wish.key, status="rejected", message=self.reject[target])
        if target in self.busy:
            return Delivered(key=wish.key, status="retry", message="limit")
        card_id = f"9{wish.user_id}" if isinstance(wish, UpsertCard) else None
        before = {name: home.get(name) for name in wish.values}
        if before == {name: self._shown(value) for name, value in wish.values.items()}:
            return Delivered(key=wish.key, status="noop", crm_id=card_id, before=before, after=before)
        if any(before[name] not in (None, wish.last.get(name), wish.values[name]) for name in wish.values):
            return Delivered(key=wish.key, status="conflict", crm_id=card_id, before=before, message="a person's value")
        if any(before[name] is None and wish.last.get(name) is not None for name in wish.values):
            return Delivered(key=wish.key, status="conflict", crm_id=card_id, before=before, message="emptied")
        home |= {name: self._shown(value) for name, value in wish.values.items()}
        self.writes.append(target)
        after = {name: home[name] for name in wish.values}
        return Delivered(key=wish.key, status="done", crm_id=card_id, before=before, after=after)

    def _task(self, wish: AddTask | CloseTask) -> Delivered:
        if isinstance(wish, CloseTask):
            if wish.task_id in self.closed:
                return Delivered(key=wish.key, status="noop", crm_id=wish.task_id)
            self.closed[wish.task_id] = wish.text
            self.writes.append(f"close:{wish.task_id}")
            return Delivered(key=wish.key, status="done", crm_id=wish.task_id)
        task_id = str(60 + len(self.tasks) + 1)
        self.tasks[task_id] = wish
        self.writes.append(f"task:{task_id}")
        return Delivered(key=wish.key, status="done", crm_id=task_id)

    def _shown(self, value: str | None) -> str | None:
        if self.trim and value and "." in value:
            return value.rstrip("0").rstrip(".")
        return value
