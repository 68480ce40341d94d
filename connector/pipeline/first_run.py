"""look: a CRM before there is a configuration: directories whole, deals and calls as many as are wanted."""

from __future__ import annotations

from collections.abc import Iterator

from connector.errors import Refused
from connector.first_run.seen import Seen
from connector.pipeline.bench import Workbench
from connector.provider import R
from connector.records import Call, Deal, LossReason, Pipeline, Record, Stage, Team, User
from connector.sync.progress import Progress

MOST = 20_000
"""Records of a kind that are looked at: shares and lengths say no more with more of them."""


def look(bench: Workbench, *, most: int = MOST, progress: Progress | None = None) -> Seen:
    """Log in and read. What may not be read is empty. Raises what a read raises. Nothing is stored of it."""
    bench.meet()
    return Seen(
        zone=bench.zone(),
        fields=bench.provider.fields(),
        users=_some(bench, User, most, progress),
        teams=_some(bench, Team, most, progress),
        pipelines=_some(bench, Pipeline, most, progress),
        stages=_some(bench, Stage, most, progress),
        reasons=_some(bench, LossReason, most, progress),
        deals=_some(bench, Deal, most, progress),
        calls=_some(bench, Call, most, progress),
        kinds=frozenset(kind.kind for kind in bench.provider.can.kinds),
    )


def _some(bench: Workbench, kind: type[R], most: int, progress: Progress | None) -> list[R]:
    if kind not in bench.provider.can.kinds:
        return []
    found: list[R] = []
    try:
        for record in _read(bench, kind, progress):
            if isinstance(record, kind):
                found.append(record)
            if len(found) >= most:
                break
    except Refused:
        return found
    return found


def _read(bench: Workbench, kind: type[R], progress: Progress | None) -> Iterator[Record]:
    rows = 0
    for page in bench.provider.pull(kind, None):
        rows += len(page.records)
        if progress is not None:
            progress(kind.kind, rows, page.total, bench.provider.requests)
        yield from page.records
