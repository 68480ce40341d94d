"""How soon the command line answers, and how soon a sync has sent its first request; each in a process of its own.

Bytecode is at hand, as it is once a package is installed: it is made by a first run, which does not count.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

BYTECODE = {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / f"kpi-bytecode-{os.getuid()}")}
"""A folder of its own: the tree's may be stale, or not be written at all."""
TIMES = int(os.environ.get("BENCH_START_TIMES", "7"))
KPI = str(Path(sys.executable).parent / "kpi")


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ |= BYTECODE
    timed([KPI, "--help"])
    print(f"load {os.getloadavg()[0]:.1f}; median (least) of {TIMES}, seconds")
    print(f"{'what':<40}{'wall':>16}{'CPU':>16}")
    for what, command in (("python -c pass", [sys.executable, "-c", "pass"]), ("kpi --help", [KPI, "--help"])):
        show(what, [timed(command) for _ in range(TIMES)])
    for crm in ("amocrm", "bitrix24"):
        first_request(crm)
        show(f"kpi sync to its first request, {crm}", [first_request(crm) for _ in range(TIMES)])


def show(what: str, told: list[tuple[float, float]]) -> None:
    wall, cpu = ([one[place] for one in told] for place in (0, 1))
    cells = (f"{statistics.median(some):.2f} ({min(some):.2f})" for some in (wall, cpu))
    print(f"{what:<40}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def timed(command: list[str]) -> tuple[float, float]:
    before, started = _cpu(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started, _cpu() - before


def first_request(crm: str) -> tuple[float, float]:
    """From the start of the process, its database made already, until a server hears from it."""
    heard, measured = threading.Event(), threading.Event()

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.set()
            measured.wait(120)  # no answer: nothing more is computed

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="kpi-bench-") as folder:
        config = Path(folder) / "config.toml"
        secret = {"amocrm": "token", "bitrix24": "webhook"}[crm]
        config.write_text(
            f'[store]\nurl = "sqlite:///{folder}/kpi.db"\n[[account]]\nname = "a"\nprovider = "{crm}"\n'
            f'[account.options]\nbase_url = "http://127.0.0.1:{server.server_port}"\n'
            f'{secret} = {{ env = "BENCH_SECRET" }}\n'
        )
        environ = os.environ | {"BENCH_SECRET": "1/notarealsecret"}
        subprocess.run([KPI, "status", "--config", str(config)], env=environ, capture_output=True)
        before, started = _cpu(), time.perf_counter()
        process = subprocess.Popen(
            [KPI, "sync", "--config", str(config)], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert heard.wait(120)
        took = time.perf_counter() - started
        process.kill()
        process.wait()
    measured.set()
    server.shutdown()
    return took, _cpu() - before


def _cpu() -> float:
    told = getrusage(RUSAGE_CHILDREN)
    return told.ru_utime + told.ru_stime


if __name__ == "__main__":
    main()
