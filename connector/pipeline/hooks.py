"""hooks: on, off, another address; and the turn that makes numbers of what they told, seconds after it happened."""

from __future__ import annotations

from dataclasses import dataclass

from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.pipeline.deriving import derive_touched
from connector.pipeline.hearing import hear, hook_address, look_after
from connector.pipeline.privacy.shielding import shield_of
from connector.pipeline.running import Stop, Synced, held, never, recorded
from connector.pipeline.writing import Pushed, write_back
from connector.provider import TakesHooks
from connector.store.leases import Fence
from connector.store.tables import HookRow
from connector.store.told import hooks, inbox
from connector.sync import pull
from connector.sync.inbox import Drained


@dataclass(slots=True)
class Heard:
    """What came of the hooks that waited: looked at, derived, written back. `synced` None: they told nothing new."""

    drained: Drained
    synced: Synced | None = None
    pushed: Pushed | None = None


@dataclass(frozen=True, slots=True)
class HooksStanding:
    """How an account's hooks stand. `address` is a secret: whoever knows it may call."""

    account: str
    row: HookRow
    waiting: int
    address: str | None
    possible: bool


def take_hooks(bench: Workbench, *, stop: Stop = never) -> Heard:
    """All that waits, under the account's lease; with news also derive and write back. Raises Busy, TryLater."""
    with held(bench) as fence:
        heard = Heard(hear(bench, fence, stop=stop))
        if heard.drained.news or heard.drained.streams:
            heard.synced = _followed(bench, fence, heard.drained, stop)
            if not heard.synced.stopped:
                heard.pushed = write_back(bench, fence, stop=stop)
        if heard.drained.later is not None:
            raise heard.drained.later
    return heard


def _followed(bench: Workbench, fence: Fence, drained: Drained, stop: Stop) -> Synced:
    """The streams that tell more of what was found, then the touched dossiers."""
    with recorded(bench, "hooks") as done:
        done.changed, done.gone = drained.news, drained.gone
        if drained.streams:
            report = pull.pull_account(
                bench.store, bench.account, bench.provider, fence=fence, now=bench.now, stop=stop,
                only=drained.streams, shield=shield_of(bench),
            )  # fmt: skip
            done.rows, done.problems = dict(report.rows), list(report.problems)
            done.changed += report.new + report.changed
        derive_touched(bench, fence, done, stop)
    return done


def switch_on(bench: Workbench) -> HooksStanding:
    """Have the CRM tell us. Raises BadConfig where nobody reaches us, Refused where the access given cannot do that."""
    address = hook_address(bench)
    if address is None or not isinstance(bench.provider, TakesHooks):
        raise BadConfig([f"{bench.settings.name}: hooks need [web] address, where the CRM reaches this program"])
    if not address.startswith("https://") and not _on_this_machine(address):
        raise BadConfig([f"{bench.settings.name}: [web] address must be https:// for hooks: their secret is in it"])
    bench.meet()
    bench.provider.subscribe(address)
    with bench.store.write() as conn:
        hooks.note(conn, bench.account, state="on", told="", missed=0, checked_at=bench.now())
    look_after(bench)
    return standing_of(bench)


def switch_off(bench: Workbench) -> HooksStanding:
    """The CRM forgets our address; what waits is still taken."""
    address = hook_address(bench)
    if address is not None and isinstance(bench.provider, TakesHooks):
        bench.provider.unsubscribe(address)
    with bench.store.write() as conn:
        hooks.note(conn, bench.account, state="off", told="")
    return standing_of(bench)


def rotate(bench: Workbench) -> HooksStanding:
    """Another secret address; the old one is not found any more. Where hooks are on, the CRM is told."""
    with bench.store.read() as conn:
        row = hooks.standing(conn, bench.account)
    was_on = row.state != "off"
    if was_on:
        switch_off(bench)
    with bench.store.write() as conn:
        hooks.note(conn, bench.account, turn=row.turn + 1)
    return switch_on(bench) if was_on else standing_of(bench)


def standing_of(bench: Workbench) -> HooksStanding:
    """Asks nothing of the CRM."""
    with bench.store.read() as conn:
        row, waiting = hooks.standing(conn, bench.account), inbox.count(conn, bench.account)
    return HooksStanding(bench.settings.name, row, waiting, hook_address(bench), isinstance(bench.provider, TakesHooks))


def _on_this_machine(address: str) -> bool:
    return address.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
