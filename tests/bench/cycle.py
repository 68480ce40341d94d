"""Requests of a cycle: on a quiet account, by a running process and by a new one, and after a hundred changed deals."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from connector.app import desk
from connector.cli.demo import sandbox_module
from connector.config import Settings
from connector.pipeline.bench import Workbench
from connector.pipeline.cycling import cycle
from connector.pretend import bulk

DEALS = int(os.environ.get("BENCH_CYCLE_DEALS", "1000"))
CHANGES = 100
SECRET = {"amocrm": "token", "bitrix24": "webhook"}


def main() -> None:
    print(f"{DEALS} deals; requests of a cycle, writing back in preview")
    print(f"{'crm':<10}{'first':>8}{'quiet':>8}{f'{CHANGES} changed deals':>20}{'quiet, new process':>20}")
    for crm in SECRET:
        told = measured(crm)
        print(f"{crm:<10}" + "".join(f"{count:>{width}}" for count, width in zip(told, (8, 8, 20, 20), strict=True)))


def measured(crm: str) -> list[int]:
    with ExitStack() as stack:
        box = stack.enter_context(sandbox_module(crm).Sandbox(bulk.build(DEALS), paced=False))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kpi-bench-")))
        one = {
            "name": "bench",
            "provider": crm,
            "timezone": "Europe/Moscow",
            "currency": "RUB",
            "options": box.options,
        }
        settings = Settings.model_validate({"store": {"url": f"sqlite:///{folder}/kpi.db"}, "account": [one]})

        def opened() -> Workbench:
            made = stack.enter_context(desk(folder / "config.toml", {}, settings=settings, clock=lambda: box.now))
            made.sleep = lambda seconds: None
            return made.open(settings.account[0])

        bench = opened()
        told = [asked(bench)]
        box.advance(box.now + timedelta(minutes=5))
        told.append(asked(bench))
        box.advance(box.now + timedelta(minutes=5))
        CHANGE[crm](box)
        told.append(asked(bench))
        box.advance(box.now + timedelta(minutes=15))  # past the ten minutes that amoCRM's lists are read again
        told.append(asked(opened()))
        return told


def asked(bench: Workbench) -> int:
    before = bench.provider.requests
    cycle(bench)
    return bench.provider.requests - before


def change_in_amocrm(box: Any) -> None:
    """As a person's mass action: a list of deals, patched at once."""
    deals = [{"id": 1_000_001 + n, "name": f"Иначе {n}", "price": 5000 + n} for n in range(CHANGES)]
    headers = {"Authorization": f"Bearer {box.token()}"}
    requests.patch(f"{box.base_url}/api/v4/leads", json=deals, headers=headers, timeout=60).raise_for_status()


def change_in_bitrix24(box: Any) -> None:
    ids = sorted(box.portal.items[2].ids)[:CHANGES]
    for start in range(0, CHANGES, 50):
        commands = {
            f"c{id}": "crm.item.update?"
            + urlencode({"entityTypeId": 2, "id": id, "fields[opportunity]": 5000 + id % 90})
            for id in ids[start : start + 50]
        }
        told = requests.post(f"{box.webhook_url}batch", json={"cmd": commands}, timeout=60).json()["result"]
        assert len(told["result"]) == 50, told["result_error"]


CHANGE: dict[str, Callable[[Any], None]] = {"amocrm": change_in_amocrm, "bitrix24": change_in_bitrix24}

if __name__ == "__main__":
    main()
