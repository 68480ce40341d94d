"""Templates into HTML: whatever comes from a CRM is text, never markup."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connector.kpi.text import Language
from connector.web.words import WORDS

HOME = Path(__file__).parent
STATIC = HOME / "static"


class Spoken:
    """The catalogue in one language: `{{ t.plan }}`, and `t.text(value)` for a value in both."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __getattr__(self, key: str) -> str:
        if key.startswith("__") or key not in WORDS:
            raise AttributeError(key)
        return WORDS[key](self.language)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HOME / "templates"),
        autoescape=True,  # every template, whatever it is called
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    return made


def render(template: str, language: Language, **values: Any) -> str:
    """One page or a part of one."""
    return _environment().get_template(template).render(t=Spoken(language), language=language, **values)


@cache
def static(path: str) -> str:
    """The address of a file of ours, with a mark of what is in it: browsers may keep it."""
    mark = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?{mark}"
