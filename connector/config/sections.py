"""Which sections the file may have, read off the models themselves, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel


def sections(model: type[BaseModel], at: str = "") -> dict[str, type[BaseModel]]:
    """Every section below `model` by its dotted key (`account.rules.office`), `model` itself by `at`."""
    found = {at: model}
    for name, field in model.model_fields.items():
        key = f"{at}.{field.alias or name}".removeprefix(".")
        for below in _models(field.annotation):
            found |= sections(below, key)
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type speaks of, through tuples, dictionaries, options and validators."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
