"""What `kpi plan check` found: a line each, as compilers write them, with what to do. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from connector.config import Lines
from connector.kpi.text import Language, Text
from connector.targets.planning.finding import Finding
from connector.targets.planning.words import GRADES

_SUM = Text(
    "{account} · {period}: ошибок {error}, предупреждений {warning}, замечаний {note}",
    "{account} · {period}: errors {error}, warnings {warning}, notes {note}",
)


def as_text(
    account: str, period: str, place: int, found: Sequence[Finding], file: str, lines: Lines, language: Language
) -> str:
    """Errors first; what stands in the file with its line. `place`: the account's number in it, from 0."""
    ordered = sorted(found, key=lambda one: list(GRADES).index(one.grade))
    told = [_line(one, account, place, file, lines, language) for one in ordered]
    counts: Counter[str] = Counter(one.grade for one in found)
    whole = {grade: counts[grade] for grade in ("error", "warning", "note")}
    return "\n".join([*told, _SUM(language).format(account=account, period=period, **whole)])


def as_json(account: str, period: str, place: int, found: Sequence[Finding], lines: Lines) -> dict[str, Any]:
    """Everything, texts in both languages."""
    return {
        "account": account,
        "period": period,
        "findings": [
            {
                "grade": one.grade,
                "code": one.code,
                "line": line_of(one, place, lines),
                "about": one.about._asdict(),
                "subject": one.subject or None,
                "kpi": one.kpi or None,
                "chance": one.chance,
                "text": one.text._asdict(),
                "todo": one.todo._asdict(),
            }
            for one in found
        ],
    }


def line_of(one: Finding, place: int, lines: Lines) -> int | None:
    """Where it stands in the configuration, None where it is no matter of that."""
    return lines.of(("account", place, *one.path)) if one.path else None


def _line(one: Finding, account: str, place: int, file: str, lines: Lines, language: Language) -> str:
    line = line_of(one, place, lines)
    where = f"{file}:{line}" if line else account
    return f"{where}: {GRADES[one.grade](language)}: {one.about(language)}: {one.text(language)} → {one.todo(language)}"
