"""Known flaws of the pinned packages, and honestly which of them nobody could be asked about.

`make audit` fails on both; the gate (`--reachable`) fails on flaws alone, since a machine without the index's database
would otherwise never be green, and prints what was not looked up. Source of the format: pip-audit's README, "json".
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, NamedTuple

WORDS = (
    "--format", "json", "--progress-spinner", "off", "--disable-pip", "--require-hashes", "-r", "requirements.lock",
)  # fmt: skip
PATIENCE_S = 180


class Audit(NamedTuple):
    """What was learned of the pinned packages."""

    asked: int
    flaws: tuple[str, ...]
    """Package, version, the flaw's id, and the versions that are free of it."""
    unknown: tuple[str, ...]
    """Packages that could not be looked up."""


def read(report: dict[str, Any]) -> Audit:
    """Pip-audit's JSON: packages with `vulns`, or with the reason for which nobody could be asked about them."""
    packages = report["dependencies"]
    flaws = tuple(
        f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in packages
        for flaw in one.get("vulns", ())
    )
    return Audit(len(packages), flaws, tuple(one["name"] for one in packages if "skip_reason" in one))


def told(audit: Audit) -> str:
    """The flaws, a line each, and what was asked."""
    known = audit.asked - len(audit.unknown)
    lines = [*audit.flaws, f"audit: {audit.asked} packages, {known} looked up, {len(audit.flaws)} known flaws"]
    if audit.unknown:
        lines.append(f"not looked up, as the index told nothing of them: {', '.join(audit.unknown)}")
    return "\n".join(lines)


def code(audit: Audit, *, reachable: bool) -> int:
    """1 for a flaw; 3 where somebody has to ask again from elsewhere, which the gate forgives."""
    if audit.flaws:
        return 1
    return 3 if audit.unknown and not reachable else 0


def main(program: str, *words: str) -> int:
    """`program`: pip-audit, in an environment of its own."""
    done = subprocess.run((program, *WORDS), capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    try:
        audit = read(json.loads(done.stdout))
    except ValueError:
        print(f"audit: pip-audit gave no report: {done.stderr.strip()[-400:]}")
        return 0 if "--reachable" in words else 3
    print(told(audit))
    return code(audit, reachable="--reachable" in words)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
