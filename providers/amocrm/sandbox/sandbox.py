"""One pretend amoCRM account on a local port, with a clock of its own.

with Sandbox(company) as amo:
    requests.get(amo.base_url + "/api/v4/leads", headers={"Authorization": f"Bearer {amo.token()}"})
    amo.advance(later)  # more of the company's plan happens
    amo.faults.lose_answer(method="POST", path="tasks")
"""

from __future__ import annotations

import gc
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from connector.pretend.happenings import Company, Happening, Hired
from providers.amocrm.sandbox.gate import Gate
from providers.amocrm.sandbox.lists import Switches
from providers.amocrm.sandbox.replay import Replay
from providers.amocrm.sandbox.routes import Call, Routes
from providers.amocrm.sandbox.tokens import Tokens
from providers.amocrm.sandbox.wire import Asked, Outgoing, Server
from providers.amocrm.sandbox.world import World

YEARS = 5 * 365
MANY = 100_000
Mutate = Callable[["Sandbox", Call], None]


class Sandbox:
    """`written`: every write that was carried out, as {method, path, body, at, user, status}; `refused`: the others.

    `faults` bends answers, `mutate(sandbox, call)` runs after each page of a list, so that the world moves while it is
    read; `date_skew` makes the Date header lie. `transcripts`: a service writes
    down what is said in calls. Switches: see lists.Switches.
    """

    def __init__(
        self,
        company: Company,
        *,
        now: datetime | None = None,
        port: int = 0,
        paced: bool = True,
        latency: float = 0.0,
        ticking: bool = False,
        account_id: int = 31_000_001,
        transcripts: bool = False,
        **switches: Any,
    ) -> None:
        self.company, self.latency = company, latency
        self.world = World(company.zone, company.currency, account_id=account_id)
        self.mutate: Mutate | None = None
        self.date_skew = timedelta(0)
        self.requests = 0
        self._ticking, self._started, self._now = ticking, time.monotonic(), now or company.end
        self._lock = threading.RLock()
        self._replay = Replay(self.world, company, transcripts=transcripts)
        self._server = Server(port, self._handle)
        self.base_url = self.world.base = f"http://127.0.0.1:{self._server.server_port}"
        self.tokens = Tokens(account_id, lambda: int(self.now.timestamp()), lambda: self.base_url[7:])
        self._gate = Gate(self.world, self.tokens, Routes(self.world, Switches(**switches)), paced=paced)
        self._gate.after_page = self._after_page
        self.faults, self.throttle = self._gate.faults, self._gate.throttle
        self.written, self.refused = self._gate.written, self._gate.refused
        if self._replay.until(self.now) > MANY:
            self.world.settle()
            gc.freeze()  # so many rows that stay would be looked at again by every collection
        self._token = self.tokens.long_lived(self.admin, YEARS)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Sandbox:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._thread.is_alive():
            self._server.close_all()
            self._thread.join(5)
            gc.unfreeze()

    # -- time -----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The account's clock. It stands still, unless `ticking`."""
        return self._now + timedelta(seconds=time.monotonic() - self._started) if self._ticking else self._now

    @now.setter
    def now(self, at: datetime) -> None:
        self.advance(at)

    def advance(self, to: datetime) -> int:
        """Set the clock and let the plan happen up to it; going back moves only the clock. Returns what happened."""
        with self._lock:
            self._now, self._started = to, time.monotonic()
            return self._replay.until(to)

    def happen(self, *happenings: Happening) -> None:
        """Let things happen that the plan does not know, at once."""
        with self._lock:
            for happening in happenings:
                self._replay.happen(happening)

    def merge(self, deal: int, into: int) -> None:
        """A person merges two deals: one is gone without a trace in the trash, the other tells of it."""
        with self._lock:
            self.world.merge_leads(self.world.leads.rows[deal], into, int(self.now.timestamp()), self.admin)

    def purge(self, deal: int) -> None:
        """The trash is emptied of this deal."""
        with self._lock:
            self.world.purge(deal)

    # -- ways in --------------------------------------------------------------------------------------------------

    @property
    def admin(self) -> int:
        """An administrator's id."""
        users = self.world.users.values()
        return next((user.id for user in users if user.admin), 0)

    def token(self, user: int | None = None) -> str:
        """A long-lived token in clear; another user's is made anew."""
        with self._lock:
            return self._token if user is None else self.tokens.long_lived(user, YEARS)

    @property
    def options(self) -> dict[str, Any]:
        """For an account's options: a long-lived token, and who leads which group, as amoCRM does not tell."""
        return {"base_url": self.base_url, "token": SecretStr(self._token), "heads": self.heads()}

    def oauth_options(self) -> dict[str, Any]:
        """The same by OAuth; the first pair comes by `code()` or `tokens.pair(user)`."""
        return {
            "base_url": self.base_url,
            "client_id": self.tokens.client_id,
            "client_secret": SecretStr(self.tokens.client_secret),
            "redirect_uri": self.tokens.redirect_uri,
            "heads": self.heads(),
        }

    def heads(self) -> dict[str, tuple[str, ...]]:
        """Group id -> ids of those who lead it, of the company's plan."""
        found: dict[str, tuple[str, ...]] = {}
        for happening in self.company.happenings:
            if isinstance(happening, Hired) and happening.head:
                team = str(happening.team)
                found[team] = (*found.get(team, ()), str(happening.user))
        return found

    def code(self, user: int | None = None) -> str:
        """An authorisation code, as the redirect after consent would bring it."""
        with self._lock:
            return self.tokens.code(self.admin if user is None else user)

    # -- answering ------------------------------------------------------------------------------------------------

    def _handle(self, asked: Asked) -> Outgoing:
        if self.latency:
            time.sleep(self.latency)
        with self._lock:
            self.requests += 1
            self._replay.until(self.now)
            answer, rule = self._gate.answer(asked, self.now)
            at = (self.now + self.date_skew).astimezone(UTC)
        if rule is not None and rule.wait and rule.wire != "drip":
            time.sleep(rule.wait)
        wire, drip = (rule.wire, rule.wait) if rule is not None else ("whole", 0.0)
        return Outgoing(answer, at, uuid.uuid4().hex, wire, drip)

    def _after_page(self, call: Call) -> None:
        if self.mutate is not None:
            self.mutate(self, call)


def serve(company: Company, *, port: int, **switches: Any) -> None:
    """Serve until interrupted, for the command line; prints nothing, the caller tells address and token."""
    with Sandbox(company, port=port, **switches):
        threading.Event().wait()
