"""`amocrm-api` carries the calls: its interaction layer over our connection, our tokens, our addresses.

What it does here: builds the address and the headers, joins `with`, sends through the session it is given and decodes
the body. What it would do wrong never reaches it, as `Courier` hands over good answers only: the README lists it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.http import Answer, Http, Kind
from providers.amocrm.auth import Access
from providers.amocrm.verdict import ACCEPTED

_present = list(logging.getLogger("amocrm").handlers)
from amocrm.v2.interaction import BaseInteraction  # noqa: E402

for _added in [handler for handler in logging.getLogger("amocrm").handlers if handler not in _present]:
    logging.getLogger("amocrm").removeHandler(_added)  # importing it must not make the program write to stderr


class Interaction(BaseInteraction):  # type: ignore[misc]  # the library has no types
    """The library's request path, at the account's own address instead of {subdomain}.amocrm.ru."""

    def __init__(self, access: Access, courier: Courier) -> None:
        super().__init__(token_manager=access, session=courier, headers={})
        self._base = access.base

    def _get_url(self, path: str) -> str:
        return f"{self._base}/api/v4/{path}"


@dataclass(slots=True)
class Reply:
    """As much of a requests.Response as the library looks at."""

    answer: Answer

    @property
    def status_code(self) -> int:
        return self.answer.status

    @property
    def text(self) -> str:
        return self.answer.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return None if self.answer.status == ACCEPTED else self.answer.json()


@dataclass(slots=True)
class Courier:
    """What the library takes for a requests.Session; good for one call, whose answer it keeps."""

    http: Http
    access: Access
    kind: Kind
    token: str = ""
    """The last token that was sent."""
    answer: Answer | None = None

    def request(self, method: str, url: str, json: Any, params: Any, headers: Mapping[str, str]) -> Reply:
        """The token is taken anew for each try: it may change while the account is held back."""

        def fresh() -> Mapping[str, str]:
            self.token = self.access.get_access_token()
            return {**headers, "Authorization": f"Bearer {self.token}"}

        self.answer = self.http.call(method.upper(), url, kind=self.kind, json=json, params=params, headers=fresh)
        return Reply(self.answer)
