"""What `kpi kpis lint` says: each flaw with the line of the file, for people and machines. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connector.config import KpiSettings, Lines
from connector.kpi.custom.compiled import Compiled
from connector.kpi.custom.flaws import Flaw, Grade
from connector.kpi.text import Language, Text

GRADES: dict[Grade, Text] = {
    "refused": Text("отказ", "refused"),
    "missing": Text("нет источника", "no source"),
    "warning": Text("предупреждение", "warning"),
}
_PLACE = Text("{account}, № {number} {key}, {path}", "{account}, no. {number} {key}, {path}")
_SUM = Text(
    "{account}: своих показателей {all}, считаются {good}; отказов {refused}, без источника {missing}, "
    "предупреждений {warnings}",
    "{account}: {all} own KPIs, {good} computed; {refused} refused, {missing} without a source, {warnings} warnings",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A flaw of an account's section, and where it stands."""

    account: str
    key: str
    line: int | None
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found of one account."""

    account: str
    sections: int
    good: int
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether anything cannot be computed."""
        return any(one.flaw.grade != "warning" for one in self.findings)


def linted(account: str, place: int, sections: Sequence[KpiSettings], made: Compiled, lines: Lines) -> Linted:
    """The findings in the order of the file; `place`: the number of the account in it, from 0."""
    found = [
        Finding(account, sections[f.number].key, lines.of(("account", place, "kpi", f.number, *f.path)), f)
        for f in made.flaws
    ]
    bad = {one.flaw.number for one in found if one.flaw.grade != "warning"}
    ordered = sorted(found, key=lambda one: (one.flaw.number, one.line or 0))
    return Linted(account, len(sections), len(sections) - len(bad), tuple(ordered))


def as_text(file: str, told: Iterable[Linted], language: Language) -> str:
    """A line for each finding, as compilers write them, and one for each account."""
    out = []
    for one in told:
        for found in one.findings:
            flaw = found.flaw
            place = _PLACE(language).format(
                account=found.account, number=flaw.number + 1, key=found.key, path=".".join(flaw.path)
            )
            line = f":{found.line}" if found.line else ""
            out.append(f"{file}{line}: {GRADES[flaw.grade](language)}: {place}: {flaw.text(language)}")
        out.append(_SUM(language).format(account=one.account, all=one.sections, good=one.good, **_counts(one)))
    return "\n".join(out)


def as_json(told: Iterable[Linted]) -> str:
    """Everything, texts in both languages."""
    body = [
        {
            "account": one.account,
            "kpis": one.sections,
            "computed": one.good,
            "findings": [
                {
                    "line": found.line,
                    "number": found.flaw.number + 1,
                    "key": found.key,
                    "path": ".".join(found.flaw.path),
                    "grade": found.flaw.grade,
                    "code": found.flaw.code,
                    "text": found.flaw.text._asdict(),
                }
                for found in one.findings
            ],
        }
        for one in told
    ]
    return json.dumps(body, ensure_ascii=False, indent=2)


def _counts(one: Linted) -> dict[str, int]:
    grades = [found.flaw.grade for found in one.findings]
    return {"refused": grades.count("refused"), "missing": grades.count("missing"), "warnings": grades.count("warning")}
