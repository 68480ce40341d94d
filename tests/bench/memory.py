"""How much memory reading takes, however many deals there are: a million of them, made on the fly by who is asked.

A sandbox of two deals answers all but the list of deals. That has BENCH_MEMORY_DEALS rows, each a copy of the first
deal under an id, a contact and a moment of its own, which are reckoned from its number: nothing is held. Ours reads
over HTTP, maps, proves the end and stores in SQLite, in a process of its own, without pace; what is told is its peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from pydantic import SecretStr

from connector.pretend import bulk
from providers.amocrm.sandbox.answers import Answer
from providers.amocrm.sandbox.sandbox import Sandbox
from providers.amocrm.sandbox.wire import Asked, Outgoing
from tests.bench import peak_mb

DEALS = int(os.environ.get("BENCH_MEMORY_DEALS", "1000000"))
APART = 20
"""Seconds between two deals' last changes."""
FIRST = 5_000_000
"""The first deal's id, less one; contacts have the same."""
_ID, _CONTACT, _MOMENT = 777_777_771, 777_777_772, 777_777_773
"""Stand in the copy for what each row has of its own."""


class Many:
    """The list of deals, `deals` long. Windows, both orders and pages are answered by arithmetic."""

    def __init__(self, row: dict[str, Any], deals: int, end: int) -> None:
        row["_embedded"]["contacts"] = [{"id": _CONTACT, "is_main": True}]
        row |= {"id": _ID, "created_at": _MOMENT, "updated_at": _MOMENT}
        self._row, self.deals, self._start = json.dumps(row), deals, end - deals * APART

    def page(self, asked: Mapping[str, str]) -> tuple[Sequence[int], bool]:
        """Numbers of deals from 1 on, and whether more follow."""
        low, high = 1, self.deals
        if (since := asked.get("filter[updated_at][from]")) is not None:
            low = max(low, -((self._start - int(since)) // APART))
        if (until := asked.get("filter[updated_at][to]")) is not None:
            high = min(high, (int(until) - self._start) // APART)
        limit, falling = min(int(asked.get("limit", 50)), 250), "desc" in asked.values()
        before = (int(asked.get("page", 1)) - 1) * limit
        count = min(limit, high - low + 1 - before)
        numbers = (
            range(high - before, high - before - count, -1) if falling else range(low + before, low + before + count)
        )
        return numbers, high - low + 1 - before > limit

    def answer(self, target: str, base: str) -> Answer:
        asked = dict(parse_qsl(urlsplit(target).query))
        strange = {name for name in asked if name.startswith("filter") and "[updated_at]" not in name}
        assert not strange, f"this list knows no {strange}"
        numbers, more = self.page(asked)
        if not numbers:
            return Answer(204)
        rows = ",".join(self._told(number) for number in numbers)
        links = {"self": {"href": base}} | ({"next": {"href": base}} if more else {})
        head = json.dumps({"_page": int(asked.get("page", 1)), "_links": links})
        return Answer(200, f'{head[:-1]},"_embedded":{{"leads":[{rows}]}}}}'.encode())

    def _told(self, number: int) -> str:
        own = {_ID: FIRST + number, _CONTACT: FIRST + number, _MOMENT: self._start + number * APART}
        told = self._row
        for mark, value in own.items():
            told = told.replace(str(mark), str(value))
        return told


def main() -> None:
    print(f"{DEALS} deals of amoCRM read without pace; SQLite; load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
    with Sandbox(bulk.build(2), paced=False) as box:
        many = Many(_first(box), DEALS, int(box.now.timestamp()))
        box._server.handle = _instead(box._server.handle, box, many)
        command = [sys.executable, "-m", "tests.bench.memory", box.base_url, box.token()]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    assert told["deals"] == DEALS, told
    print(f"{'deals stored':>13}{'seconds':>9}{'rows/s':>8}{'requests':>9}{'MB before':>11}{'peak MB':>9}")
    print(
        f"{told['deals']:>13}{told['seconds']:>9.1f}{told['deals'] / told['seconds']:>8.0f}{told['requests']:>9}"
        f"{told['before']:>11.0f}{told['peak']:>9.0f}"
    )


def _first(box: Sandbox) -> dict[str, Any]:
    asked = {"with": "contacts,loss_reason,source_id", "limit": "1"}
    head = {"Authorization": f"Bearer {box.token()}"}
    row: dict[str, Any] = requests.get(f"{box.base_url}/api/v4/leads", asked, headers=head, timeout=10).json()[
        "_embedded"
    ]["leads"][0]
    return row


def _instead(usual: Callable[[Asked], Outgoing], box: Sandbox, many: Many) -> Callable[[Asked], Outgoing]:
    def handle(asked: Asked) -> Outgoing:
        if asked.target.startswith("/api/v4/leads?") and "only_deleted" not in asked.target:
            return Outgoing(many.answer(asked.target, box.base_url), box.now, "")
        return usual(asked)

    return handle


def child(base: str, token: str) -> None:
    """The reading itself, told as JSON."""
    import sqlalchemy as sa

    from connector.app import desk
    from connector.config import Settings
    from connector.pipeline.pulling import begin
    from connector.pipeline.running import held
    from connector.records import Deal, LossReason, Pipeline, Stage, User
    from connector.sync import pull

    with tempfile.TemporaryDirectory(prefix="kpi-bench-") as folder:
        options = {"base_url": base, "token": SecretStr(token)}
        account = {"name": "bench", "provider": "amocrm", "timezone": "Europe/Moscow", "options": options}
        settings = Settings.model_validate({"store": {"url": f"sqlite:///{folder}/kpi.db"}, "account": [account]})
        with desk(Path(folder) / "config.toml", {}, settings=settings) as made:
            made.sleep = lambda seconds: None
            bench = made.open(settings.account[0])
            bench.meet()
            begin(bench)
            only = (User, Pipeline, Stage, LossReason, Deal)
            before, started = peak_mb(), time.monotonic()
            with held(bench) as fence:
                report = pull.pull_account(
                    bench.store, bench.account, bench.provider, fence=fence, now=bench.now, only=only
                )
            seconds = time.monotonic() - started
            assert not report.problems, report.problems
            with bench.store.read() as conn:
                deals = conn.execute(sa.text("select count(*) from record where kind = 'deal'")).scalar_one()
            requests = bench.provider.requests
    told = {"deals": deals, "seconds": seconds, "requests": requests, "before": before, "peak": peak_mb()}
    print(json.dumps(told))


if __name__ == "__main__":
    child(*sys.argv[1:])
