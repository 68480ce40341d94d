"""The documented shapes, from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec


def payload(name: str) -> Any:
    return msgspec.json.decode((Path(__file__).parent / "payloads" / f"{name}.json").read_bytes())
