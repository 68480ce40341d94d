"""config.toml -> frozen settings. Every problem at once, each with file, key and what is allowed, before any call.

Secrets come by environment or file, never in clear.
"""

from connector.config.account import (
    AccountSettings,
    BankSettings,
    Level,
    PaceSettings,
    PlanSettings,
    RetentionSettings,
    WritebackSettings,
)
from connector.config.folder import load, parts, whole
from connector.config.health import HealthSettings
from connector.config.kpis import KpiSettings
from connector.config.lines import Lines, lines
from connector.config.reading import explain, source_of
from connector.config.rules import OfficeSettings, Rules
from connector.config.section import Section
from connector.config.sets import KpiSetSettings
from connector.config.settings import Settings, StoreSettings
from connector.config.source import Source
from connector.config.values import Span

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
    "RetentionSettings",
    "Rules",
    "Section",
    "Settings",
    "Source",
    "Span",
    "StoreSettings",
    "WritebackSettings",
    "explain",
    "lines",
    "load",
    "parts",
    "source_of",
    "whole",
]
