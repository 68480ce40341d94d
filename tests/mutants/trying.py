"""Mutants, tried: each in a fork of a process that has imported and collected its tests.

Nothing is written. Where a mutant differs in one function, the fork exchanges that function's code and runs the tests
that are collected already: it costs their time and no more. Any other is tried by a fork that imports the two packages
and the tests anew, the changed text in the module's place.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.mutants.patching import Changed, Patch

PROFILE = "mutants"
"""Of hypothesis, in tests/conftest.py: few examples, always the same, not shrunk."""
CPU_SECONDS, BYTES = 120, 4 * 2**30
"""What a mutant that loops or piles up may take before it counts as noticed."""
OPTIONS = (
    "-x", "-q", "-k", "not postgresql", "--assert=plain", "--capture=sys", "--tb=no",
    "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:anyio",
)  # fmt: skip
"""SQLite alone, and no more than whether a test fails."""
WARMED = (
    "_hypothesis_pytestplugin", "pytest_timeout", "xdist.plugin", "platformdirs.pytest_plugin", "hypothesis.strategies",
    "responses", "numpy.random", "pymorphy3", "rapidfuzz.process", "razdel", "rich.table", "statistics",
    "connector.pretend", "connector.testing", "connector.result", "connector.contest.values",
)  # fmt: skip
YEARS = range(2024, 2029)
"""Whose holidays tests ask for: a library of hundreds of countries."""
UNPATCHED = 99
"""The exit code of a fork that did not find the function to change: another will import the whole file changed."""
NOTHING_RAN = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)
_MUTATED = ("connector.kpi", "connector.derive")


class Trouble(Exception):
    """The tests did not run, so nothing is known: there are none, or the options are wrong."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A file's changed text (None: all as it is), the tests to run, and the patch that does the same, if any does."""

    file: str
    text: str | None
    tests: tuple[str, ...]
    patch: Patch | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`killed`: some test failed, or it never ended; None: nothing was changed. `seconds` of the processor."""

    killed: bool | None
    seconds: float


class Migrated:
    """A pytest plugin: a database with the newest schema is made once for all mutants."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Path | None:
        if fixturedef.argname != "migrated_sqlite":
            return None
        fixturedef.cached_result = (self._path, fixturedef.cache_key(request), None)
        return self._path


