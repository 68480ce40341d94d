"""Answers in amoCRM's shapes: pages, problems, validation errors, and the HTML of the machines in front of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from providers.amocrm.sandbox.query import Query

HAL = "application/hal+json"
PROBLEM = "application/problem+json"
HTML = "text/html; charset=utf-8"
_TITLES = {
    400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 422: "Unprocessable Entity", 426: "Upgrade Required", 429: "Too Many Requests",
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out",
}  # fmt: skip


@dataclass(slots=True)
class Answer:
    """What goes out."""

    status: int
    body: bytes = b""
    content_type: str = HAL
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Rows:
    """A page of a list before it is bytes, so that faults can bend it."""

    key: str
    rows: list[bytes]
    query: Query
    url: str
    more: bool
    page: int
    totals: dict[str, int] = field(default_factory=dict)
    next_page: int | None = None
    """Where `next` points if not to the following page."""

    def answer(self) -> Answer:
        """204 where there is nothing, as amoCRM has it."""
        if not self.rows:
            return Answer(204)
        links = {"self": self._link(self.page)}
        if self.more:
            links["next"] = self._link(self.next_page or self.page + 1)
        if self.page > 1:
            links |= {"first": self._link(1), "prev": self._link(self.page - 1)}
        if self.key == "custom_fields":
            links["last"] = self._link(self.totals["_page_count"])
        head = msgspec.json.encode({**self.totals, "_page": self.page, "_links": links})
        return Answer(
            200, b"".join((head[:-1], b',"_embedded":{"', self.key.encode(), b'":[', b",".join(self.rows), b"]}}"))
        )

    def _link(self, page: int) -> dict[str, str]:
        return {"href": f"{self.url}?{self.query.at_page(page)}"}


def good(data: Any, status: int = 200) -> Answer:
    """A JSON body."""
    return Answer(status, msgspec.json.encode(data))


def whole(key: str, rows: list[Any], url: str) -> Answer:
    """A list that has no pages."""
    if not rows:
        return Answer(204)
    return good({"_total_items": len(rows), "_links": {"self": {"href": url}}, "_embedded": {key: rows}})


def written(key: str, rows: list[Any], url: str, status: int = 200, *, total: bool = False) -> Answer:
    """What a batch write answers."""
    head: dict[str, Any] = {"_total_items": len(rows)} if total else {}
    return good({**head, "_links": {"self": {"href": url}}, "_embedded": {key: rows}}, status)


def problem(status: int, detail: str, **more: Any) -> Answer:
    """problem+json."""
    body = {
        "title": _TITLES.get(status, "Error"),
        "type": f"https://httpstatus.es/{status}",
        "status": status,
        "detail": detail,
    }
    return Answer(status, msgspec.json.encode(body | more), PROBLEM)


def invalid(errors: list[tuple[str, list[dict[str, str]]]]) -> Answer:
    """HTTP 400 with the offending items by request_id; nothing of the batch was done."""
    items = [{"request_id": request_id, "errors": found} for request_id, found in errors]
    return problem(400, "Request validation failed", **{"validation-errors": items})


def html(status: int, words: str = "") -> Answer:
    """What nginx says instead of the application."""
    title = f"{status} {_TITLES.get(status, 'Error')}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        f"{words}<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(status, page.encode(), HTML)
