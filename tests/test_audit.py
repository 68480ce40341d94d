"""The audit of packages: a flaw fails everywhere, silence of the index only where it was asked to be complete."""

from __future__ import annotations

import pytest

from tests.audit import Audit, code, read, told

FINE = {"name": "alembic", "version": "1.20.1", "vulns": []}
FLAWED = {"name": "jinja2", "version": "3.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1", "3.2"]}]}
HOPELESS = {"name": "mako", "version": "1.0", "vulns": [{"id": "GHSA-2", "fix_versions": []}]}
UNKNOWN = {"name": "private", "skip_reason": "Dependency not found on PyPI and could not be audited: private (1.0)"}


@pytest.mark.parametrize(
    ("packages", "gate", "whole"),
    [
        ([FINE], 0, 0),
        ([FINE, UNKNOWN], 0, 3),
        ([FINE, FLAWED], 1, 1),
        ([UNKNOWN, FLAWED], 1, 1),
    ],
)
def test_codes(packages: list[dict[str, object]], gate: int, whole: int) -> None:
    audit = read({"dependencies": packages})
    assert (code(audit, reachable=True), code(audit, reachable=False)) == (gate, whole)


def test_every_flaw_and_every_silence_is_named() -> None:
    audit = read({"dependencies": [FINE, FLAWED, HOPELESS, UNKNOWN]})
    assert audit == Audit(
        4, ("jinja2 3.0: PYSEC-1, mended in 3.1, 3.2", "mako 1.0: GHSA-2, mended in no version yet"), ("private",)
    )
    assert told(audit).splitlines()[2:] == [
        "audit: 4 packages, 3 looked up, 2 known flaws",
        "not looked up, as the index told nothing of them: private",
    ]
