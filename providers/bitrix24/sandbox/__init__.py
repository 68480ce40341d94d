"""A Bitrix24 on a local port: REST v2 with its limits, its quirks and its faults, over the pretend company.

company -> world (what happens) -> portal (tables) -> views (how it looks) -> methods -> batch, limits -> gate -> server
"""

from providers.bitrix24.sandbox.box import Sandbox, serve
from providers.bitrix24.sandbox.faults import (
    Drip,
    Fails,
    Faults,
    Latency,
    Lost,
    Missing,
    Only,
    Redirect,
    Reset,
    Short,
    Status,
    Truncated,
)
from providers.bitrix24.sandbox.switches import Switches

__all__ = [
    "Drip",
    "Fails",
    "Faults",
    "Latency",
    "Lost",
    "Missing",
    "Only",
    "Redirect",
    "Reset",
    "Sandbox",
    "Short",
    "Status",
    "Switches",
    "Truncated",
    "serve",
]
