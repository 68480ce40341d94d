"""One pretend amoCRM account on a local port, with a clock of its own.

with Sandbox(company) as amo:
    requests.get(amo.base_url + "/api/v4/leads", headers={"Authorization": f"Bearer {amo.token()}"})
    amo.advance(later)                      # more of the company's plan happens
    amo.faults.lose_answer(method="POST", path="tasks")
"""

from __future__ import annotations

import gc
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from pydantic import SecretStr

from connector.pretend.happenings import Company, Happening, Hired
from providers.amocrm.sandbox.answers import Answer, Rows, invalid, problem
from providers.amocrm.sandbox.faults import Faults, Rule, bend
from providers.amocrm.sandbox.items import Invalid
from providers.amocrm.sandbox.limits import Throttle
from providers.amocrm.sandbox.lists import Switches
from providers.amocrm.sandbox.query import BadQuery, Query, parse
from providers.amocrm.sandbox.replay import Replay
from providers.amocrm.sandbox.routes import Call, Routes
from providers.amocrm.sandbox.tokens import Tokens
from providers.amocrm.sandbox.wire import Asked, Outgoing, Server
from providers.amocrm.sandbox.world import World

API, TOKEN, SUBDOMAIN = "/api/v4/", "/oauth2/access_token", "/oauth2/account/current/subdomain"
YEARS = 5 * 365
MANY = 100_000
Mutate = Callable[["Sandbox", Call], None]


class Sandbox:
    """`written`: every write that was carried out, as {method, path, body, at, user, status}; `refused`: the others.

    `faults` bends answers, `mutate(sandbox, call)` runs after each page of a list, so that the world moves while it is
    read; `date_skew` makes the Date header lie. Switches: see lists.Switches.
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
        **switches: Any,
    ) -> None:
        self.company, self.latency = company, latency
        self.world = World(company.zone, company.currency, account_id=account_id)
        self.faults, self.throttle = Faults(), Throttle(paced=paced)
        self.mutate: Mutate | None = None
        self.date_skew = timedelta(0)
        self.written: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.requests = 0
        self._ticking, self._started, self._now = ticking, time.monotonic(), now or company.end
        self._lock = threading.RLock()
        self._replay = Replay(self.world, company)
        self._routes = Routes(self.world, Switches(**switches))
        self._server = Server(port, self._handle)
        self.base_url = self.world.base = f"http://127.0.0.1:{self._server.server_port}"
        self.tokens = Tokens(account_id, lambda: int(self.now.timestamp()), lambda: self.base_url[7:])
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
        path, _, text = asked.target.partition("?")
        if self.latency:
            time.sleep(self.latency)
        with self._lock:
            self.requests += 1
            self._replay.until(self.now)
            query = parse(text)
            answer, rule = self._guarded(asked, path, query)
            at = (self.now + self.date_skew).astimezone(UTC)
        if rule is not None and rule.wait and rule.wire != "drip":
            time.sleep(rule.wait)
        wire, drip = (rule.wire, rule.wait) if rule is not None else ("whole", 0.0)
        return Outgoing(answer, at, uuid.uuid4().hex, wire, drip)

    def _guarded(self, asked: Asked, path: str, query: Query) -> tuple[Answer, Rule | None]:
        """Through the limits and the faults."""
        stop = self.throttle.stop(counts=path.startswith("/api/"))
        if stop is not None:
            return stop, None
        rule = self.faults.pick(asked.method, path, _page(query))
        if rule is not None and rule.deed == "revoke":
            self.tokens.revoke()
        if rule is not None and rule.deed == "block":
            self.throttle.blocked = True
            return self._guarded(asked, path, query)
        if rule is not None and rule.instead is not None and not rule.after:
            return rule.instead, rule
        answer = self._answer(asked, path, query, rule)
        return (rule.instead if rule is not None and rule.instead is not None else answer), rule

    def _answer(self, asked: Asked, path: str, query: Query, rule: Rule | None) -> Answer:
        if path == TOKEN:
            return self.tokens.exchange(_form(asked)) if asked.method == "POST" else problem(405, "POST only")
        if path == SUBDOMAIN:
            return self.tokens.subdomain(asked.headers.get("x-refresh-token", ""))
        if not path.startswith(API):
            return problem(404, f"Cannot {asked.method} {path}")
        user = self._user(asked)
        if user is None:
            return problem(401, "Unauthorized")
        try:
            body = msgspec.json.decode(asked.body) if asked.body else None
            return self._called(self._call(asked, path, query, body, user), rule)
        except msgspec.DecodeError:
            return problem(400, "The body is not valid JSON")
        except BadQuery:
            return problem(400, "page and limit are positive numbers")
        except Invalid as error:
            self._log(self._call(asked, path, query, body, user), 400)
            return invalid(error.errors)

    def _call(self, asked: Asked, path: str, query: Query, body: Any, user: int) -> Call:
        known = self.world.users.get(user)
        admin = known is not None and known.admin
        return Call(asked.method, path[len(API) :].strip("/"), query, body, user, admin, self.now)

    def _called(self, call: Call, rule: Rule | None) -> Answer:
        reply = self._routes.answer(call)
        if isinstance(reply, Rows):
            if rule is not None and rule.reshape is not None:
                reply = bend(rule, reply, self._page_before(call))
            answer = reply.answer()
            if self.mutate is not None:
                self.mutate(self, call)
            return answer
        if call.method != "GET":
            self._log(call, reply.status)
        return reply

    def _page_before(self, call: Call) -> Rows | None:
        if call.query.page < 2:
            return None
        query = parse(call.query.at_page(call.query.page - 1))
        reply = self._routes.answer(Call(call.method, call.path, query, None, call.user, call.admin, call.now))
        return reply if isinstance(reply, Rows) else None

    def _user(self, asked: Asked) -> int | None:
        """The token's user, or the one an administrator's token speaks for."""
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        user = self.tokens.who(token.strip()) if kind.lower() == "bearer" else None
        context = asked.headers.get("x-context-user-id")
        if user is None or context is None:
            return user
        known, other = self.world.users.get(user), self.world.users.get(int(context) if context.isdigit() else -1)
        return other.id if known is not None and known.admin and other is not None and other.active else None

    def _log(self, call: Call, status: int) -> None:
        row = {
            "method": call.method,
            "path": API + call.path,
            "body": call.body,
            "at": self.now,
            "user": call.user,
            "status": status,
        }
        (self.written if status < 300 else self.refused).append(row)


def _page(query: Query) -> int:
    try:
        return query.page
    except BadQuery:
        return 1


def _form(asked: Asked) -> Mapping[str, Any]:
    """JSON or a form: the documentation shows one, the official SDK sends the other."""
    if "json" in asked.headers.get("content-type", ""):
        try:
            found = msgspec.json.decode(asked.body)
        except msgspec.DecodeError:
            return {}
        return found if isinstance(found, dict) else {}
    return dict(parse_qsl(asked.body.decode("utf-8", "replace")))


def serve(company: Company, *, port: int, **switches: Any) -> None:
    """Serve until interrupted, for the command line; prints nothing, the caller tells address and token."""
    with Sandbox(company, port=port, **switches):
        threading.Event().wait()
