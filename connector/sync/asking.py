"""Asking the CRM for single records: an answer for each id as far as there is one, each judged alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from connector.errors import Forbidden, Refused, TryLater, Unfit
from connector.provider import Provider
from connector.records import Gone, Record


@dataclass(slots=True)
class Answers:
    """What was told, what could not be read (why, by id), and what kept the rest from being asked for."""

    told: list[Record | Gone] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    error: TryLater | Forbidden | None = None


def ask(provider: Provider, kind: type[Record], ids: Sequence[str]) -> Answers:
    """One that is refused or cannot be read spoils no other: where the CRM does not say which, each is asked alone."""
    found = Answers()
    try:
        for answer in provider.fetch(kind, ids):
            if answer.id in ids:
                found.told.append(answer)
    except (TryLater, Forbidden) as error:
        found.error = error
    except (Refused, ValueError) as error:
        told = {answer.id for answer in found.told}
        _judge(found, provider, kind, [id_ for id_ in ids if id_ not in told], error)
    return found


def _judge(found: Answers, provider: Provider, kind: type[Record], left: Sequence[str], error: Exception) -> None:
    """Whom the refusal is about; the others once more, one by one."""
    named = error.items if isinstance(error, Unfit) else {}
    if len(left) == 1:
        named = {left[0]: named.get(left[0], str(error))}
    found.unreadable |= {id_: named[id_] for id_ in left if id_ in named}
    for id_ in left:
        if id_ not in named and found.error is None:
            more = ask(provider, kind, [id_])
            found.told += more.told
            found.unreadable |= more.unreadable
            found.error = more.error
