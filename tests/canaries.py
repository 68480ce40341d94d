"""`pytest -p tests.canaries`: everything the whole suite logs at DEBUG, masked as in production, is looked through.

What is looked for is known by its shape, not by having been remembered: tokens of the pretend CRMs, their clients'
secrets, addresses of webhooks, our own tokens. Slower than the suite alone, hence a plugin: `make canaries`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from connector.redact import RedactingFilter

SHAPES = {
    "a JWT": re.compile(r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}"),
    "an opaque token of amoCRM": re.compile(r"def50200[0-9a-f]{40,}"),
    "a client's secret": re.compile(r"sandbox-client-secret"),
    "a webhook's address": re.compile(r"/rest/\d+/(?!\*\*\*)[0-9A-Za-z]{10,}/"),
    "a bearer": re.compile(r"Bearer\s+(?!\*\*\*)[\w.-]{16,}", re.I),
    "a Fernet key": re.compile(r"(?<![\w-])[\w-]{43}=(?![\w=])"),
}
MOST = 20


class Watch(logging.Handler):
    """Keeps the first leaks, without the secret itself."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.addFilter(RedactingFilter())
        self.setFormatter(logging.Formatter("%(message)s"))
        self.seen, self.leaks = 0, list[str]()

    def emit(self, record: logging.LogRecord) -> None:
        self.seen += 1
        told = self.format(record)
        for name, shape in SHAPES.items():
            if (found := shape.search(told)) and len(self.leaks) < MOST:
                self.leaks.append(
                    f"{name}, logged by {record.name} at {record.pathname}:{record.lineno}: {found.start()}"
                )


_watch = Watch()


def pytest_configure(config: pytest.Config) -> None:
    """From the first test on."""
    root = logging.getLogger()
    root.addHandler(_watch)
    root.setLevel(logging.DEBUG)


@pytest.fixture(autouse=True)
def no_leak() -> Iterator[None]:
    """The test during which something leaked is red."""
    before = len(_watch.leaks)
    yield
    assert _watch.leaks[before:] == []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of xdist ends: what it looked through is told by the one that prints."""
    told = getattr(node, "workeroutput", {}).get("canaries", {"seen": 0, "leaks": []})
    _watch.seen += told["seen"]
    _watch.leaks += told["leaks"]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What leaked outside of every test, while something was set up or put away, ends the run in red as well."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["canaries"] = {"seen": _watch.seen, "leaks": _watch.leaks}
    if _watch.leaks and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was looked through, and what was found."""
    terminalreporter.write_line(f"canaries: {_watch.seen} records, {len(_watch.leaks)} leaks")
    for leak in _watch.leaks:
        terminalreporter.write_line(f"  {leak}")
