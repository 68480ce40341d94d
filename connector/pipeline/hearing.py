"""hear: what the CRM told by itself, looked at and stored, by whoever holds the lease; and whether it still tells."""

from __future__ import annotations

import logging

from connector.errors import KpiError, NeedsPerson
from connector.pipeline.bench import Workbench
from connector.pipeline.privacy.shielding import shield_of
from connector.pipeline.running import Stop, never
from connector.provider import KeepsQueue, TakesHooks
from connector.redact import redact, remember
from connector.store import accounts, notices
from connector.store.leases import Fence
from connector.store.told import hooks, inbox
from connector.sync.confirmed import Keeper
from connector.sync.inbox import Drained, drain

log = logging.getLogger("kpi.hooks")
LOOK_AFTER = 3_600_000
"""Milliseconds after which the CRM is asked again whether it still tells."""
SILENT_AFTER = 20
"""Changes found by reading, none of them told by a hook, after which hooks seem off."""
NOTICE = "hooks"


def hook_address(bench: Workbench) -> str | None:
    """Where the CRM is to call for this account; None where nobody reaches us. Whoever knows it may call."""
    if bench.address is None or not bench.key:
        return None
    with bench.store.read() as conn:
        secret = hooks.secret(bench.key, bench.settings.name, hooks.standing(conn, bench.account).turn)
    remember(secret)
    return f"{bench.address.rstrip('/')}/hooks/{bench.settings.name}/{secret}"


def hear(bench: Workbench, fence: Fence, *, queue: bool = False, stop: Stop = never) -> Drained:
    """Everything that waits. `queue`: the CRM's own queue too, whether a hook spoke of it or not."""
    with bench.store.read() as conn:
        waits = inbox.count(conn, bench.account)
        state = hooks.standing(conn, bench.account)
        known = accounts.get(conn, bench.account).remote_id
    queue = queue and state.state == "on" and isinstance(bench.provider, KeepsQueue)
    if not (waits or queue):
        return Drained()
    keeper = Keeper(bench.store, bench.account, bench.provider, fence, bench.now, shield_of(bench))
    done = drain(keeper, bench.key, known, queue=queue, stop=stop)
    _note(bench, done)
    return done


def watch(bench: Workbench, found: int) -> None:
    """After a reading that found so many changes: hooks that told of none of them seem to be off."""
    with bench.store.read() as conn:
        state = hooks.standing(conn, bench.account)
    if state.state == "off" or not isinstance(bench.provider, TakesHooks):
        return
    if state.checked_at + LOOK_AFTER <= bench.now():
        look_after(bench)
    missed = state.missed + found
    with bench.store.write() as conn:
        hooks.note(conn, bench.account, missed=missed)
        if missed >= SILENT_AFTER:
            text = f"{missed} changes were found by reading since the last hook came: hooks seem not to arrive"
            notices.add(conn, bench.account, NOTICE, "silent", text, now=bench.now())
        else:
            notices.clear(conn, bench.account, NOTICE, "silent")


def look_after(bench: Workbench) -> None:
    """Ask the CRM how the subscription stands; one that vanished is made again, one given up is told to a person."""
    provider, address = bench.provider, hook_address(bench)
    if address is None or not isinstance(provider, TakesHooks):
        return
    told = ""
    try:
        state = provider.subscribed(address)
        if state == "off":
            provider.subscribe(address)
            state = "on"
    except NeedsPerson:
        raise
    except KpiError as error:
        state, told = "on", redact(str(error))
    with bench.store.write() as conn:
        hooks.note(conn, bench.account, state=state, told=told, checked_at=bench.now())
        notices.clear(conn, bench.account, NOTICE, "disabled")
        if state == "disabled":
            text = "the CRM gave up calling our address: switch the webhook on again in its settings"
            notices.add(conn, bench.account, NOTICE, "disabled", text, now=bench.now())


def _note(bench: Workbench, done: Drained) -> None:
    with bench.store.write() as conn:
        if done.last_at is not None:
            hooks.came(conn, bench.account, done.last_at)
        for reason, count in done.refused.items():
            notices.add(conn, bench.account, NOTICE, f"refused: {reason}", f"{count} hooks refused: {reason}",
                        now=bench.now())  # fmt: skip
    for reason, count in done.refused.items():
        log.warning("%s: %d hooks refused: %s", bench.settings.name, count, reason)
    for problem in done.problems:
        log.info("%s: a hook's record could not be looked at: %s", bench.settings.name, redact(problem))
