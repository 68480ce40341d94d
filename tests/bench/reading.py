"""A whole read at the vendor's pace with its latency, beside the clients that others wrote, on one sandbox, in turn.

Everybody reads deals, contacts, calls and history (aioamocrm knows no history; Bitrix24: leads and calls' activities,
which tell their deals, too). Ours reads, maps, proves ends and stores in SQLite; the others only read. `rows`: those
told apart by their ids. `of limit`: requests against what the vendor allows meanwhile. `fewest`: full pages of these
rows (amoCRM 250, history 100; Bitrix24 2 500 a request).
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from connector.cli import RARELY
from tests.bench import peak_mb

if TYPE_CHECKING:
    from connector.pipeline.bench import Workbench

DEALS = int(os.environ.get("BENCH_READING_DEALS", "10000"))
LATENCY = {"amocrm": 0.3, "bitrix24": 0.5}
PAGE = {"amocrm": 250, "bitrix24": 2500}
QUIET = {"amocrm": 2, "bitrix24": 26}
"""Seconds until the vendor's bucket is empty again: what one client used is not the next one's."""
MODULE = (sys.executable, "-m", "tests.bench.reading")
KINDS = ("deal", "lead", "client", "call", "move")


class Told(NamedTuple):
    """What one client came to."""

    rows: int
    seconds: float
    peak_mb: float
    extra: int = 0
    """amoCRM: those of the rows that are history, 100 a page."""


def main() -> None:
    print(f"reading {DEALS} deals and {3 * DEALS} calls; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    heads = f"{'seconds':>9}{'rows/s':>8}{'requests':>9}{'of limit':>9}{'fewest':>8}{'peak MB':>8}"
    print(f"{'crm':<10}{'pace':<6}{'client':<22}{'rows':>8}{heads}")
    for crm in os.environ.get("BENCH_CRMS", "amocrm bitrix24").split():
        for paced in (True, False):
            compare(crm, paced)


def compare(crm: str, paced: bool) -> None:
    with served(crm, paced) as (base, secret, requests):
        for client in os.environ.get("BENCH_CLIENTS", " ".join(CLIENTS[crm])).split():
            asked = [*MODULE, "read", crm, client, base, secret, "paced" if paced else "free"]
            started = time.monotonic()
            done = subprocess.run(asked, capture_output=True, text=True)
            asked_for = requests()
            if done.returncode == 0:
                show(crm, paced, client, Told(*json.loads(done.stdout.splitlines()[-1])), asked_for)
            else:  # a peer that gives up is told as one that did
                why = next((line for line in done.stderr.splitlines() if "message=" in line or "Error" in line), "?")
                after = f"gave up after {time.monotonic() - started:.1f} s and {asked_for} requests: {why.strip()[:90]}"
                print(f"{crm:<10}{'on' if paced else 'off':<6}{client:<22}{after}", flush=True)
            if paced:
                time.sleep(QUIET[crm])


@contextmanager
def served(crm: str, paced: bool) -> Iterator[tuple[str, str, Callable[[], int]]]:
    """A sandbox, a process of its own: its address, its secret, how many requests came since this was asked last."""
    box = subprocess.Popen(
        [*MODULE, "serve", crm, "paced" if paced else "free"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    told, asked = box.stdout, box.stdin
    assert told is not None and asked is not None

    def requests() -> int:
        asked.write("requests\n")
        asked.flush()
        return int(told.readline())

    try:
        base, secret = json.loads(told.readline())
        yield base, secret, requests
    finally:
        box.kill()


def show(crm: str, paced: bool, client: str, told: Told, requests: int) -> None:
    allowed = 7 * told.seconds if crm == "amocrm" else 50 + 2 * told.seconds
    fewest = ceil(told.rows / PAGE[crm] + told.extra / 100 - told.extra / PAGE[crm])
    print(
        f"{crm:<10}{'on' if paced else 'off':<6}{client:<22}{told.rows:>8}{told.seconds:>9.1f}"
        f"{told.rows / told.seconds:>8.0f}{requests:>9}{f'{requests / allowed:.0%}' if paced else '-':>9}"
        f"{fewest:>8}{told.peak_mb:>8.0f}",
        flush=True,
    )


def serve(crm: str, pace: str) -> None:
    """The sandbox; tells how many requests came since it was asked last."""
    from connector.cli.demo import sandbox_module
    from connector.pretend import bulk

    plan = bulk.build(DEALS)
    latency = LATENCY[crm] if pace == "paced" else 0.0
    with sandbox_module(crm).Sandbox(plan, paced=pace == "paced", latency=latency) as box:
        print(json.dumps([box.base_url, box.token() if crm == "amocrm" else box.webhook]), flush=True)
        before = 0
        for _ in sys.stdin:
            print(box.requests - before, flush=True)
            before = box.requests


def read(crm: str, client: str, base: str, secret: str, pace: str) -> None:
    """One client in a process of its own, which looks for garbage as seldom as a command does: `kpi`'s own setting."""
    gc.set_threshold(*RARELY)
    started, (rows, extra) = CLIENTS[crm][client](base, secret, pace == "paced")
    told = Told(rows, time.monotonic() - started, peak_mb(), extra)
    print(json.dumps(told))


Read = tuple[float, tuple[int, int]]
"""When it began, its modules loaded; rows, and `extra` of what is told."""


