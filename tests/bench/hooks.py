"""From a hook to the changed number and to the written card: the daemon and its pages on both CRMs at their pace.

BENCH_WINS says how many deals are won, seven minutes of the CRM's time apart: at first each on an account that has
rested until the vendor's bucket is empty, then one right after another, each waiting for the pace of those before.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests

from connector.app import desk
from connector.cli.demo import DEMO_NOW, account, sandbox_module
from connector.config import Settings
from connector.jobs.clock import listen, schedule
from connector.moment import Period, local_day
from connector.pipeline.bench import Workbench
from connector.pipeline.cycling import cycle
from connector.pipeline.hearing import hook_address
from connector.pretend import company
from connector.pretend.people import SELLERS
from connector.records import Deal
from connector.store import accounts
from connector.store.crm import records
from connector.web import tokens
from connector.web.serving import serving
from tests.bench.reading import QUIET

WINS = int(os.environ.get("BENCH_WINS", "6"))
PATIENCE_S, EVERY_S = 30.0, 0.1
APART = timedelta(minutes=7)


def main() -> None:
    print(f"2 x {WINS} wins a CRM, load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores; seconds: median (worst)")
    heads = f"{'hook to number':>18}{'hook to card':>18}{'no card':>10}{'requests a win':>16}"
    print(f"{'crm':<10}{'wins':<12}{heads}")
    for crm in ("amocrm", "bitrix24"):
        told = list(measured(crm))
        _show(crm, "rested", told[:WINS])
        _show(crm, "in a row", told[WINS:])


def _show(crm: str, how: str, told: list[Took]) -> None:
    cards = [one.card for one in told if one.card is not None]
    asked = statistics.median(one.requests for one in told)
    print(f"{crm:<10}{how:<12}{_row([one.number for one in told]):>18}{_row(cards):>18}"
          f"{len(told) - len(cards):>10}{asked:>16.0f}", flush=True)  # fmt: skip


@dataclass(slots=True)
class Took:
    """Seconds from the hook on; `card` None: nothing was written in time."""

    number: float
    card: float | None
    requests: int


def measured(crm: str) -> Iterator[Took]:
    """Each win of an open deal: the CRM changed as by its API, its hook sent, and who notices it when."""
    with served(crm) as (box, bench, base):
        token = tokens.issue(bench.store, name="bench", scope="read", account=None, now=1)
        page = requests.Session()
        page.headers["authorization"] = f"Bearer {token}"
        month = Period.month(local_day(DEMO_NOW, bench.zone()))
        address = f"{base}/api/v1/accounts/{bench.settings.name}/results?period={month.label}&kpi=won_deals"

        def numbers() -> Any:
            return page.get(address).json()["kpis"]

        for number, deal in enumerate(_open_deals(bench)[: 2 * WINS]):
            time.sleep(QUIET[crm] if number < WINS else 0)
            box.advance(box.now + APART)
            yield _took(crm, box, bench, deal, numbers)


def _took(crm: str, box: Any, bench: Workbench, deal: str, numbers: Callable[[], Any]) -> Took:
    before, asked = numbers(), bench.provider.requests
    WIN[crm](box, deal)
    written, started = len(box.written), time.perf_counter()
    requests.post(hook_address(bench) or "", data=HOOK[crm](bench, deal), timeout=10).raise_for_status()
    number = _waited(started, lambda: _won(numbers(), before))
    assert number is not None, f"{crm}: deal {deal} changed no number within {PATIENCE_S:.0f} s"
    card = _waited(started, lambda: len(box.written) > written)
    return Took(number, card, bench.provider.requests - asked)


@contextmanager
def served(crm: str) -> Iterator[tuple[Any, Workbench, str]]:
    """A pretend company read once, cards written; then only hooks move anything."""
    plan = company.build()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kpi-bench-")))
        box = stack.enter_context(sandbox_module(crm).Sandbox(plan, now=DEMO_NOW))
        settings = Settings.model_validate(
            {"store": {"url": f"sqlite:///{folder}/kpi.db"}, "account": [account(crm, box, plan)]}
        )
        made = stack.enter_context(desk(folder / "config.toml", os.environ, settings=settings, clock=lambda: box.now))
        bench = made.open(settings.account[0])
        cycle(bench)
        cycle(bench)
        base = stack.enter_context(serving("127.0.0.1:0", [bench], b"k" * 32))
        assert base is not None
        bench.address = base
        stack.enter_context(_listening(bench))
        yield box, bench, base


@contextmanager
def _listening(bench: Workbench) -> Iterator[None]:
    stopping = threading.Event()
    scheduler = schedule([bench], stopping.is_set)
    scheduler.remove_all_jobs()  # no cycle: what is measured is the hook's way
    scheduler.start()
    listener = threading.Thread(target=listen, args=([bench], scheduler, stopping), daemon=True)
    listener.start()
    try:
        yield
    finally:
        stopping.set()
        listener.join(10)
        scheduler.shutdown(wait=True)


def _open_deals(bench: Workbench) -> list[str]:
    """Of sellers with plans, in sales pipelines, in the order of ids."""
    sellers = {str(one.id) for one in SELLERS}
    with bench.store.read() as conn:
        deals = records.directory(conn, bench.account, Deal).values()
    return sorted(one.id for one in deals if one.outcome == "open" and one.owner_id in sellers and one.amount)


def _won(now: Any, before: Any) -> bool:
    def values(told: Any) -> dict[str, Any]:
        return {one["user"]["id"]: one["value"] for one in told if one.get("user")}

    return values(now) != values(before)


def _waited(started: float, seen: Callable[[], bool]) -> float | None:
    while not seen():
        if time.perf_counter() - started > PATIENCE_S:
            return None
        time.sleep(EVERY_S)
    return time.perf_counter() - started


def _win_in_amocrm(box: Any, deal: str) -> None:
    headers = {"Authorization": f"Bearer {box.token()}"}
    told = requests.patch(f"{box.base_url}/api/v4/leads/{deal}", json={"status_id": 142}, headers=headers, timeout=30)
    told.raise_for_status()


def _win_in_bitrix24(box: Any, deal: str) -> None:
    got = _asked(box, "crm.deal.get", {"id": deal})
    stage = "WON" if got["CATEGORY_ID"] in ("0", 0) else f"C{got['CATEGORY_ID']}:WON"
    _asked(box, "crm.deal.update", {"id": deal, "fields": {"STAGE_ID": stage}})


def _asked(box: Any, method: str, body: Any) -> Any:
    """A person's client waits too where the portal is busy with others."""
    while (answer := requests.post(f"{box.webhook_url}{method}", json=body, timeout=30)).status_code == 503:
        time.sleep(0.5)
    answer.raise_for_status()
    return answer.json()["result"]


def _known(bench: Workbench) -> str:
    with bench.store.read() as conn:
        return str(accounts.get(conn, bench.account).remote_id)


def _hook_of_amocrm(bench: Workbench, deal: str) -> dict[str, str]:
    return {"account[id]": _known(bench), "leads[status][0][id]": deal, "leads[status][0][status_id]": "142"}


def _hook_of_bitrix24(bench: Workbench, deal: str) -> dict[str, str]:
    return {"event": "ONCRMDEALUPDATE", "data[FIELDS][ID]": deal, "auth[domain]": _known(bench)}


def _row(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} ({max(seconds):.1f})" if seconds else "-"


WIN: dict[str, Callable[[Any, str], None]] = {"amocrm": _win_in_amocrm, "bitrix24": _win_in_bitrix24}
HOOK: dict[str, Callable[[Workbench, str], dict[str, str]]] = {
    "amocrm": _hook_of_amocrm, "bitrix24": _hook_of_bitrix24,
}  # fmt: skip

if __name__ == "__main__":
    main()
