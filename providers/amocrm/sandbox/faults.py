"""What may go wrong on the way, on demand: rules that match requests and then act.

A rule is made by a method of `Faults`, all with the same matching words: `path` (a regular expression searched in the
path below /api/v4 or in the whole path), `method`, `page` (only that page; `after_page`: only later ones), `nth`
(the first matching request it acts on, from 1), `times` (on how many; None for ever).
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypedDict, Unpack

from providers.amocrm.sandbox.answers import Answer, Rows, html, problem

Wire = Literal["whole", "reset", "cut", "drip", "lost"]
"""How the answer's bytes go out."""


class Match(TypedDict, total=False):
    """Which requests a rule acts on."""

    path: str
    method: str
    page: int
    after_page: int
    nth: int
    times: int | None


@dataclass(slots=True)
class Rule:
    """One fault. Exactly one of the acts is set; `seen` counts matching requests."""

    match: Match
    instead: Answer | None = None
    """Answered without doing anything; with `after` the request is carried out first."""
    after: bool = False
    reshape: str | None = None
    """A way to bend a page: shorten, repeat, loop."""
    keep: int = 0
    keep_next: bool = False
    wire: Wire = "whole"
    wait: float = 0.0
    deed: str | None = None
    """Something that happens to the account: revoke, block."""
    seen: int = field(default=0, compare=False)

    def fits(self, method: str, path: str, page: int) -> bool:
        """Whether it acts on this request; counts it if it matches."""
        match = self.match
        if match.get("method", method) != method or not re.search(match.get("path", ""), path):
            return False
        if match.get("page", page) != page or page <= match.get("after_page", 0):
            return False
        self.seen += 1
        first, times = match.get("nth", 1), match.get("times", 1)
        return self.seen >= first and (times is None or self.seen < first + times)


class Faults:
    """The rules in force. The first that fits a request acts on it."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._lock = threading.Lock()

    def pick(self, method: str, path: str, page: int) -> Rule | None:
        with self._lock:
            return next((rule for rule in list(self.rules) if rule.fits(method, path, page)), None)

    def clear(self) -> None:
        self.rules.clear()

    def _add(self, match: Match, **act: Any) -> Rule:
        rule = Rule(match, **act)
        self.rules.append(rule)
        return rule

    # -- answers --------------------------------------------------------------------------------------------------

    def status(
        self, code: int, *, after: bool = False, headers: dict[str, str] | None = None, **match: Unpack[Match]
    ) -> Rule:
        """This status as problem+json; `after`: the request was carried out all the same."""
        answer = replace(problem(code, "The sandbox was told to fail"), headers=headers or {})
        return self._add(match, instead=answer, after=after)

    def html(
        self, code: int, *, after: bool = False, headers: dict[str, str] | None = None, **match: Unpack[Match]
    ) -> Rule:
        """This status with nginx's page; html(200) is a maintenance page, html(429, headers=…) a limit."""
        return self._add(match, instead=replace(html(code), headers=headers or {}), after=after)

    def body(self, body: bytes, content_type: str = "application/hal+json", **match: Unpack[Match]) -> Rule:
        """200 with these bytes."""
        return self._add(match, instead=Answer(200, body, content_type))

    def empty(self, **match: Unpack[Match]) -> Rule:
        """200 with no body."""
        return self.body(b"", **match)

    def no_content(self, **match: Unpack[Match]) -> Rule:
        """204: as if the list ended here."""
        return self._add(match, instead=Answer(204))

    def redirect(self, to: str, code: int = 301, **match: Unpack[Match]) -> Rule:
        return self._add(match, instead=Answer(code, b"", "text/html", {"Location": to}))

    def unpaid(self, *, writes_only: bool = True, **match: Unpack[Match]) -> None:
        """402 from now on: on writes, or on everything."""
        for method in ("POST", "PATCH", "DELETE") if writes_only else ("POST", "PATCH", "DELETE", "GET"):
            asked = Match(method=method, path=match.get("path", "api/v4"), times=match.get("times"))
            self._add(asked, instead=problem(402, "Payment is required"))

    # -- pages ----------------------------------------------------------------------------------------------------

    def shorten(self, keep: int, *, keep_next: bool = False, **match: Unpack[Match]) -> Rule:
        """Valid JSON with the first `keep` rows only; the link to the next page goes unless kept."""
        return self._add(match, reshape="shorten", keep=keep, keep_next=keep_next)

    def only(self, rows: int, path: str) -> None:
        """The whole list seems to have these few rows, from now on."""
        self.shorten(rows, path=path, page=1, times=None, method="GET")
        self.no_content(path=path, after_page=1, times=None, method="GET")

    def repeat_page(self, **match: Unpack[Match]) -> Rule:
        """The rows of the page before once more."""
        return self._add(match, reshape="repeat")

    def loop_next(self, **match: Unpack[Match]) -> Rule:
        """`next` points to the page itself."""
        return self._add(match, reshape="loop")

    # -- the wire -------------------------------------------------------------------------------------------------

    def reset(self, **match: Unpack[Match]) -> Rule:
        """The connection is reset in the middle of the body."""
        return self._add(match, wire="reset")

    def cut(self, **match: Unpack[Match]) -> Rule:
        """Half the body without a promised length, then an orderly close: looks whole to a careless client."""
        return self._add(match, wire="cut")

    def drip(self, wait: float, **match: Unpack[Match]) -> Rule:
        """A few bytes at a time, spread over so many seconds."""
        return self._add(match, wire="drip", wait=wait)

    def lose_answer(self, **match: Unpack[Match]) -> Rule:
        """The request is carried out, then the connection drops without a byte."""
        return self._add(match, wire="lost")

    def delay(self, wait: float, **match: Unpack[Match]) -> Rule:
        return self._add(match, wait=wait)

    # -- the account ----------------------------------------------------------------------------------------------

    def revoke(self, **match: Unpack[Match]) -> Rule:
        """Every token dies just before this request."""
        return self._add(match, deed="revoke")

    def block(self, **match: Unpack[Match]) -> Rule:
        """The address is blocked from this request on: 403 HTML for everything."""
        return self._add(match, deed="block")


def bend(rule: Rule, rows: Rows, before: Rows | None) -> Rows:
    """A page as the rule wants it; `before` is the page before, where there is one."""
    if rule.reshape == "shorten":
        return replace(rows, rows=rows.rows[: rule.keep], more=rows.more and rule.keep_next)
    if rule.reshape == "repeat" and before is not None:
        return replace(rows, rows=before.rows)
    if rule.reshape == "loop":
        return replace(rows, more=True, next_page=rows.page)
    return rows
