"""Our errors, told apart by what to do next. This docstring is the tree.

KpiError
├── BadConfig        the configuration or the call is wrong: mend it, nothing was sent   (exit 2)
├── NeedsPerson      an account waits for a person: authorise, pay, answer the brake      (exit 3)
│   ├── Reauthorise      the grant is dead: connect the account again
│   ├── Unpaid           the CRM's subscription is over: reads or writes are closed
│   ├── Blocked          the CRM blocks this account or address: stop calling it
│   └── Brake            too much would vanish at once: look, then confirm
├── TryLater         nothing is wrong with the request; the same call may pass later      (exit 1)
│   ├── Limited          a rate or operating limit, with the moment it ends
│   ├── Unreachable      no answer: name, connection, TLS, deadline
│   ├── Broken           an answer that is no answer: 5xx, HTML, cut or damaged JSON
│   └── Busy             someone else holds the account's lease
├── Refused          the CRM understood and said no; repeating is useless                 (exit 1)
│   ├── Forbidden        no right to this resource: go on without it, and say so
│   ├── NotThere         the thing asked for does not exist
│   └── Unfit            the CRM rejects what we sent
├── Uncertain        a write was sent and its answer lost: look before repeating          (exit 1)
└── StoreTrouble     our own store: full, locked, read-only, damaged, newer               (exit 1)
    └── WrongKey         the key is not there, or not the database's: bring it back       (exit 2)

Every error says four things: what happened, where (account, resource), what was done about it, what to do next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal


class KpiError(Exception):
    """The root. `str(error)` is one line a person can act on."""

    exit_code = 1
    usual_todo = ""
    """What to do next where whoever raises it knows nothing better."""
    language: Literal["ru", "en"] | None = None
    """Of the account it is about, set by whoever opened that; None as long as nobody knows it."""

    def __init__(
        self, what: str, *, where: str = "", done: str = "", todo: str = "", retry_at: datetime | None = None
    ) -> None:
        self.what, self.where, self.done, self.retry_at = what, where, done, retry_at
        self.todo = todo or self.usual_todo
        super().__init__(what)

    def __str__(self) -> str:
        return self.spoken(str)

    def spoken(self, word: Callable[[str], str]) -> str:
        """The line with each of its parts as `word` has it: in another language, for one."""
        what = word(self.what)
        head = f"{word(self.where)}: {what}" if self.where else what
        parts = [head, word(self.done), word(self.todo)]
        if self.retry_at is not None:
            parts.append(word(f"next try at {self.retry_at.isoformat(timespec='seconds')}"))
        return "; ".join(part for part in parts if part)


class BadConfig(KpiError):
    """Every problem at once, each with file, key and allowed values."""

    exit_code = 2

    def __init__(self, problems: list[str], *, where: str = "") -> None:
        self.problems = problems
        super().__init__("\n".join(problems), where=where)


class NeedsPerson(KpiError):
    """An account stands still until a person acts."""

    exit_code = 3


class Reauthorise(NeedsPerson):
    """The grant is dead or was never given."""


class Unpaid(NeedsPerson):
    """HTTP 402 and its relatives: the subscription is over."""


class Blocked(NeedsPerson):
    """The CRM blocks the account or our address; every further call makes it worse."""


class Brake(NeedsPerson):
    """More would be deleted or written at once than is believable."""


class TryLater(KpiError):
    """The same call may pass later."""

    usual_todo = "the next run goes on from where this one stopped"


class Limited(TryLater):
    """A rate or operating limit; `retry_at` says until when, as far as known."""


class Unreachable(TryLater):
    """There was no answer at all."""

    usual_todo = "look whether this machine reaches the address; the next run goes on from where this one stopped"


class Broken(TryLater):
    """There was an answer, but it proves nothing: 5xx, HTML, cut or damaged JSON."""

    usual_todo = "the next run asks again; if it stays, report it with the words above"


class Busy(TryLater):
    """Someone else holds the account's lease."""

    ours = False
    """Whether that is this very process: another of its turns is at work, and nobody has to do anything."""


class Refused(KpiError):
    """The CRM understood and said no."""


class Forbidden(Refused):
    """No right to this resource; others may still be readable."""


class NotThere(Refused):
    """The thing asked for does not exist."""


class Unfit(Refused):
    """The CRM rejects what we sent; `items` names the offending request ids where it told."""

    def __init__(self, what: str, *, items: dict[str, str] | None = None, where: str = "", todo: str = "") -> None:
        self.items = items or {}
        super().__init__(what, where=where, todo=todo)


class Uncertain(KpiError):
    """A write left us and its answer never came: it may or may not have happened."""

    usual_todo = "nothing: the next run looks whether it happened before it repeats anything"


class StoreTrouble(KpiError):
    """Our own database or disk."""


class WrongKey(StoreTrouble):
    """The key that this database was begun with is not at hand."""

    exit_code = 2
