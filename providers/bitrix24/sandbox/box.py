"""The sandbox itself: one company's portal on a local port, with a clock that is moved by hand."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from connector.pretend.happenings import Company, Happening
from providers.bitrix24.sandbox import faults as wrong
from providers.bitrix24.sandbox.answers import RestError
from providers.bitrix24.sandbox.desk import Desk
from providers.bitrix24.sandbox.gate import SECRET, Gate, Reply, json_reply
from providers.bitrix24.sandbox.oauth import OAuth
from providers.bitrix24.sandbox.php import Params
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.server import Request, Server
from providers.bitrix24.sandbox.switches import Switches
from providers.bitrix24.sandbox.views.shelf import Shelf
from providers.bitrix24.sandbox.world import World


class Sandbox:
    """Bitrix24 REST v2 over a pretend company. Use as a context manager; further `switches` are in `Switches`.

    `now` may be moved forward only, by `advance`. `mutate` is called between requests and may edit the world while it
    is being read. `written` lists every write carried out: {"method", "params", "at", "changed"}.
    """

    def __init__(
        self,
        company: Company,
        *,
        now: datetime | None = None,
        port: int = 0,
        paced: bool = True,
        latency: float = 0.0,
        monotonic: Callable[[], float] = time.monotonic,
        **switches: Any,
    ) -> None:
        self.company, self.latency = company, latency
        self.switches = Switches(paced=paced, **switches)
        self.portal = Portal(
            company,
            now or company.end,
            classic=self.switches.mode == "classic",
            money_refunds=self.switches.money_refunds,
        )
        self.world = World(company, self.portal)
        self.world.advance(self.portal.now)
        self.faults = wrong.Faults()
        self.oauth = OAuth(lambda: self.portal.now)
        shelf = Shelf(self.portal, history_text=self.switches.history_text)
        self.desk = Desk(self.portal, shelf, self.switches, self.oauth)
        self.gate = Gate(self.desk, self.oauth, self.faults, monotonic, between=self._between)
        self.mutate: Callable[[Sandbox], None] | None = None
        self._server = Server(port, self._answer, lambda: self.portal.now.astimezone(UTC))
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.oauth.base_url, self.oauth.redirect_uri = self.base_url, f"{self.base_url}/application/"

    def __enter__(self) -> Sandbox:
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving."""
        self._server.stop()

    @property
    def now(self) -> datetime:
        """The portal's clock."""
        return self.portal.now

    @property
    def written(self) -> list[dict[str, Any]]:
        """Every write carried out so far."""
        return self.desk.written

    @property
    def requests(self) -> int:
        """REST requests that came, the refused ones too."""
        return self.gate.requests

    @property
    def webhook(self) -> str:
        """`USER/SECRET` of the incoming webhook."""
        return f"{self.portal.integration}/{SECRET}"

    @property
    def webhook_url(self) -> str:
        """The webhook as the portal shows it to its owner."""
        return f"{self.base_url}/rest/{self.webhook}/"

    @property
    def options(self) -> dict[str, Any]:
        """For AccountSettings.options, with the webhook."""
        return {"base_url": self.base_url, "webhook": SecretStr(self.webhook)}

    def oauth_options(self) -> dict[str, Any]:
        """For AccountSettings.options, as a local application."""
        return {
            "base_url": self.base_url,
            "client_id": self.oauth.client_id,
            "client_secret": SecretStr(self.oauth.client_secret),
            "auth_server": self.base_url,
        }

    def advance(self, to: datetime) -> None:
        """Let time pass, and with it all that the plan has up to then."""
        with self.gate.lock:
            if to < self.portal.now:
                raise ValueError("time goes forward only")
            self.world.advance(to)
            self.portal.now = to

    def happen(self, *happenings: Happening) -> None:
        """Let these happen on top of the plan."""
        with self.gate.lock:
            self.world.happen(*happenings)

    def revoke(self) -> None:
        """The webhook is deleted, the application removed."""
        with self.gate.lock:
            self.gate.revoked = True
            self.oauth.revoke()

    def _between(self) -> None:
        if self.mutate is not None:
            self.mutate(self)

    def _answer(self, request: Request) -> tuple[Reply, list[wrong.Way]]:
        """Route; what stands in front of the portal may answer in its place."""
        if self.latency:
            time.sleep(self.latency)
        parts = [part for part in request.path.split("/") if part]
        if parts[:1] == ["oauth"]:
            return self._authorisation(parts[1:], request), self.faults.way("oauth")
        if parts[:2] == ["rest", "api"]:
            return json_reply(_V3_UNKNOWN, 404), []
        if parts[:1] != ["rest"] or len(parts) < 2:
            return Reply(404, wrong.HTML.encode(), "text/html"), []
        parts[-1] = parts[-1].removesuffix(".json").removesuffix(".xml")
        ways = self.faults.way(parts[-1])
        for way in ways:
            if isinstance(way, wrong.Status):
                return Reply(way.status, way.body.encode(), way.content_type, way.headers), []
            if isinstance(way, wrong.Redirect):
                return _moved(way.host, request.target), []
        return self.gate.rest(parts[1:], Params(dict(request.params))), ways

    def _authorisation(self, parts: list[str], request: Request) -> Reply:
        """The authorisation server's own paths: /oauth/authorize/ and /oauth/token/."""
        with self.gate.lock:
            try:
                if parts == ["authorize"]:
                    where = self.oauth.authorize(request.params, self.portal.integration)
                    return Reply(302, b"", "text/html", (("Location", where),))
                if parts == ["token"]:
                    return json_reply(self.oauth.token(request.params))
            except RestError as error:
                return json_reply(error.body(), error.status)
        return Reply(404, wrong.HTML.encode(), "text/html")


_V3_UNKNOWN = {
    "error": {
        "code": "BITRIX_REST_V3_EXCEPTION_METHODNOTFOUNDEXCEPTION",
        "message": "Method not found",
        "validation": [],
    }
}


def _moved(host: str, target: str) -> Reply:
    parts = urlsplit(host)
    where = f"{parts.scheme}://{parts.netloc}{target}"
    return Reply(302, b"<html>302 Found</html>", "text/html", (("Location", where),))


def serve(company: Company, *, port: int, announce: Callable[[Sandbox], None] | None = None, **switches: Any) -> None:
    """Serve until interrupted, for the command line; `announce` is told when the port is open."""
    with Sandbox(company, port=port, **switches) as sandbox:
        gc.freeze()  # the rows live as long as the process: the collector need not walk them
        if announce is not None:
            announce(sandbox)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return
