"""amoCRM's API v4 on a local port, over a pretend company: the protocol, its limits, its oddities and its failures."""

from __future__ import annotations

from providers.amocrm.sandbox.faults import Faults
from providers.amocrm.sandbox.sandbox import Sandbox, serve

__all__ = ["Faults", "Sandbox", "serve"]
