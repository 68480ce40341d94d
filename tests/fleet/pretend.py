"""A provider for whole processes of a fleet: quick, slow, broken or held accounts, and a diary of what they did.

`provider = "tests.fleet.pretend"` loads it in any process. An account's diary is a file of lines `PID what moment`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from connector.errors import Unreachable
from connector.provider import Account, Kit, Page
from connector.records import Deal, Pipeline, Stage
from connector.testing import FakeProvider, World


class Options(BaseModel):
    """How this account behaves."""

    folder: Path
    sort: Literal["quick", "slow", "broken", "held"] = "quick"
    seconds: float = 0.0
    """How long each turn's first question takes, or how long a slow one's page."""


class Pretend(FakeProvider):
    """A world with one deal, which is named for the process that reads it."""

    def __init__(self, kit: Kit) -> None:
        world = World(datetime.now(UTC).replace(microsecond=0))
        at = world.now
        world.put(Pipeline(id="1", name="Sales", updated_at=at))
        world.put(Stage(id="1/1", name="New", pipeline_id="1", updated_at=at))
        world.put(Deal(id=f"by{os.getpid()}", created_at=at, pipeline_id="1", stage_id="1/1", updated_at=at))
        super().__init__(world)
        self.options: Options = kit.options
        self.name = kit.account

    def note(self, what: str) -> None:
        with (self.options.folder / self.name).open("a") as diary:
            diary.write(f"{os.getpid()} {what} {time.time()}\n")

    def account(self) -> Account:
        self.note("began")
        if self.options.sort == "broken":
            raise Unreachable("no answer", where=self.name)
        time.sleep(self.options.seconds if self.options.sort == "quick" else 0)
        return super().account()

    def pull(self, kind: type[Any], cursor: str | None) -> Iterator[Page]:
        if kind is Deal and self.options.sort == "held":
            self.hold()
        for page in super().pull(kind, cursor):
            if kind is Deal and self.options.sort == "slow":
                time.sleep(self.options.seconds)
            yield page
        if kind is Deal:
            self.note("read")

    def hold(self) -> None:
        """Until a file says go; the first one only."""
        self.note("holds")
        while not (self.options.folder / "go").exists():
            time.sleep(0.02)


def connect(kit: Kit) -> Pretend:
    return Pretend(kit)
