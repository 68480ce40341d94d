"""A process that was told to ends itself at that very step, and no other does."""

from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

from connector import crash

FORK = multiprocessing.get_context("fork")


@pytest.mark.parametrize("told", [None, "", "kill", "kill:", "kill:0", "kill:-1", "KILL:3", "stop:3"])
def test_whatever_else_is_said_switches_it_off(told: str | None) -> None:
    crash.arm(told)
    assert not crash.armed()
    crash.step()


@pytest.mark.parametrize(("n", "steps", "code"), [(3, 3, -signal.SIGKILL), (3, 2, 0)])
def test_it_ends_at_the_nth_step(n: int, steps: int, code: int) -> None:
    def work() -> None:
        crash.arm(f"kill:{n}")
        for _ in range(steps):
            crash.step("whatever", "a listener is given")
        os._exit(0)

    child = FORK.Process(target=work)
    child.start()
    child.join(30)
    assert child.exitcode == code
