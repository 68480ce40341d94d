"""KPI_FAULT=kill:n - the process kills itself at its n-th step: a database statement, a commit, a call to a CRM.

For the tests that prove that a kill anywhere harms nothing (docs/reliability.md). Off unless asked for; then a step
costs one comparison, and the database is not listened to at all.
"""

from __future__ import annotations

import os
import re
import signal
import threading

_TOLD = re.compile(r"kill:([1-9]\d*)")
_lock = threading.Lock()
_left: int | None = None


def arm(told: str | None) -> None:
    """`kill:n`; None, or anything else, switches it off."""
    global _left
    match = _TOLD.fullmatch(told or "")
    _left = int(match[1]) if match else None


def armed() -> bool:
    """Whether some step will be the last one."""
    return _left is not None


def step(*_: object) -> None:
    """Another step; takes whatever a listener is given. SIGKILL, so that nothing is tidied up."""
    global _left
    if _left is None:
        return
    with _lock:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
