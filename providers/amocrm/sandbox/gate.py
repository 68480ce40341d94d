"""A request's way through the account: limits, faults, token, route, faults again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from providers.amocrm.sandbox.answers import Answer, Rows, invalid, problem
from providers.amocrm.sandbox.faults import Faults, Rule, bend
from providers.amocrm.sandbox.items import Invalid
from providers.amocrm.sandbox.limits import Throttle
from providers.amocrm.sandbox.query import BadQuery, Query, parse
from providers.amocrm.sandbox.routes import Call, Routes
from providers.amocrm.sandbox.tokens import Tokens
from providers.amocrm.sandbox.wire import Asked
from providers.amocrm.sandbox.world import World

API, TOKEN, SUBDOMAIN = "/api/v4/", "/oauth2/access_token", "/oauth2/account/current/subdomain"


@dataclass(frozen=True, slots=True)
class Request:
    """A request, taken apart, and the account's moment."""

    asked: Asked
    path: str
    query: Query
    now: datetime


class Gate:
    """Answers requests, one at a time. `after_page` runs after each page of a list."""

    def __init__(self, world: World, tokens: Tokens, routes: Routes, *, paced: bool) -> None:
        self.faults, self.throttle = Faults(), Throttle(paced=paced)
        self.written: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.after_page: Callable[[Call], None] = lambda call: None
        self._world, self._tokens, self._routes = world, tokens, routes

    def answer(self, asked: Asked, now: datetime) -> tuple[Answer, Rule | None]:
        """The answer, and the rule that says how it travels."""
        path, _, text = asked.target.partition("?")
        return self._guarded(Request(asked, path, parse(text), now))

    def _guarded(self, request: Request) -> tuple[Answer, Rule | None]:
        stop = self.throttle.stop(counts=request.path.startswith("/api/"))
        if stop is not None:
            return stop, None
        rule = self.faults.pick(request.asked.method, request.path, _page(request.query))
        if rule is None:
            return self._answer(request, None), None
        if rule.deed == "revoke":
            self._tokens.revoke()
        if rule.deed == "block":
            self.throttle.blocked = True
            return self._guarded(request)
        if rule.instead is not None and not rule.after:
            return rule.instead, rule
        answer = self._answer(request, rule)
        return rule.instead or answer, rule

    def _answer(self, request: Request, rule: Rule | None) -> Answer:
        asked = request.asked
        if request.path == TOKEN:
            return self._tokens.exchange(_form(asked)) if asked.method == "POST" else problem(405, "POST only")
        if request.path == SUBDOMAIN:
            return self._tokens.subdomain(asked.headers.get("x-refresh-token", ""))
        if not request.path.startswith(API):
            return problem(404, f"Cannot {asked.method} {request.path}")
        user = self._user(asked)
        if user is None:
            return problem(401, "Unauthorized")
        try:
            return self._called(self._call(request, user), rule)
        except msgspec.DecodeError:
            return problem(400, "The body is not valid JSON")
        except BadQuery:
            return problem(400, "page and limit are positive numbers")

    def _call(self, request: Request, user: int) -> Call:
        asked, known = request.asked, self._world.users.get(user)
        body = msgspec.json.decode(asked.body) if asked.body else None
        admin = known is not None and known.admin
        return Call(asked.method, request.path[len(API) :].strip("/"), request.query, body, user, admin, request.now)

    def _called(self, call: Call, rule: Rule | None) -> Answer:
        try:
            reply = self._routes.answer(call)
        except Invalid as error:
            reply = invalid(error.errors)
        if isinstance(reply, Answer):
            if call.method != "GET":
                self._log(call, reply.status)
            return reply
        if rule is not None and rule.reshape is not None:
            reply = bend(rule, reply, self._page_before(call))
        answer = reply.answer()
        self.after_page(call)
        return answer

    def _page_before(self, call: Call) -> Rows | None:
        if call.query.page < 2:
            return None
        reply = self._routes.answer(replace(call, query=parse(call.query.at_page(call.query.page - 1))))
        return reply if isinstance(reply, Rows) else None

    def _user(self, asked: Asked) -> int | None:
        """The token's user, or the one an administrator's token speaks for."""
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        user = self._tokens.who(token.strip()) if kind.lower() == "bearer" else None
        context = asked.headers.get("x-context-user-id")
        if user is None or context is None:
            return user
        known, other = self._world.users.get(user), self._world.users.get(int(context) if context.isdigit() else -1)
        return other.id if known is not None and known.admin and other is not None and other.active else None

    def _log(self, call: Call, status: int) -> None:
        row = {
            "method": call.method,
            "path": API + call.path,
            "body": call.body,
            "at": call.now,
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
