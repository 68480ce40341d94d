"""retain: what is older than its sort may be goes, once a night and by `kpi purge`."""

from __future__ import annotations

from connector.pipeline.bench import Workbench
from connector.pipeline.running import held
from connector.pipeline.talks.transcripts import purge as purge_transcripts
from connector.store.private import erasing, retention
from connector.store.private.retention import Days


def retain(bench: Workbench, days: Days) -> dict[str, int]:
    """Rows by sort that went. Raises Busy."""
    with held(bench) as fence:
        with bench.store.write() as conn:
            fence.check(conn)
            erasing.secretly(conn)
            removed = retention.purge(conn, bench.account, days, now=bench.now())
        if bench.settings.quality is not None and (texts := purge_transcripts(bench)):
            removed["transcripts"] = texts
    return removed
