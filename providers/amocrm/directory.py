"""What rarely changes: the account, its people, stages, loss reasons. Kept for an hour, or until an id is unknown.

When a list was handed out is remembered in its cursor: a new process need not ask again what another asked lately.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from connector.errors import Broken, Forbidden, NotThere, Unfit
from connector.records import LossReason, Pipeline, Record, Refusal, Stage, Team, User
from providers.amocrm.client import Client
from providers.amocrm.cursor import At, Cursor
from providers.amocrm.mapping import directory as mapping
from providers.amocrm.mapping.values import Row, each, embedded, identity, label, listing, table
from providers.amocrm.paging import Walk, shared

KEPT = timedelta(hours=1)
_WITH = ("users_groups", "task_types", "datetime_settings", "is_api_filter_enabled")
UNSORTED = "unsorted"
_A_CYCLE = timedelta(minutes=2)
_LISTS = ("users", "pipelines", "reasons")
_OFF = ("unavailable", "disabled")
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Read:
    """Entries of one kind as they stood at `told_at`."""

    records: Sequence[Record]
    refused: Sequence[Refusal]
    told_at: datetime


class Directory:
    """`heads`: who leads a group, by its name or id; `meetings`: further task types that are meetings."""

    def __init__(self, client: Client, heads: Mapping[str, Sequence[str]], meetings: Sequence[str]) -> None:
        self._client, self._heads, self._meetings = client, heads, meetings
        self._kept: dict[str, tuple[datetime, Any, datetime]] = {}
        self._asked: set[tuple[type[Record], str]] = set()
        self._handed: dict[type[Record], int] = {}
        self._told: dict[str, frozenset[str]] = {}
        self._doubted: set[str] = set()
        self._renewed: datetime | None = None
        self._one_at_a_time = threading.RLock()

    def account(self, *, anew: bool = False) -> Row:
        """The account as the CRM tells it."""
        if anew:
            self._kept.pop("account", None)
        return self._account()[0]

    def read(self, kind: type[Record]) -> Read:
        """Teams, users, pipelines, stages, loss reasons. Raises Forbidden for users, without an admin's token."""
        made, refused, told_at = self._made(kind)
        self._handed[kind] = int(told_at.timestamp())
        return Read(made, refused, told_at)

    def stands(self, kind: type[Record], cursor: Cursor) -> bool:
        """Whether what was handed out to this cursor, by this process or another, need not be read again yet.

        One list at a time is read anew: they need not all grow old in the same cycle.
        """
        at = cursor.get(kind.kind, At())
        handed = at.upto
        if handed is None or at.ids is None or kind is Team or self._outdated(kind, handed):
            return False
        self._handed[kind] = handed
        self._told |= {name: frozenset(one.ids) for name, one in cursor.items() if one.ids is not None}
        now = self._client.now()
        age = timedelta(seconds=abs(now.timestamp() - handed))
        lately = self._renewed is not None and now - self._renewed < _A_CYCLE
        return age < KEPT or (lately and age < 2 * KEPT)

    def behind(self) -> frozenset[type[Record]]:
        """Kinds of which something newer was read than was handed out, or which do not hold what rows name."""
        return frozenset(kind for kind, handed in self._handed.items() if self._outdated(kind, handed))

    def _outdated(self, kind: type[Record], handed: int) -> bool:
        kept = self._kept.get(_LIST[kind])
        return _LIST[kind] in self._doubted or (kept is not None and int(kept[2].timestamp()) > handed)

    def known(self, kind: type[Record]) -> frozenset[str]:
        """Ids of a kind, as they were handed out or as they are; empty where we may not look."""
        if kind.kind not in self._kept and kind.kind in self._told:
            return self._told[kind.kind]
        try:
            return frozenset(record.id for record in self._made(kind)[0])
        except Forbidden:
            return frozenset()

    def unsorted(self) -> frozenset[str]:
        """Stage ids of «Неразобранное»."""
        if Stage.kind not in self._kept and UNSORTED in self._told:
            return self._told[UNSORTED]
        stages = self._made(Stage)[0]
        return frozenset(stage.id for stage in stages if isinstance(stage, Stage) and stage.unsorted)

    def meeting_types(self) -> frozenset[str]:
        """Task types that are meetings: MEETING, and those the configuration names."""
        account = self.account()
        named = {label(name).casefold() for name in self._meetings}
        types = [table(item) for item in listing(table(account.get("_embedded")).get("task_types"))]
        more = {
            str(t.get("id")) for t in types if str(t.get("id")) in named or label(t.get("name")).casefold() in named
        }
        return mapping.meeting_types(account) | more

    def has_customers(self) -> bool:
        """Whether the account uses «Покупатели»: their endpoints fail where they are off."""
        return str(self.account().get("customers_mode") or "unavailable") not in _OFF

    def meet(self, kind: type[Record], ids: Iterable[str | None]) -> None:
        """Ids seen in other records: a new one makes us look again, once."""
        if kind.kind not in self._kept and kind not in self._handed:
            return
        new = {(kind, id_) for id_ in ids if id_ is not None} - self._asked
        unknown = new - {(kind, id_) for id_ in self.known(kind)} if new else new
        if unknown:
            self._asked |= unknown
            self.forget(kind)

    def forget(self, *kinds: type[Record]) -> None:
        """Read these anew the next time."""
        for what in {_LIST[kind] for kind in kinds}:
            self._doubted.add(what)
            self._kept.pop(what, None)
            self._drop_made(what)

    def _drop_made(self, what: str) -> None:
        """Nothing that was made of an answer outlives it: kinds of one answer grow old together."""
        names = [kind.kind for kind, answer in _LIST.items() if answer == what]
        for name in (*names, UNSORTED) if Stage.kind in names else names:
            self._kept.pop(name, None)
            self._told.pop(name, None)

    def cursor_of(self, kind: type[Record], read: Read) -> Cursor:
        """What to remember of a directory that is handed out."""
        ids = tuple(sorted(record.id for record in read.records))
        cursor = {kind.kind: At(upto=int(read.told_at.timestamp()), ids=ids)}
        if kind is Stage:
            cursor[UNSORTED] = At(ids=tuple(sorted(self.unsorted())))
        return cursor

    def _account(self) -> tuple[Row, datetime]:
        return self._keep("account", self._look_at_account)

    def _look_at_account(self) -> Row:
        """Raises Broken where the answer does not say which account this is."""
        told = self._client.get("account", include=_WITH)
        try:
            account = table(told)
            identity(account)
            mapping.told_zone(account)
        except (KeyError, TypeError, ValueError):
            where = f"{self._client.http.where} GET account"
            raise Broken("the answer about the account does not describe one", where=where, todo="try again") from None
        return account

    def _keep(self, what: str, look: Callable[[], Any]) -> tuple[Any, datetime]:
        with self._one_at_a_time:
            return self._kept_or_new(what, look)

    def _kept_or_new(self, what: str, look: Callable[[], Any]) -> tuple[Any, datetime]:
        kept = self._kept.get(what)
        if kept is not None and abs(self._client.now() - kept[0]) < KEPT:
            return kept[1], kept[2]
        found = look()
        now = self._client.now()
        self._kept[what] = (now, found, now)
        self._drop_made(what)
        self._doubted.discard(what)
        if what in _LISTS:
            self._renewed = now
        return found, now

    def _made(self, kind: type[Record]) -> tuple[Sequence[Record], Sequence[Refusal], datetime]:
        rows, told_at = self._rows(kind)
        (made, refused), _ = self._keep(kind.kind, lambda: each(kind.kind, rows, self._make(kind)))
        return made, refused, told_at

    def _make(self, kind: type[Record]) -> Callable[[Row], Record | None]:
        makers: dict[type[Record], Callable[[Row], Record | None]] = {
            Team: lambda row: mapping.team(row, self._heads),
            User: mapping.user,
            Pipeline: mapping.pipeline,
            Stage: mapping.stage,
            LossReason: mapping.loss_reason,
        }
        return makers[kind]

    def _rows(self, kind: type[Record]) -> tuple[Sequence[Row], datetime]:
        if kind is Team:
            account, told_at = self._account()
            return listing(table(account.get("_embedded")).get("users_groups")), told_at
        if kind is User:
            return self._keep("users", self._users)
        if kind is LossReason:
            return self._keep("reasons", self._reasons)
        rows, told_at = self._keep(
            "pipelines", lambda: embedded(table(self._client.get("leads/pipelines")), "pipelines")
        )
        return (rows if kind is Pipeline else [stage for row in rows for stage in mapping.statuses(row)]), told_at

    def _users(self) -> Sequence[Row]:
        """amoCRM counts them: where the first page holds as many as it says, that is its own proof."""
        first = self._client.rows("users", "users", {"page": 1, "limit": 250})
        if not first.more and first.total == len(first.rows):
            return first.rows
        walk = Walk(lambda params: self._client.rows("users", "users", params), {}, shared, limit=250)
        return [row for step in walk.steps() for row in step.rows]

    def _reasons(self) -> Sequence[Row]:
        """Empty where the account does not use them."""
        try:
            return embedded(table(self._client.get("leads/loss_reasons", {"limit": 250})), "loss_reasons")
        except (NotThere, Unfit, Forbidden):
            return []


_LIST: dict[type[Record], str] = {
    User: "users",
    Pipeline: "pipelines",
    Stage: "pipelines",
    LossReason: "reasons",
    Team: "account",
}
"""From which answer a kind is made."""
