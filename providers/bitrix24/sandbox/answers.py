"""What a method gives back: a result with its paging, or an error by code and status as the vendor's table has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class RestError(Exception):
    """An answer with `error`; codes may be text, a number or empty, as on a real portal."""

    def __init__(self, code: str | int, description: str, status: int = 400) -> None:
        super().__init__(f"{code}: {description}")
        self.code, self.description, self.status = code, description, status

    def body(self) -> dict[str, Any]:
        """The v2 error envelope; a batch puts the same map under the command's key."""
        return {"error": self.code, "error_description": self.description}


@dataclass(slots=True)
class Result:
    """`total` only where the method counts, `next` only where another page follows."""

    value: Any
    total: int | None = None
    next: int | None = None


def not_found() -> RestError:
    """The universal methods' word for a missing item."""
    return RestError("NOT_FOUND", "Элемент не найден")


def not_there() -> RestError:
    """The old methods' word for a missing item: no code at all."""
    return RestError("", "Not found")


def required(name: str) -> RestError:
    """A missing parameter of a new-style controller."""
    return RestError(100, f"Could not find value for parameter {{{name}}}")
