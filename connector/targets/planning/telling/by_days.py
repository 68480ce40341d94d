"""What somebody's days leave of his plan, in words: of whoever tells a plan by the days that are worked. Pure."""

from __future__ import annotations

from connector.kpi.text import Language, Text
from connector.targets.planning.prorating import Prorated

_OF_AGREED = Text(
    "по рабочим дням: {days} из {whole}; согласовано {full}",
    "by the days worked: {days} of {whole}; agreed: {full}",
)


def of_agreed(less: Prorated, full: str, language: Language) -> str:
    """To stand beside a plan by the days worked; `full`: the agreed one as the page writes amounts."""
    return _OF_AGREED(language).format(days=less.days, whole=less.whole, full=full)
