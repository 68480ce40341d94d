"""Contests and what was decided over them: rows are only added, so every past moment has its own state of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.contest.values import Contest, Ruling, Verdict
from connector.moment import from_ms, to_ms
from connector.records import Deal
from connector.store import clean
from connector.store.encoding import Key, decode, keys
from connector.store.upsert import table

CONTEST, VERDICT, ACCOUNT, RECORD = (table(name) for name in ("contest", "contest_verdict", "account", "record"))


def lock(conn: Connection, account: int) -> None:
    """Whoever opens or decides looks first: two at once must not see the same. SQLite has one writer anyway."""
    conn.execute(sa.select(ACCOUNT.c.id).where(ACCOUNT.c.id == account).with_for_update())


def add(conn: Connection, account: int, contest: Contest, *, ticked: bool = False) -> Contest:
    """Keep it, with the number it gets."""
    ruling = contest.ruling
    row = {
        "account": account,
        "about": clean.text(ruling.about, clean.LONGEST_ID),
        "user_id": ruling.user,
        "fact": ruling.fact,
        "kinds": _json(ruling.kinds),
        "kpi": contest.kpi,
        "by": contest.by,
        "via": contest.via,
        "reason": clean.text(contest.reason),
        "at": to_ms(contest.at),
        "ticked": ticked,
    }
    number = conn.execute(CONTEST.insert().values(row)).inserted_primary_key[0]  # type: ignore[index]  # it has one
    return msgspec.structs.replace(contest, id=number, reason=row["reason"])


def decide(conn: Connection, account: int, contest: Contest, verdict: Verdict) -> Contest:
    """The newest decision from now on; those before it stay."""
    row = {
        "account": account,
        "contest": contest.id,
        "version": len(contest.verdicts) + 1,
        "what": verdict.what,
        "by": verdict.by,
        "via": verdict.via,
        "reason": clean.text(verdict.reason),
        "kinds": _json(verdict.kinds),
        "at": to_ms(verdict.at),
    }
    conn.execute(VERDICT.insert().values(row))
    return msgspec.structs.replace(contest, verdicts=(*contest.verdicts, verdict))


def all(conn: Connection, account: int, *, as_of: int | None = None, user: str | None = None) -> list[Contest]:
    """Every contest, the newest first, as it stands now or stood at a past moment (epoch ms)."""
    query = sa.select(CONTEST).where(CONTEST.c.account == account).order_by(CONTEST.c.id.desc())
    if as_of is not None:
        query = query.where(CONTEST.c.at <= as_of)
    if user is not None:
        query = query.where(CONTEST.c.user_id == user)
    rows = conn.execute(query).all()
    decided = _verdicts(conn, account, as_of) if rows else {}
    return [_contest(row, decided.get(row.id, ())) for row in rows]


def get(conn: Connection, account: int, number: int) -> Contest | None:
    """One by its number."""
    row = conn.execute(sa.select(CONTEST).where(CONTEST.c.account == account, CONTEST.c.id == number)).one_or_none()
    return None if row is None else _contest(row, _verdicts(conn, account, None, number).get(number, ()))


def in_force(conn: Connection, account: int) -> Mapping[Key, Sequence[Ruling]]:
    """What accepted contests exclude now, by the record (kind and id) that they are about."""
    found: dict[Key, list[Ruling]] = defaultdict(list)
    for contest in reversed(all(conn, account)):
        if (ruling := contest.in_force) is not None:
            for key in keys(ruling.about):
                found[key].append(ruling)
    return found


def pending(conn: Connection, account: int, *, as_of: int | None = None, user: str | None = None) -> list[Contest]:
    """Those that wait for a decision, now or at a past moment."""
    return [one for one in all(conn, account, as_of=as_of, user=user) if one.state == "open"]


def ticked(conn: Connection, account: int) -> frozenset[int]:
    """Numbers of the contests whose box on the card was ticked when it was last seen."""
    ours = sa.select(CONTEST.c.id).where(CONTEST.c.account == account, CONTEST.c.ticked.is_(True))
    return frozenset(conn.execute(ours).scalars())


def untick(conn: Connection, account: int, numbers: Collection[int]) -> None:
    """Their boxes are empty again: ticked once more it is another contest."""
    for number in sorted(numbers):
        ours = (CONTEST.c.account == account, CONTEST.c.id == number)
        conn.execute(CONTEST.update().where(*ours).values(ticked=False))


def changed_deals(conn: Connection, account: int, since: int) -> list[Deal]:
    """Deals that are there and were kept anew since a moment (epoch ms), by id."""
    ours = (RECORD.c.account == account, RECORD.c.kind == Deal.kind, RECORD.c.gone_at.is_(None))
    query = sa.select(RECORD.c.body).where(*ours, RECORD.c.changed_at >= since).order_by(RECORD.c.id)
    return [decode(Deal.kind, body) for body in conn.execute(query).scalars()]


def newest(conn: Connection, account: int) -> int:
    """The moment of the last opening or decision (epoch ms), 0 before the first: the last word must be the last."""
    told = [conn.execute(sa.select(sa.func.max(t.c.at)).where(t.c.account == account)).scalar() for t in _TABLES]
    return max((int(at) for at in told if at is not None), default=0)


_TABLES = (CONTEST, VERDICT)


def _verdicts(
    conn: Connection, account: int, as_of: int | None, number: int | None = None
) -> dict[int, tuple[Verdict, ...]]:
    query = sa.select(VERDICT).where(VERDICT.c.account == account).order_by(VERDICT.c.contest, VERDICT.c.version)
    if as_of is not None:
        query = query.where(VERDICT.c.at <= as_of)
    if number is not None:
        query = query.where(VERDICT.c.contest == number)
    found: dict[int, tuple[Verdict, ...]] = defaultdict(tuple)
    for row in conn.execute(query):
        kinds = msgspec.json.decode(row.kinds, type=tuple[str, ...])
        one = Verdict(what=row.what, by=row.by, via=row.via, reason=row.reason, at=from_ms(row.at), kinds=kinds)
        found[row.contest] += (one,)
    return found


def _contest(row: Any, verdicts: tuple[Verdict, ...]) -> Contest:
    kinds = msgspec.json.decode(row.kinds, type=tuple[str, ...])
    return Contest(
        id=row.id,
        ruling=Ruling(about=row.about, user=row.user_id, fact=row.fact, kinds=kinds),
        by=row.by,
        via=row.via,
        reason=row.reason,
        at=from_ms(row.at),
        kpi=row.kpi,
        verdicts=verdicts,
    )


def _json(kinds: Collection[str]) -> str:
    return msgspec.json.encode(sorted(kinds)).decode()
