"""Transcripts in: files, the CRM's own, recordings made text; masked, kept for a while, purged.

a file or an answer | whose call is it | mask | keep ... purge
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import Connection

from connector.config.quality import QualitySettings
from connector.errors import BadConfig, Forbidden, KpiError, NotThere, Refused
from connector.moment import day_number, from_ms, local_day
from connector.pipeline.bench import Workbench
from connector.pipeline.talks import suppressed
from connector.provider import Said, TellsTranscripts
from connector.quality import masking
from connector.quality.reading import files
from connector.quality.transcript import Transcript
from connector.records import Call, Client, User
from connector.store import leases
from connector.store.crm import records
from connector.store.talk import transcripts

DAY_MS = 86_400_000
ASK_AGAIN = 6 * 3_600_000
"""Milliseconds after which a CRM that had no transcript yet is asked once more."""
AT_ONCE = 50
"""Calls asked for in one go."""


@dataclass(slots=True)
class Imported:
    """What became of files: how many were new, known already, and what could not be taken."""

    new: int = 0
    same: int = 0
    bad: list[files.Bad] = field(default_factory=list)


def quality_settings(bench: Workbench) -> QualitySettings:
    """The section's, or what it says by itself: a command may be run without it."""
    return bench.settings.quality or QualitySettings()


def import_transcripts(bench: Workbench, path: Path) -> Imported:
    """A file, or every file of a folder by name. Those that are readable are taken, the others told.

    Raises BadConfig where there is no such file or folder.
    """
    return import_files(bench, _files(path))


def import_files(bench: Workbench, some_files: Iterable[tuple[str, bytes]]) -> Imported:
    """Files by name and content, wherever they came from; the same rules."""
    found = list(some_files)
    done = Imported()
    with bench.store.read() as conn:
        ours = _ours(bench, conn)
    read = [files.read(name, data, ours) for name, data in found]  # seconds for a large file: nobody waits for them
    taken = [one for one in read if isinstance(one, files.Taken)]
    with bench.store.read() as conn:
        known = transcripts.calls_by_name(conn, bench.account, {name for one in taken for name in one.calls})
        lost = suppressed.lost(bench, conn, set(known.values()))
    some: dict[str, Transcript] = {}
    done.bad = [one for one in read if isinstance(one, files.Bad)]
    for one in taken:
        _place(one, known, lost, some, done.bad)
    masked = _masked(bench, some.values(), ours)
    with bench.store.write() as conn:
        done.new = suppressed.keep(bench, conn, masked)
        done.same = len(some) - done.new
    return done


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if not path.exists():
        raise BadConfig([f"{path}: there is no such file or folder"])
    chosen = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    for one in chosen:
        if path.is_dir() and one.suffix.casefold() not in files.SUFFIXES:
            continue
        name = str(one.relative_to(path)) if path.is_dir() else one.name
        with one.open("rb") as opened:  # a byte more than allowed is enough to refuse it
            yield name, opened.read(files.LARGEST + 1)


def _place(
    one: files.Taken, known: dict[str, str], lost: set[str], some: dict[str, Transcript], bad: list[files.Bad]
) -> None:
    """By its field or name it must be of one call, whose words may be kept, and no other file of the same one."""
    calls = {known[name] for name in one.calls if name in known}
    exact = known.get(one.calls[0]) if one.calls else None
    if exact is None and len(calls) != 1:
        told = "names no call" if not one.calls else f"{', '.join(one.calls)}: no call of this account"
        bad.append(files.Bad(one.file, told if not calls else f"may be of several calls: {', '.join(sorted(calls))}"))
        return
    call = exact or calls.pop()
    if call in lost:
        bad.append(files.Bad(one.file, f"the words of call {call} were deleted here on purpose: not taken again"))
        return
    if call in some:
        bad.append(files.Bad(one.file, f"another file is of call {call} too"))
        return
    some[call] = one.of(call)


def from_crm(bench: Workbench, fence: leases.Fence, limit: int) -> tuple[int, str]:
    """Ask the CRM for transcripts it made of recent calls; how many came, and why none do where it refuses."""
    settings, provider = quality_settings(bench), bench.provider
    if not settings.from_crm or not isinstance(provider, TellsTranscripts):
        return 0, ""
    calls, came = wanted_calls(bench, fence, limit), 0
    for first in range(0, len(calls), AT_ONCE):
        some = calls[first : first + AT_ONCE]
        try:
            answers = list(provider.transcripts(some))
        except (Forbidden, NotThere, Refused) as refusal:
            return came, f"the CRM gives no transcripts: {refusal}"
        came += _take_answers(bench, fence, some, answers)
    return came, ""


