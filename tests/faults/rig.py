"""A small account and its CRM, what goes wrong between them, and the quiet run after which all must be as it should.

rig = open_rig(crm)     # the store as it was at HALF, the CRM a day further
rig.wrong(amocrm=lambda faults: faults.reset(path="leads"), bitrix24=lambda faults: faults.add(Reset(), "batch"))
ended = rig.run()       # under the fault; an error is a value
rig.settle()            # no faults, one incremental run, invariants I1-I8
"""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connector.app import Desk, desk
from connector.cli.demo import account, sandbox_module
from connector.config import AccountSettings, Settings
from connector.http import Http
from connector.pipeline.bench import Ended, Workbench, each
from connector.pipeline.reading import sweep_and_derive, sync_and_derive
from connector.records import Removal
from connector.redact import RedactingFilter
from connector.store import accounts
from connector.store.accounts import ACCOUNT
from connector.testing import FakeProvider
from tests.faults.company import END, HALF, company
from tests.pipeline import shop

CRMS = ("amocrm", "bitrix24")
KEY = base64.urlsafe_b64encode(b"the rig's own key, 32 bytes long")[:44].decode()
NEIGHBOUR = "neighbour"
Part = Callable[[Workbench], Any]
Bend = Callable[[Any], Any]


@dataclass(slots=True)
class Rig:
    """`slept`: every pause that was asked for, seconds; none was taken. `ended`: how each run came out."""

    crm: str
    box: Any
    desk: Desk
    bench: Workbench
    neighbour: Workbench
    told: io.StringIO
    folder: Path
    slept: list[float] = field(default_factory=list)
    ended: list[Ended[Any]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    """Requests that each run sent, tries that failed included."""
    golden: Any = None
    """What an undisturbed run comes to; None where the world is another one than that was counted of."""

    def wrong(self, **bends: Bend) -> None:
        """Switch faults on, in the words of each sandbox: a function of its `faults` by the CRM's name."""
        bends[self.crm](self.box.faults)

    def run(self, part: Part = sync_and_derive, *, neighbour: bool = False) -> Ended[Any]:
        """One run of this account; with `neighbour` another one in the same store takes its turn after it."""
        before = self.box.requests
        [ended] = each([self.bench], part)
        self.asked.append(self.box.requests - before)
        self.ended.append(ended)
        if neighbour:
            self.pass_on()
        return ended

    def pass_on(self) -> None:
        """Another account in the same store takes its turn."""
        [other] = each([self.neighbour], sync_and_derive)
        assert other.error is None, f"I7 one account's trouble is another's: {other.error}"

    def settle(self, part: Part = sync_and_derive) -> None:
        """All is well again: one incremental run (Bitrix24 tells of no deletion: a sweep too), then the invariants."""
        from tests.faults import invariants

        self.box.faults.clear()
        self.quiet(part)
        invariants.check(self)

    def quiet(self, part: Part = sync_and_derive) -> Any:
        """A run that must go well; what it came to."""
        value = self.well(part)
        if Removal not in self.bench.provider.can.kinds:
            self.well(sweep_and_derive)
        return value

    def well(self, part: Part = sync_and_derive) -> Any:
        """A run that must go well, without anything left unread."""
        ended = self.run(part)
        assert ended.error is None, ended.error
        assert not getattr(ended.value, "problems", []), ended.value
        return ended.value

    def https(self) -> list[Http]:
        """Whatever the provider calls through."""
        return [one for one in _reach(self.bench.provider, 4) if isinstance(one, Http)]

    def errors(self) -> list[str]:
        """What a person was shown, run by run."""
        shown = [str(end.error) for end in self.ended if end.error is not None]
        return shown + [text for end in self.ended for text in getattr(end.value, "problems", [])]


def _reach(thing: Any, depth: int) -> Iterator[Any]:
    """An object and what hangs on it, a few steps deep."""
    yield thing
    if depth and type(thing).__module__.startswith(("providers.", "connector.http")):
        slots = getattr(type(thing), "__slots__", ())
        names = [*getattr(thing, "__dict__", {}), *slots]
        for name in names:
            yield from _reach(getattr(thing, name, None), depth - 1)


@contextmanager
def opened(
    crm: str, url: str, folder: Path, *, now: datetime = END, writeback: str = "off", **more: Any
) -> Iterator[Rig]:
    """A rig over the database at `url`, whatever it holds. `more`: `options` is a function of the sandbox that gives
    the account's options, `environ` further variables, `settings` further keys; the rest are the sandbox's switches.
    """
    environ, options = more.pop("environ", {}), more.pop("options", lambda box: box.options)
    extra = more.pop("settings", {})
    with ExitStack() as stack:
        box = stack.enter_context(sandbox_module(crm).Sandbox(company(), now=HALF, paced=False, **more))
        box.advance(now)
        told = account(crm, box, box.company, writeback) | {"name": crm, "options": options(box), "rates": {}} | extra
        settings = Settings.model_validate({"store": {"url": url}, "account": [told]})
        logged = stack.enter_context(everything_told())
        made = stack.enter_context(
            desk(folder / "config.toml", {"KPI_KEY": KEY, **environ}, settings=settings, clock=lambda: box.now)
        )
        slept: list[float] = []
        made.sleep = slept.append
        follow(made, crm, box)
        bench = made.open(settings.account[0])
        yield Rig(crm, box, made, bench, neighbour(made), logged, folder, slept)


@contextmanager
def everything_told() -> Iterator[io.StringIO]:
    """Every line at DEBUG, masked as in production, urllib3's own too."""
    told, root, loud = io.StringIO(), logging.getLogger(), logging.getLogger("urllib3")
    levels = root.level, loud.level
    handler = logging.StreamHandler(told)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    loud.setLevel(logging.DEBUG)
    try:
        yield told
    finally:
        root.removeHandler(handler)
        root.setLevel(levels[0])
        loud.setLevel(levels[1])


def follow(made: Desk, crm: str, box: Any) -> None:
    """The sandbox has another port than the one the store was filled from.

    Bitrix24's account is named by its host for a webhook; for an application it is found out anew.
    """
    host = box.base_url.partition("://")[2]
    values: dict[str, str | None] = {"host": host}
    if crm == "bitrix24":
        values["remote_id"] = host if "webhook" in made.settings.account[0].options else None
    with made.store.write() as conn:
        conn.execute(ACCOUNT.update().where(ACCOUNT.c.name == crm, ACCOUNT.c.remote_id.is_not(None)).values(**values))


def neighbour(made: Desk) -> Workbench:
    """Another account in the same store, of a CRM in memory."""
    with made.store.write() as conn:
        number = accounts.enroll(conn, NEIGHBOUR, "fake")
    told = {"name": NEIGHBOUR, "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB"}
    return Workbench(
        AccountSettings.model_validate(told), made.store, number, FakeProvider(shop.world()), lambda: datetime.now(UTC)
    )
