"""What nobody told us but we see: owner, price or deadline differ from what we stored, a record thought gone is back.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connector.moment import to_ms
from connector.records import Deadline, Deal, Filling, Lead, Meeting, Owner, Price, Record, Removal, Task, filled

_FIELDS = ',"fields":{'


def changes(
    old: Record, new: Record, told_at: datetime, *, owner: bool, price: bool, deadline: bool
) -> Iterator[Record]:
    """An Owner, a Price and a Deadline at the moment of the change, as far as known: when the CRM says the record was
    updated. A Filling wherever other fields of a deal hold something, for no CRM tells that with its deals.
    """
    at = new.updated_at or told_at
    if owner and isinstance(new, Deal | Lead) and isinstance(old, Deal | Lead) and new.owner_id != old.owner_id:
        yield Owner(id=_name(new, at), of=new.ref, at=at, user_id=new.owner_id, before=old.owner_id, how="observed")
    if price and isinstance(new, Deal) and isinstance(old, Deal) and _worth(new) != _worth(old):
        yield Price(
            id=_name(new, at),
            of=new.ref,
            at=at,
            amount=new.amount,
            before=old.amount,
            currency=new.currency,
            currency_before=old.currency,
            how="observed",
        )
    if deadline and isinstance(new, Meeting | Task) and isinstance(old, Meeting | Task) and new.due_at != old.due_at:
        yield Deadline(id=_name(new, at), of=new.ref, at=at, due_at=new.due_at, before=old.due_at, how="observed")
    if isinstance(new, Deal) and isinstance(old, Deal) and (filling := _filling(old, new)) is not None:
        yield filling


def same_fields(one: str, other: str) -> bool:
    """Whether two stored bodies of deals agree from their own fields on: then no field was filled or emptied.

    Fields stand last, and brackets balance: no body ends with another's fields but with its own. A quote inside a text
    before them would be escaped.
    """
    start = one.find(_FIELDS)
    return _FIELDS not in other if start < 0 else other.endswith(one[start:])


def _filling(old: Deal, new: Deal) -> Filling | None:
    """None also where both are of one moment: then other fields were read, not filled."""
    since, at = old.updated_at, new.updated_at
    if since is None or at is None or since == at or old.fields == new.fields:
        return None
    before = _filled(old)
    if before == _filled(new):
        return None
    return Filling(id=_name(new, at), of=new.ref, at=at, since=since, before=before)


def _name(new: Record, at: datetime) -> str:
    return f"seen:{new.ref}:{to_ms(at)}"


def _filled(deal: Deal) -> tuple[str, ...]:
    return tuple(sorted(name for name, value in deal.fields.items() if filled(value)))


def _worth(deal: Deal) -> tuple[int | None, str | None]:
    """1000 USD and 1000 RUB are two prices."""
    return deal.amount, deal.currency


def back(ref: str, told_at: datetime) -> Removal:
    """The CRM shows, at `told_at`, a record that it gives no moments for and that we thought gone."""
    return Removal(id=f"seen:{ref}:{to_ms(told_at)}", of=ref, at=told_at, what="restored")
