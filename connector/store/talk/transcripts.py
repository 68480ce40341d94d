"""Transcripts: texts kept for a while, and which calls still want one. The rows stay, the texts are purged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import Call
from connector.store.encoding import decode
from connector.store.facts import FACT
from connector.store.tables import TranscriptRow
from connector.store.upsert import among, put, table

TRANSCRIPT, RECORD, SCORE = table("transcript"), table("record"), table("call_score")
TRIES = 5
"""How often a CRM is asked for one that it does not have yet."""
LIVES = 3
"""How often one may end the whole program before it is let be."""


class Kept(NamedTuple):
    """A transcript as it is stored; `body` is JSON of its turns."""

    call: str
    source: str
    language: str
    body: str


def keep(conn: Connection, account: int, some: Iterable[Kept], *, now: int) -> int:
    """Store these; a later one of the same call takes the place of an earlier, but not of one that was purged. Returns
    how many say something new.
    """
    told = {one.call: one for one in some}
    for call in purged(conn, account, told):
        del told[call]
    known = {one.call: one for one in get(conn, account, told)}
    fresh = [one for one in told.values() if known.get(one.call) != one]
    put(conn, TRANSCRIPT, [_row(account, one, now) for one in fresh])
    return len(fresh)


def _row(account: int, one: Kept, now: int) -> dict[str, object]:
    told = {"call_id": one.call, "source": one.source, "language": one.language, "body": one.body}
    return {"account": account, "taken_at": now, "asked": 0, "begun": 0, "purged_at": None, **told}


def begin(conn: Connection, account: int, calls: Collection[str]) -> None:
    """Something is to be done with these, by which the program may be killed; `ended` says that it was not."""
    known = set(conn.execute(sa.select(TRANSCRIPT.c.call_id).where(*_ours(conn, account, calls))).scalars())
    put(conn, TRANSCRIPT, [_row(account, Kept(call, "", "", ""), 0) for call in sorted(set(calls) - known)])
    conn.execute(TRANSCRIPT.update().where(*_ours(conn, account, calls)).values(begun=TRANSCRIPT.c.begun + 1))


def ended(conn: Connection, account: int, calls: Collection[str]) -> None:
    """Whatever came of these, the program lives."""
    conn.execute(TRANSCRIPT.update().where(*_ours(conn, account, calls)).values(begun=0))


def absent(conn: Connection, account: int, calls: Collection[str], *, now: int) -> None:
    """The CRM was asked for these and has none, or none yet. What was purged stays so."""
    calls = set(calls) - purged(conn, account, calls)
    query = sa.select(TRANSCRIPT.c.call_id, TRANSCRIPT.c.asked).where(*_ours(conn, account, calls))
    asked = {row.call_id: row.asked for row in conn.execute(query)}
    rows = [_row(account, Kept(call, "", "", ""), now) | {"asked": asked.get(call, 0) + 1} for call in sorted(calls)]
    put(conn, TRANSCRIPT, rows)


def get(conn: Connection, account: int, calls: Collection[str]) -> list[Kept]:
    """Those of these calls whose text is kept."""
    columns = (TRANSCRIPT.c.call_id, TRANSCRIPT.c.source, TRANSCRIPT.c.language, TRANSCRIPT.c.body)
    query = sa.select(*columns).where(*_ours(conn, account, calls), TRANSCRIPT.c.body != "")
    return [Kept(*row) for row in conn.execute(query.order_by(TRANSCRIPT.c.call_id))]


def row_of(conn: Connection, account: int, call: str) -> TranscriptRow | None:
    """What is known of one call's transcript, purged or not."""
    query = sa.select(TRANSCRIPT).where(TRANSCRIPT.c.account == account, TRANSCRIPT.c.call_id == call)
    found = conn.execute(query).one_or_none()
    return None if found is None else TranscriptRow(**found._mapping)


def purge(conn: Connection, account: int, *, taken_before: int, now: int) -> int:
    """Empty those older than the setting allows; returns how many."""
    old = (TRANSCRIPT.c.account == account, TRANSCRIPT.c.taken_at < taken_before, TRANSCRIPT.c.body != "")
    return conn.execute(TRANSCRIPT.update().where(*old).values(body="", purged_at=now)).rowcount


def forget(conn: Connection, account: int, calls: Collection[str], *, now: int) -> int:
    """Empty these at once, whatever the setting says: a client asked for it."""
    these = (*_ours(conn, account, calls), TRANSCRIPT.c.body != "")
    return conn.execute(TRANSCRIPT.update().where(*these).values(body="", purged_at=now)).rowcount


def purged(conn: Connection, account: int, calls: Collection[str]) -> set[str]:
    """Those of these calls whose words were emptied on purpose."""
    these = (*_ours(conn, account, calls), TRANSCRIPT.c.purged_at.is_not(None))
    return set(conn.execute(sa.select(TRANSCRIPT.c.call_id).where(*these)).scalars())


def suppress(conn: Connection, account: int, calls: Collection[str], *, now: int) -> None:
    """Empty these, and remember it even of those that never had words: none are taken from now on."""
    new = sorted(set(calls) - purged(conn, account, calls))
    put(conn, TRANSCRIPT, [_row(account, Kept(call, "", "", ""), now) | {"purged_at": now} for call in new])


def unscored(conn: Connection, account: int, scorer: str, checklists: Collection[str], limit: int) -> list[Kept]:
    """Transcripts that this scorer has not judged by any of these checklists' versions, the oldest first.

    Those that were begun and not ended come after all others, and one at a time: one of them ended the program.
    """
    waiting = _unscored(account, scorer, checklists)
    fresh = _texts(conn, limit, *waiting, TRANSCRIPT.c.begun == 0)
    return fresh or _texts(conn, 1, *waiting, TRANSCRIPT.c.begun < LIVES)


