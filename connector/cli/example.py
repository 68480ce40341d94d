"""config.example.toml, with its comments in the language of whoever reads it, who is the account's first reader too."""

from __future__ import annotations

import re
from pathlib import Path

from connector.kpi.text import Language

_REMARK = re.compile(r"^(?P<code>(?:# )?(?:\[|[A-Za-z_.]+ = ).*?)(?P<gap>\s+# )(?P<remark>\S.*)$")
_PROSE = re.compile(r"^(?P<code>)(?P<gap># (?:-{9,} )?)(?P<remark>(?!\[|[A-Za-z_.]+ = ).*)$")


def example(language: Language) -> str:
    """The commented example: beside the packages in a checkout, inside the package in an installation."""
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "config.example.toml"
    text = (beside if beside.exists() else package / "config.example.toml").read_text("utf-8")
    return in_russian(text) if language == "ru" else text.replace('language = "ru"', 'language = "en"', 1)


def in_russian(text: str) -> str:
    """Every remark that has its Russian in it; the others stay."""
    from connector.cli.example_words import REMARKS

    lines = []
    for line in text.split("\n"):
        if found := remark(line):
            line = found["code"] + found["gap"] + REMARKS.get(found["remark"], found["remark"])
        lines.append(line)
    return "\n".join(lines)


def remark(line: str) -> re.Match[str] | None:
    """What a line says to people, and what stands before it."""
    return _REMARK.match(line) or _PROSE.match(line)
