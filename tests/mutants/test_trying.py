"""Forks: as many at once as asked, each ends with its own verdict, and none outlives whoever stops them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.mutants.trying import UNPATCHED, Forks, Trouble


def verdicts(codes: list[int], workers: int, folder: Path) -> dict[int, bool | None]:
    forks, found = Forks(workers, folder), {}
    for place, code in enumerate(codes):
        if forks.fork(place):
            os.write(1, b"said")
            os._exit(code)
        found.update({at: verdict.killed for at, verdict in forks.ended(place + 1 < len(codes))})
    return found


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_a_test_that_fails_has_killed(tmp_path: Path, workers: int) -> None:
    codes = [pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, UNPATCHED, pytest.ExitCode.INTERRUPTED]
    assert verdicts([int(code) for code in codes], workers, tmp_path) == {0: False, 1: True, 2: None, 3: True}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", [pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.USAGE_ERROR])
def test_where_no_test_ran_nothing_is_known(tmp_path: Path, code: pytest.ExitCode) -> None:
    with pytest.raises(Trouble, match="said"):
        verdicts([int(code)], 1, tmp_path)


def test_what_a_fork_began_ends_with_it(tmp_path: Path) -> None:
    forks, alive = Forks(1, tmp_path), tmp_path / "alive"
    if forks.fork(0):
        if os.fork() == 0:
            alive.write_text(str(os.getpid()))
        signal.pause()
        os._exit(0)
    began = time.monotonic()
    while not (alive.exists() and alive.read_text()):
        time.sleep(0.01)
        assert time.monotonic() < began + 60
    forks.stop()
    pid = int(alive.read_text())
    while Path(f"/proc/{pid}/status").exists() and "zombie" not in Path(f"/proc/{pid}/status").read_text():
        time.sleep(0.01)
        assert time.monotonic() < began + 60
