"""How loud trouble is told, by what whoever reads the log has to do.

INFO: nothing, it is ordinary. WARNING: look, where it stays. ERROR: it does not work until somebody does something.
"""

from __future__ import annotations

import logging

from connector.errors import Busy, KpiError, Limited, TryLater, Uncertain
from connector.redact import redact


def loudness(error: KpiError) -> int:
    """Of what ended a turn: a limit or another holder puts it off, no answer may pass by itself, all else does not."""
    if isinstance(error, Busy | Limited):
        return logging.INFO
    return logging.WARNING if isinstance(error, TryLater | Uncertain) else logging.ERROR


class Loop:
    """What looks several times a second: what it meets is told once for each cause, and once when it is over."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log, self._what = log, what
        self._cause = ""

    def met(self, error: Exception) -> None:
        """It is looked again."""
        if self._cause == type(error).__name__:
            return
        self._cause = type(error).__name__
        if isinstance(error, KpiError):
            self._log.log(loudness(error), "%s: %s", self._what, redact(str(error)))
        else:
            self._log.error("%s: unexpected", self._what, exc_info=error)

    def well(self) -> None:
        """A look that met nothing."""
        if self._cause:
            self._cause = ""
            self._log.info("%s: works again", self._what)
