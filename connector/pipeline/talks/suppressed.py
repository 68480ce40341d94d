"""Words that may not come back: purged by age, forgotten on request, or of a client who was erased."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy.engine import Connection

from connector.pipeline.bench import Workbench
from connector.pipeline.talks.rows import kept
from connector.quality.transcript import Transcript
from connector.records import Call
from connector.store.private import erased
from connector.store.private.erased import Shield
from connector.store.talk import transcripts


def lost(bench: Workbench, conn: Connection, calls: Collection[str]) -> set[str]:
    """Those of these calls, by id, whose words are not taken again."""
    known = transcripts.calls(conn, bench.account, calls)
    return transcripts.purged(conn, bench.account, calls) | hidden(bench, conn, known.values())


def hidden(bench: Workbench, conn: Connection, calls: Iterable[Call]) -> set[str]:
    """Calls with clients who were erased, by id; also those that hang on a deal and were from or to his number."""
    shield = Shield(bench.key, bench.settings.name, erased.marks(conn, bench.account))
    return {call.id for call in calls if shield.hides(call)}


def keep(bench: Workbench, conn: Connection, some: Iterable[Transcript]) -> int:
    """The one way in: what may not be kept is remembered as purged. Returns how many say something new."""
    told = {one.call: one for one in some}
    gone, now = lost(bench, conn, set(told)), bench.now()
    transcripts.suppress(conn, bench.account, gone, now=now)
    fresh = [kept(one) for call, one in told.items() if call not in gone]
    return transcripts.keep(conn, bench.account, fresh, now=now)
