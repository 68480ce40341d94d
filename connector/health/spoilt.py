"""Which KPIs the data put in doubt so far that nobody should be spoken to about them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from connector.health.finding import Effect, Finding
from connector.kpi.text import Text

DOUBT = Decimal("0.1")
"""By which part a KPI may be off."""


def spoilt(findings: Iterable[Finding]) -> dict[str, Text]:
    """By KPI, why; the worst defect of each."""
    worst: dict[str, tuple[Decimal, Text]] = {}
    for finding in findings:
        for effect in finding.effects:
            doubt = _doubt(effect, finding)
            if doubt > DOUBT and doubt > worst.get(effect.kpi, (DOUBT, None))[0]:
                worst[effect.kpi] = (doubt, _reason(finding, doubt))
    return {kpi: text for kpi, (_, text) in worst.items()}


def _doubt(effect: Effect, finding: Finding) -> Decimal:
    """The part by which it may be off; where nobody can say, the part of the records that are amiss. Of what is off so
    far only at the worst, what it most probably is. A KPI without a value is told by nobody.
    """
    if effect.value is None:
        return Decimal(0)
    if effect.claim == "limit":
        off = abs((effect.value if effect.likely is None else effect.likely) - effect.value)
        return off / abs(effect.value) if effect.value else Decimal(bool(off))
    if effect.claim == "unknown":
        return Decimal(finding.count) / finding.of if finding.of else Decimal(0)
    off = max(effect.over, effect.under)
    return off / abs(effect.value) if effect.value else Decimal(bool(off))


def _reason(finding: Finding, doubt: Decimal) -> Text:
    share = f"{doubt * 100:.0f} %"
    return Text(f"показатель под вопросом на {share}: {finding.text.ru}", f"in doubt by {share}: {finding.text.en}")
