"""Methods by name: what they need and whether they write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from providers.bitrix24.sandbox.answers import Result
from providers.bitrix24.sandbox.desk import Call

Handler = Callable[[Call], Result]


@dataclass(frozen=True, slots=True)
class Method:
    """`scope` None: any token may. `app_only`: webhooks may not."""

    name: str
    run: Handler
    scope: str | None
    app_only: bool = False


METHODS: dict[str, Method] = {}
"""By lower-case name."""


def method(name: str, scope: str | None, *, app_only: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler."""

    def keep(run: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, run, scope, app_only)
        return run

    return keep
