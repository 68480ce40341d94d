"""What nobody told us but we see: owner, price or deadline differ from what we stored, a record thought gone is back.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connector.moment import to_ms
from connector.records import Deadline, Deal, Lead, Meeting, Owner, Price, Record, Removal, Task


def changes(
    old: Record, new: Record, told_at: datetime, *, owner: bool, price: bool, deadline: bool
) -> Iterator[Record]:
    """An Owner, a Price and a Deadline at the moment of the change, as far as known: when the CRM says the record was
    updated.
    """
    at = new.updated_at or told_at
    name = f"seen:{new.ref}:{to_ms(at)}"
    if owner and isinstance(new, Deal | Lead) and isinstance(old, Deal | Lead) and new.owner_id != old.owner_id:
        yield Owner(id=name, of=new.ref, at=at, user_id=new.owner_id, before=old.owner_id, how="observed")
    if price and isinstance(new, Deal) and isinstance(old, Deal) and _worth(new) != _worth(old):
        yield Price(
            id=name,
            of=new.ref,
            at=at,
            amount=new.amount,
            before=old.amount,
            currency=new.currency,
            currency_before=old.currency,
            how="observed",
        )
    if deadline and isinstance(new, Meeting | Task) and isinstance(old, Meeting | Task) and new.due_at != old.due_at:
        yield Deadline(id=name, of=new.ref, at=at, due_at=new.due_at, before=old.due_at, how="observed")


def _worth(deal: Deal) -> tuple[int | None, str | None]:
    """1000 USD and 1000 RUB are two prices."""
    return deal.amount, deal.currency


def back(ref: str, told_at: datetime) -> Removal:
    """The CRM shows, at `told_at`, a record that it gives no moments for and that we thought gone."""
    return Removal(id=f"seen:{ref}:{to_ms(told_at)}", of=ref, at=told_at, what="restored")