class Forks:
    """Processes at work, at most so many; each is known by the place of its trial, and has a folder of its own.

    `leading`: each leads a group of processes, and what it has begun itself is stopped with it.
    """

    def __init__(self, workers: int, folder: Path, *, leading: bool = True) -> None:
        self._workers, self._folder, self._leading = workers, folder, leading
        self._running: dict[int, tuple[int, Path]] = {}

    def fork(self, place: int) -> bool:
        """Whether this is the fork: from here on it has its limits, and says what it says into a file."""
        own = Path(tempfile.mkdtemp(dir=self._folder))
        pid = os.fork()
        if pid:
            self._running[pid] = place, own
            with suppress(PermissionError, ProcessLookupError):  # whoever comes first; it may have ended already
                if self._leading:
                    os.setpgid(pid, pid)
            return False
        self._running.clear()  # they are its parent's
        if self._leading:
            os.setpgid(0, 0)
        with (own / "said").open("w", encoding="utf-8") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(own)
        return True

    def ended(self, some_left: bool) -> Iterator[tuple[int, Verdict]]:
        """Whoever ended; waits for one where there is no room for more, or none is left to begin."""
        while self._running and (len(self._running) >= self._workers or not some_left):
            pid, status, used = os.wait4(-1, 0)
            place, own = self._running.pop(pid)
            code = os.waitstatus_to_exitcode(status)
            if code in NOTHING_RAN:
                raise Trouble((own / "said").read_text("utf-8"))
            shutil.rmtree(own, ignore_errors=True)
            killed = None if code == UNPATCHED else code != pytest.ExitCode.OK
            yield place, Verdict(killed, used.ru_utime + used.ru_stime)

    def stop(self) -> None:
        """End those that are still at work."""
        for pid in self._running:
            (os.killpg if self._leading else os.kill)(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


class Collected:
    """A pytest plugin: once all tests are collected a fork runs them for each patch; `told` is written what came of it.

    In a fork the loop goes on as it always does; the process that collected runs no test itself.
    """

    def __init__(self, patches: Sequence[tuple[int, Patch]], forks: Forks, told: int) -> None:
        self._patches, self._forks, self._told = list(patches), forks, told

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed:
            return None
        gc.freeze()  # what was collected is shared by all forks, and none looks through it for garbage
        while self._patches:
            place, patch = self._patches.pop(0)
            if self._forks.fork(place):
                _limited()
                if not patch.apply():
                    os._exit(UNPATCHED)
                return None
            for at, verdict in self._forks.ended(bool(self._patches)):
                os.write(self._told, f"{at} {verdict.killed} {verdict.seconds}\n".encode())
        return True


def warm(folder: Path) -> Migrated:
    """Import what every mutant needs and none changes."""
    os.environ["HYPOTHESIS_PROFILE"] = PROFILE
    sys.dont_write_bytecode = False  # each fork imports the two packages anew: compiled once is enough
    import connector.store
    from connector.config import Rules
    from connector.store.engine import open_store

    stored = (found.name for found in pkgutil.walk_packages(connector.store.__path__, "connector.store."))
    for name in (*WARMED, *stored):
        importlib.import_module(name)
    open_store(f"sqlite:///{folder / 'migrated.db'}").dispose()
    for year in YEARS:
        Rules().calendar(UTC).working_days(date(year, 1, 1), date(year, 12, 31))
    early = [name for name in sys.modules if name.startswith(_MUTATED)]
    assert not early, f"imported before it can be changed: {early}"
    gc.freeze()
    return Migrated(folder / "migrated.db")


def tried(trials: Mapping[int, Trial], workers: int, folder: Path, migrated: Migrated) -> Iterator[tuple[int, Verdict]]:
    """How each trial of the same tests went, as they end.

    Raises Trouble, with what pytest said, where no test ran.
    """
    left = dict(trials)
    patches = [(place, trial.patch) for place, trial in trials.items() if trial.patch]
    tests = next(iter(trials.values())).tests
    for place, verdict in _collected(tests, patches, workers, folder, migrated):
        if verdict.killed is not None:
            del left[place]
            yield place, verdict
    yield from _imported(left, workers, folder, migrated)


def _collected(
    tests: tuple[str, ...], patches: Sequence[tuple[int, Patch]], workers: int, folder: Path, migrated: Migrated
) -> Iterator[tuple[int, Verdict]]:
    """Each patch on tests that one fork collects for all of them."""
    if not patches:
        return
    collector = Forks(1, folder)
    read, write = os.pipe()
    if collector.fork(0):
        forks = Forks(workers, folder, leading=False)
        _end(tests, [migrated, Collected(patches, forks, write)], forks)
    os.close(write)
    try:
        with os.fdopen(read, encoding="utf-8") as lines:
            for line in lines:
                place, killed, seconds = line.split()
                yield int(place), Verdict({"True": True, "False": False}.get(killed), float(seconds))
        if any(verdict.killed for _, verdict in collector.ended(some_left=False)):
            raise Trouble(f"no tests could be collected: {tests}")
    finally:
        collector.stop()


def _imported(
    trials: Mapping[int, Trial], workers: int, folder: Path, migrated: Migrated
) -> Iterator[tuple[int, Verdict]]:
    """Each from the import of the two packages on."""
    forks, left = Forks(workers, folder), list(trials)
    try:
        while left:
            place = left.pop(0)
            trial = trials[place]
            if forks.fork(place):
                _limited()
                if trial.text is not None:
                    sys.meta_path.insert(0, Changed(trial.file, trial.text))
                _end(trial.tests, [migrated])
            yield from forks.ended(bool(left))
    finally:
        forks.stop()


def _end(tests: tuple[str, ...], plugins: list[object], forks: Forks | None = None) -> NoReturn:
    """Run the tests; the process ends with pytest's exit code, whatever happens."""
    code = int(pytest.ExitCode.INTERNAL_ERROR)
    try:
        code = int(pytest.main([*OPTIONS, *tests], plugins=plugins))
        if forks:
            forks.stop()
    finally:
        os._exit(code)


def _limited() -> None:
    """A mutant may loop, or pile up what it makes: then it is ended."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
