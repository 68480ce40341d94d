"""What a number rests on, as one hash: the same facts give the same, any other fact, amount or owner another.

Hashes of facts are added up, so people's make their team's and no order matters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.kpi.definition import CREDITED, Kpi, Measure, Where
from connector.kpi.look import Look
from connector.store.facts import FACT

Sums = Mapping[tuple[Measure, str | None], int]
_CONTENT = [column for column in FACT.columns if column.name not in ("id", "account", "known_from", "known_to")]
"""What makes a fact what it is."""
_AT_ONCE = 2000
_SIZE = 16
_ALL = 2 ** (8 * _SIZE)


def sums(conn: Connection, look: Look, measures: Collection[Measure]) -> Sums:
    """By measure and person: the sum of the hashes of the facts that count."""
    found: dict[tuple[Measure, str | None], int] = defaultdict(int)
    for standing in (False, True):
        _gather(conn, look, [one for one in measures if one.standing == standing], standing, found)
    return found


def seal(kpi: Kpi, members: Iterable[str | None], added: Sums) -> str:
    """The hash of everything that one KPI of these people rests on, measure by measure."""
    everyone = tuple(members)
    told = [sum(added.get((one, user), 0) for user in everyone) % _ALL for one in kpi.measures]
    return blake2b(repr(told).encode(), digest_size=_SIZE).hexdigest()


def _gather(
    conn: Connection,
    look: Look,
    measures: Collection[Measure],
    standing: bool,
    found: dict[tuple[Measure, str | None], int],
) -> None:
    of_kind: dict[str, dict[tuple[Where, ...], list[Measure]]] = defaultdict(lambda: defaultdict(list))
    for one in measures:
        for kind in one.kinds:
            of_kind[kind][one.where].append(one)
    counted = (*look.facts(standing=standing), FACT.c.kind.in_(sorted(of_kind)), FACT.c.omitted.is_(None))
    limits = look.limits.stands if standing else look.limits.happened
    rows = conn.execute(sa.select(*_CONTENT).where(*counted)).partitions(_AT_ONCE) if of_kind else ()
    for row in chain.from_iterable(rows):
        content = int.from_bytes(blake2b(repr(tuple(row)).encode(), digest_size=_SIZE).digest(), "big")
        for where, alike in of_kind[row.kind].items():
            if all(condition.holds(row, limits) for condition in where):
                for one in alike:
                    key = one, getattr(row, CREDITED[one.credit])
                    found[key] = (found[key] + content) % _ALL
