"""config.toml -> frozen settings. Every problem at once, each with file, key and what is allowed, before any call.

Secrets come by environment or file, never in clear.
"""

from connector.config.kpis import KpiSettings
from connector.config.lines import Lines, lines
from connector.config.reading import explain, load
from connector.config.section import Section
from connector.config.sets import KpiSetSettings
from connector.config.settings import (
    AccountSettings,
    BankSettings,
    HealthSettings,
    Level,
    OfficeSettings,
    PaceSettings,
    PlanSettings,
    Rules,
    Settings,
    Span,
    StoreSettings,
    WritebackSettings,
)

__all__ = [
    "AccountSettings",
    "BankSettings",
    "HealthSettings",
    "KpiSetSettings",
    "KpiSettings",
    "Level",
    "Lines",
    "OfficeSettings",
    "PaceSettings",
    "PlanSettings",
    "Rules",
    "Section",
    "Settings",
    "Span",
    "StoreSettings",
    "WritebackSettings",
    "explain",
    "lines",
    "load",
]
