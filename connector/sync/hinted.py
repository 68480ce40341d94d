"""What hooks name, asked for by id and stored: a record that cannot be had now or at all spoils no other.

hints -> coalesced -> some at once -> fetch -> one transaction a kind
                                        \\-> in trouble: one by one -> refused (told) | broken (waits) | stored
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connector.errors import Broken, Busy, KpiError, Refused, TryLater, Unfit
from connector.provider import Hints
from connector.records import Gone, Record
from connector.store import cursors, notices
from connector.store.crm import refusals
from connector.store.upsert import chunks
from connector.sync.confirmed import Keeper

log = logging.getLogger("kpi.hooks")
FEW = 50
"""Records asked for at once."""
MANY = 250
"""More of a kind than that are read by their stream, 50 or 250 a request, instead of one by one."""
BROKEN = 3
"""Records whose answer proves nothing, each asked for five times: after so many the CRM is left alone for now."""
NOTICE = "hooks"

Named = tuple[type[Record], str]
"""A record as a hook names it: kind and id."""


@dataclass(slots=True)
class Looked:
    """What looking came to. `later`: why some still wait; `streams`: kinds whose streams tell the rest."""

    news: int = 0
    gone: int = 0
    streams: set[type[Record]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    later: TryLater | None = None
    broken: set[Named] = field(default_factory=set)
    """Records whose answer proved nothing, while others were told well."""
    enough: bool = False
    """The CRM is left alone for now."""


@dataclass(slots=True)
class Wanted:
    """What hooks are about, in the order in which they came."""

    ids: dict[type[Record], dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    streams: set[type[Record]] = field(default_factory=set)
    queue: bool = False

    def add(self, hints: Hints) -> None:
        """Of a record that several name there is one look."""
        for kind, ids in hints.ids.items():
            self.ids[kind] |= dict.fromkeys(sorted(ids))
        self.streams |= hints.streams
        self.queue = self.queue or hints.queue


def look(keeper: Keeper, wanted: Wanted, looked: Looked) -> set[Named]:
    """Every record once; what turns out to be another than known brings along the streams that tell more of it.

    Returns those that are still to be looked at. Raises NeedsPerson, Busy, StoreTrouble.
    """
    with keeper.store.read() as conn:
        read = {kind for kind, row in cursors.all(conn, keeper.account).items() if row.whole_at is not None}
    follows: Mapping[type[Record], frozenset[type[Record]]] = getattr(keeper.provider, "follows", {})
    looked.streams |= {kind for kind in wanted.streams if kind.kind in read}
    left: set[Named] = set()
    for kind in [kind for kind in wanted.ids if kind in keeper.provider.can.kinds and kind.kind in read]:
        ids, news = list(wanted.ids[kind]), looked.news
        if len(ids) > MANY:
            looked.streams |= {kind, *follows.get(kind, ())}
            continue
        for some in chunks(ids, FEW):
            left |= {(kind, id) for id in _take(keeper, kind, some, looked)}
        if looked.news > news:
            looked.streams |= {one for one in follows.get(kind, ()) if one.kind in read}
    return left


def unexpected(keeper: Keeper, what: str, fault: Exception) -> None:
    """A fault in our own code that one hook brought up: loud, and told to a person; the account works on."""
    log.error("%s: unexpected, gone on without it", what, exc_info=fault)
    name = type(fault).__name__
    text = f"a hook could not be taken, a fault of this program ({name}): the work goes on, please report the log"
    with keeper.store.write() as conn:
        notices.add(conn, keeper.account, NOTICE, f"unexpected: {name}", text, now=keeper.now())


def trouble_of(part: Callable[[], None]) -> Exception | None:
    """What ended it, where it may be about one record; what concerns the whole account goes up."""
    try:
        part()
    except Busy:
        raise
    except (TryLater, Refused) as trouble:
        return trouble
    except KpiError:
        raise
    except Exception as fault:  # a card that nobody thought of
        return fault
    return None


def _take(keeper: Keeper, kind: type[Record], ids: Sequence[str], looked: Looked) -> set[str]:
    """Ask and store; those of these ids that are still to be looked at."""
    if looked.enough:
        return set(ids)
    answers: dict[str, Record | Gone] = {}
    trouble = trouble_of(lambda: _ask(keeper, kind, ids, answers))
    if answers and (unkept := trouble_of(lambda: _keep(keeper, kind, answers, looked))) is not None:
        answers, trouble = {}, unkept  # one did not go in, and so none did
    unread = trouble.items if isinstance(trouble, Unfit) else {}
    _refuse(keeper, kind, {id: reason for id, reason in unread.items() if id in ids}, looked)
    left = [id for id in ids if id not in answers and id not in unread]
    if trouble is None or not left:
        return set()
    if isinstance(trouble, TryLater) and not isinstance(trouble, Broken):  # any other would fare the same
        looked.later, looked.enough = trouble, True
        return set(left)
    if len(ids) == 1:
        return _given_up(keeper, kind, ids[0], trouble, looked)
    return {waits for id in left for waits in _take(keeper, kind, [id], looked)}


def _ask(keeper: Keeper, kind: type[Record], ids: Sequence[str], answers: dict[str, Record | Gone]) -> None:
    """What came before an error is an answer, too."""
    for answer in keeper.provider.fetch(kind, ids):
        if answer.id in ids:
            answers[answer.id] = answer


def _keep(keeper: Keeper, kind: type[Record], answers: Mapping[str, Record | Gone], looked: Looked) -> None:
    kept = keeper.keep(kind, list(answers.values()))
    looked.gone += kept.gone
    looked.news += kept.news


def _given_up(keeper: Keeper, kind: type[Record], id: str, trouble: Exception, looked: Looked) -> set[str]:
    """One alone: broken, it waits; not to be had or not to be read, it is left to the next reading."""
    if isinstance(trouble, Broken):
        looked.broken.add((kind, id))
        looked.later, looked.enough = trouble, len(looked.broken) >= BROKEN
        return {id}
    if isinstance(trouble, Refused):
        looked.problems.append(f"{kind.kind}: {trouble}")
        return set()
    _refuse(keeper, kind, {id: str(trouble)}, looked)
    if not isinstance(trouble, ValueError):
        unexpected(keeper, f"{kind.kind} {id}", trouble)
    return set()


def _refuse(keeper: Keeper, kind: type[Record], unreadable: Mapping[str, str], looked: Looked) -> None:
    """Told and kept as a page's refused rows are; one that a reading refused before is kept raw already."""
    if not unreadable:
        return
    looked.problems += [f"{kind.kind}: {reason}" for reason in unreadable.values()]
    with keeper.store.read() as conn:
        known = refusals.ids(conn, keeper.account, kind)
    keeper.refuse(kind, {id: reason for id, reason in unreadable.items() if id not in known})