def wanted_calls(bench: Workbench, fence: leases.Fence, limit: int, *, absent_too: bool = False) -> list[Call]:
    """Recent talks that are long enough and have no transcript yet, the newest first; `absent_too`: also those of which
    the CRM has just said that it has none.
    """
    settings, now = quality_settings(bench), bench.now()
    first = local_day(from_ms(now), bench.zone()) - timedelta(days=settings.keep_days)
    with bench.store.read() as conn:
        some = transcripts.wanted(
            conn,
            bench.account,
            first=day_number(first),
            seconds=settings.min_seconds,
            limit=limit,
            asked_before=now + 1 if absent_too else now - ASK_AGAIN,
        )
        hidden = suppressed.hidden(bench, conn, some)
    if hidden:  # remembered, or they would take the places of others each time
        with bench.store.write() as conn:
            fence.check(conn)
            transcripts.suppress(conn, bench.account, hidden, now=now)
    return [call for call in some if call.id not in hidden]


def _take_answers(bench: Workbench, fence: leases.Fence, calls: Sequence[Call], answers: Iterable[Said]) -> int:
    """How many were kept: what was erased or forgotten while the CRM was asked is none of them."""
    told = {one.call: one.text for one in answers if one.text.strip()}
    with bench.store.write() as conn:
        fence.check(conn)
        ours = _ours(bench, conn)
        read = {call: files.said(text, ours) for call, text in told.items()}
        some = [Transcript(call, turns, "crm") for call, turns in read.items() if turns]
        came = suppressed.keep(bench, conn, _masked(bench, some, ours, _names(bench, conn, calls)))
        have = {one.call for one in some}
        transcripts.absent(conn, bench.account, [call.id for call in calls if call.id not in have], now=bench.now())
    return came


@contextmanager
def at_risk(bench: Workbench, fence: leases.Fence, calls: Sequence[str]) -> Iterator[None]:
    """What is done with these calls inside may take the whole program with it; who does so each time is let be.

    An error of ours is no such end: it is told, and the calls are tried again as before.
    """
    with bench.store.write() as conn:
        fence.check(conn)
        transcripts.begin(conn, bench.account, calls)
    try:
        yield
    except KpiError:
        with bench.store.write() as conn:
            fence.check(conn)
            transcripts.ended(conn, bench.account, calls)
        raise


def keep_heard(bench: Workbench, fence: leases.Fence, call: Call, heard: Transcript | None) -> bool:
    """What a recogniser made of a recording; None: nothing could be made of it. Whether it was kept."""
    with bench.store.write() as conn:
        fence.check(conn)
        if heard is None:
            transcripts.absent(conn, bench.account, [call.id], now=bench.now())
            return False
        masked = _masked(bench, [heard], _ours(bench, conn), _names(bench, conn, [call]))
        return suppressed.keep(bench, conn, masked) > 0


def _masked(
    bench: Workbench, some: Iterable[Transcript], ours: frozenset[str], more: frozenset[str] = frozenset()
) -> list[Transcript]:
    return [masking.mask(one, ours | more) for one in some] if quality_settings(bench).mask else list(some)


def _ours(bench: Workbench, conn: Connection) -> frozenset[str]:
    """Names of our own people."""
    return masking.names_of(user.name for user in records.directory(conn, bench.account, User).values())


def _names(bench: Workbench, conn: Connection, calls: Sequence[Call]) -> frozenset[str]:
    """Names of the clients of these calls, where the account keeps names at all."""
    if not bench.settings.keep_names:
        return frozenset()
    refs = {ref for call in calls for ref in call.on if ref.startswith(("contact:", "company:"))}
    clients = records.get(conn, bench.account, Client, refs)
    return masking.names_of(client.name for client in clients.values())


def purge(bench: Workbench) -> int:
    """Empty the transcripts that are older than the setting allows; returns how many."""
    now = bench.now()
    before = now - quality_settings(bench).keep_days * DAY_MS
    with bench.store.write() as conn:
        return transcripts.purge(conn, bench.account, taken_before=before, now=now)


def forget(bench: Workbench, call: str) -> int:
    """Empty the transcript of one call at once. Raises BadConfig where there is none."""
    with bench.store.write() as conn:
        gone = transcripts.forget(conn, bench.account, [call], now=bench.now())
    if not gone:
        raise BadConfig([f"{bench.settings.name}: no transcript of call {call} is kept"])
    return gone