def ours(crm: str) -> Callable[[str, str, bool], Read]:
    def run(base: str, secret: str, paced: bool) -> Read:
        from connector.records import KINDS as ALL
        from connector.sync import pull

        with opened(crm, base, secret, paced) as bench:
            bench.backfilling = True
            started = time.monotonic()
            bench.meet()
            only = [kind for kind in ALL if kind.kind in KINDS]
            report = pull.pull_account(bench.store, bench.account, bench.provider, fence=None, now=bench.now, only=only)
            assert not report.problems, report.problems
            if crm == "amocrm":
                return started, (report.new, report.rows["move"])
            return started, (report.new + report.rows["call"], 0)  # an activity for each call

    return run


@contextmanager
def opened(crm: str, base: str, secret: str, paced: bool) -> Iterator[Workbench]:
    """An account over a sandbox, its store a file that is gone afterwards."""
    from pydantic import SecretStr

    from connector.app import desk
    from connector.config import Settings

    told = {"base_url": base, {"amocrm": "token", "bitrix24": "webhook"}[crm]: SecretStr(secret)}
    one = {"name": "bench", "provider": crm, "timezone": "Europe/Moscow", "currency": "RUB", "options": told}
    with tempfile.TemporaryDirectory(prefix="kpi-bench-") as folder:
        settings = Settings.model_validate({"store": {"url": f"sqlite:///{folder}/kpi.db"}, "account": [one]})
        with desk(Path(folder) / "config.toml", {}, settings=settings) as made:
            if not paced:
                made.sleep = lambda seconds: None
            yield made.open(settings.account[0])


AMO_LISTS = ("leads", "contacts", "contacts/notes", "leads/notes")


def amocrm_api(base: str, secret: str, paced: bool) -> Read:
    import requests
    from amocrm.v2 import filters
    from amocrm.v2.entity.events import EventsInteraction
    from amocrm.v2.interaction import GenericInteraction

    class Tokens:
        subdomain = "acme"

        def get_access_token(self) -> str:
            return secret

    def here(kind: type[Any], **more: Any) -> Any:
        class Here(kind):  # type: ignore[misc]
            def _get_url(self, path: str) -> str:
                return f"{base}/api/v4/{path}"

        return Here(token_manager=Tokens(), session=requests.Session(), **more)

    started, rows = time.monotonic(), 0
    for path in AMO_LISTS:
        field = {"field": "notes"} if path.endswith("notes") else {}
        rows += sum(1 for _ in here(GenericInteraction, path=path, **field).get_all())
    moved = [filters.SingleListFilter("type")("lead_status_changed")]
    history = sum(1 for _ in here(EventsInteraction).get_all(filters=moved))
    return started, (rows + history, history)


def aioamocrm(base: str, secret: str, paced: bool) -> Read:
    import aioamocrm as vendor

    async def run() -> int:
        auth = vendor.LongLivedToken(secret)
        more = {} if paced else {"rate_limit": None}
        async with vendor.AmoCRMClient(base_url=base, auth=auth, **more) as amo:
            rows = 0
            for lists in (amo.leads, amo.contacts, amo.contacts.notes, amo.leads.notes):
                rows += len([row async for row in lists.iterate()])
            return rows

    return time.monotonic(), (asyncio.run(run()), 0)


def b24pysdk(base: str, secret: str, paced: bool) -> Read:
    from b24pysdk import BitrixWebhook
    from b24pysdk.api.callers import call_method as loaded  # noqa: F401

    caller: Any = sys.modules["b24pysdk.api.callers.call_method"]
    caller._MethodCaller._base_url = property(lambda self: f"http://{self._domain}/rest")
    portal = BitrixWebhook(domain=urlsplit(base).netloc, webhook_token=secret)
    started, rows = time.monotonic(), 0
    for method, params in B24_LISTS:
        way = portal.call_list if method.startswith("voximplant") else portal.call_list_fast
        rows += sum(1 for _ in way(method, params)["result"])
    return started, (rows, 0)


def fast_bitrix24(base: str, secret: str, paced: bool) -> Read:
    from fast_bitrix24 import Bitrix

    more = {} if paced else {"request_pool_size": 10_000, "requests_per_second": 1_000.0}
    portal = Bitrix(f"{base}/rest/{secret}/", verbose=False, **more)
    return time.monotonic(), (sum(len(portal.get_all(method, params)) for method, params in B24_LISTS), 0)


B24_LISTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("crm.item.list", {"entityTypeId": 2}),
    ("crm.item.list", {"entityTypeId": 1}),
    ("crm.contact.list", {}),
    ("crm.stagehistory.list", {"entityTypeId": 1}),
    ("crm.stagehistory.list", {"entityTypeId": 2}),
    ("voximplant.statistic.get", {}),
    ("crm.activity.list", {"filter": {"TYPE_ID": 2}}),
)
CLIENTS: dict[str, dict[str, Callable[[str, str, bool], Read]]] = {
    "amocrm": {"ours": ours("amocrm"), "amocrm-api": amocrm_api, "aioamocrm": aioamocrm},
    "bitrix24": {"ours": ours("bitrix24"), "b24pysdk": b24pysdk, "fast-bitrix24": fast_bitrix24},
}

if __name__ == "__main__":
    {"serve": serve, "read": read}[sys.argv[1]](*sys.argv[2:])