def hopeless(conn: Connection, account: int, scorer: str, checklists: Collection[str]) -> list[str]:
    """Of which calls the transcripts ended the program each time, and are asked for no more."""
    given_up = (*_unscored(account, scorer, checklists), TRANSCRIPT.c.begun >= LIVES)
    return sorted(conn.execute(sa.select(TRANSCRIPT.c.call_id).where(*given_up)).scalars())


def unheard(conn: Connection, account: int) -> list[str]:
    """Of which calls the recordings ended the program each time, and are asked for no more."""
    given_up = (TRANSCRIPT.c.account == account, TRANSCRIPT.c.body == "", TRANSCRIPT.c.begun >= LIVES)
    return sorted(conn.execute(sa.select(TRANSCRIPT.c.call_id).where(*given_up)).scalars())


def _texts(conn: Connection, limit: int, *where: sa.ColumnElement[bool]) -> list[Kept]:
    columns = (TRANSCRIPT.c.call_id, TRANSCRIPT.c.source, TRANSCRIPT.c.language, TRANSCRIPT.c.body)
    ordered = sa.select(*columns).where(*where).order_by(TRANSCRIPT.c.taken_at, TRANSCRIPT.c.call_id)
    return [Kept(*row) for row in conn.execute(ordered.limit(limit))]


def unscored_count(conn: Connection, account: int, scorer: str, checklists: Collection[str]) -> int:
    """How many there are of these in all, without reading their texts."""
    query = sa.select(sa.func.count()).select_from(TRANSCRIPT).where(*_unscored(account, scorer, checklists))
    return int(conn.execute(query).scalar_one())


def _unscored(account: int, scorer: str, checklists: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    done = sa.exists().where(
        SCORE.c.account == account,
        SCORE.c.call_id == TRANSCRIPT.c.call_id,
        SCORE.c.scorer == scorer,
        SCORE.c.checklist.in_(sorted(checklists)),
        SCORE.c.at >= TRANSCRIPT.c.taken_at,
    )
    return TRANSCRIPT.c.account == account, TRANSCRIPT.c.body != "", ~done


def wanted(conn: Connection, account: int, *, first: int, seconds: int, limit: int, asked_before: int) -> list[Call]:
    """Talks from a day on (yyyymmdd) that are long enough and of which nothing was ever taken, the newest first; one
    that was asked for in vain is asked for again after a while, a few times.
    """
    here = sa.and_(TRANSCRIPT.c.account == FACT.c.account, TRANSCRIPT.c.call_id == FACT.c.call_id)
    again = sa.and_(
        TRANSCRIPT.c.body == "", TRANSCRIPT.c.purged_at.is_(None), TRANSCRIPT.c.asked < TRIES,
        TRANSCRIPT.c.begun < LIVES, TRANSCRIPT.c.taken_at < asked_before,
    )  # fmt: skip
    query = sa.select(FACT.c.call_id).select_from(FACT.outerjoin(TRANSCRIPT, here)).where(
        FACT.c.account == account, FACT.c.known_to.is_(None), FACT.c.kind.in_(("call_out", "call_in")),
        FACT.c.day >= first, FACT.c.omitted.is_(None), FACT.c.number >= seconds,
        sa.or_(TRANSCRIPT.c.call_id.is_(None), again),
    )  # fmt: skip
    ids = list(conn.execute(query.order_by(FACT.c.at.desc(), FACT.c.call_id).limit(limit)).scalars())
    found = calls(conn, account, ids)
    return [found[id] for id in ids if id in found]


def calls(conn: Connection, account: int, ids: Collection[str]) -> dict[str, Call]:
    """The records of these calls, by id."""
    ours = (RECORD.c.account == account, RECORD.c.kind == Call.kind, among(conn, RECORD.c.id, ids))
    return {
        id: decode(Call.kind, body) for id, body in conn.execute(sa.select(RECORD.c.id, RECORD.c.body).where(*ours))
    }


def calls_by_name(conn: Connection, account: int, names: Collection[str]) -> dict[str, str]:
    """Ids of calls by what files call them: their own id, or the telephony's (`Call.unique`), where one call has it."""
    by_id = {id: id for id in calls(conn, account, names)}
    rest = {name for name in names if name not in by_id}
    told: dict[str, set[str]] = {}
    for call in _with_unique(conn, account) if rest else ():
        if call.unique in rest:
            told.setdefault(call.unique, set()).add(call.id)
    return by_id | {name: min(ids) for name, ids in told.items() if len(ids) == 1}


def _with_unique(conn: Connection, account: int) -> Iterator[Call]:
    query = sa.select(RECORD.c.body).where(
        RECORD.c.account == account, RECORD.c.kind == Call.kind, RECORD.c.body.like('%"unique":"%')
    )
    return (decode(Call.kind, body) for body in conn.execute(query).scalars())


def counts(conn: Connection, account: int) -> dict[str, int]:
    """How many are kept, purged, and were asked for in vain."""
    kept, purged = TRANSCRIPT.c.body != "", TRANSCRIPT.c.purged_at.is_not(None)
    picked = [sa.func.count().filter(kept), sa.func.count().filter(purged), sa.func.count().filter(~kept, ~purged)]
    row = conn.execute(sa.select(*picked).where(TRANSCRIPT.c.account == account)).one()
    return dict(zip(("kept", "purged", "absent"), map(int, row), strict=True))


def _ours(conn: Connection, account: int, calls: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return TRANSCRIPT.c.account == account, among(conn, TRANSCRIPT.c.call_id, calls)
