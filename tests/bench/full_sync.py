"""A full sync of 100 000 deals and 300 000 calls from each sandbox: rows a second, requests, share of limit, memory.

The sandbox and the sync are processes of their own. Without pace neither side waits; with pace the sandbox refuses what
is beyond the vendor's limit, and ours keeps within it by itself (`limited` counts refusals: it should stay 0).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pydantic import SecretStr

from tests.bench import peak_mb

DEALS = int(os.environ.get("BENCH_DEALS", "100000"))
LIMIT = {"amocrm": 7.0, "bitrix24": 2.0}
SECRET = {"amocrm": "token", "bitrix24": "webhook"}


def main() -> None:
    print(f"full sync of {DEALS} deals, {3 * DEALS} calls; SQLite; {os.cpu_count()} cores")
    print(
        f"{'crm':<10}{'pace':<6}{'rows':>9}{'seconds':>9}{'rows/s':>8}{'requests':>9}{'req/s':>7}{'of limit':>9}"
        f"{'peak MB':>8}{'derive s':>9}"
    )
    for provider in os.environ.get("BENCH_CRMS", " ".join(LIMIT)).split():
        for paced in (False, True):
            told = run(provider, paced)
            share = f"{told['requests'] / told['read_s'] / LIMIT[provider]:.0%}" if paced else "-"
            print(
                f"{provider:<10}{'on' if paced else 'off':<6}{told['rows']:>9}{told['read_s']:>9.1f}"
                f"{told['rows'] / told['read_s']:>8.0f}{told['requests']:>9}{told['requests'] / told['read_s']:>7.1f}"
                f"{share:>9}{told['peak_mb']:>8.0f}{told['derive_s']:>9.1f}",
                flush=True,
            )


def run(provider: str, paced: bool) -> dict[str, float]:
    """One sandbox, one sync, each in its own process."""
    pace = "--paced" if paced else "--no-paced"
    serve = [sys.executable, "-m", "connector", "sandbox", provider, "--port", "0", "--deals", str(DEALS), pace]
    box = subprocess.Popen(serve, stderr=subprocess.PIPE, text=True)
    try:
        base, secret = announced(box, provider)
        command = [sys.executable, "-m", "tests.bench.full_sync", provider, base, secret, pace]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        told: dict[str, float] = json.loads(done.stdout)
        return told
    finally:
        box.kill()


def announced(box: subprocess.Popen[str], provider: str) -> tuple[str, str]:
    """Address and secret from what `kpi sandbox` says."""
    assert box.stderr is not None
    said = ""
    while "Ctrl-C" not in said:
        line = box.stderr.readline()
        if not line:
            raise SystemExit(f"the sandbox did not start: {said}")
        said += line
    found = re.search(r"answers at (\S+)", said), re.search(rf"{SECRET[provider]} = (\S+)", said)
    assert found[0] and found[1], said
    return found[0][1], found[1][1]


def child(provider: str, base: str, secret: str, pace: str) -> None:
    """The sync itself, told as JSON."""
    from connector.app import desk
    from connector.config import Settings
    from connector.pipeline.deriving import derive_touched
    from connector.pipeline.pulling import begin
    from connector.pipeline.running import held, recorded
    from connector.sync import pull

    with tempfile.TemporaryDirectory(prefix="kpi-bench-") as folder:
        account = {
            "name": "bench",
            "provider": provider,
            "timezone": "Europe/Moscow",
            "currency": "RUB",
            "options": {"base_url": base, SECRET[provider]: SecretStr(secret)},
        }
        settings = Settings.model_validate({"store": {"url": f"sqlite:///{folder}/kpi.db"}, "account": [account]})
        with desk(Path(folder) / "config.toml", {}, settings=settings) as made:
            if pace == "--no-paced":
                made.sleep = lambda seconds: None
            bench = made.open(settings.account[0])
            bench.meet()
            begin(bench)
            with held(bench) as fence, recorded(bench, "sync") as done:
                started = time.monotonic()
                report = pull.pull_account(bench.store, bench.account, bench.provider, fence=fence, now=bench.now)
                read = time.monotonic() - started
                assert not report.problems, report.problems
                derive_touched(bench, fence, done)
                derived = time.monotonic() - started - read
            told = {
                "rows": sum(report.rows.values()),
                "requests": bench.provider.requests,
                "read_s": read,
                "derive_s": derived,
                "peak_mb": peak_mb(),
            }
    print(json.dumps(told))


if __name__ == "__main__":
    child(*sys.argv[1:])
