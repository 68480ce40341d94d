"""Which addresses may ever see a secret: the configured portal, and a new name of it in the same zone."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

ZONES = frozenset(
    f"bitrix24.{zone}"
    for zone in (
        "ru", "com", "by", "kz", "ua", "eu", "de", "fr", "es", "it", "pl", "in", "cn", "tr", "tech", "uz", "site",
        "com.br", "com.tr", "mx", "co", "id", "vn", "th", "my", "jp", "uk", "ae",
    )
)  # fmt: skip
"""Where the vendor's cloud portals live: `NAME.ZONE`."""
AUTH_SERVERS = ("oauth.bitrix24.tech", "oauth.bitrix.info")
_NAME = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")


def is_loopback(url: str) -> bool:
    """Whether the address is this machine, as a sandbox is."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked(url: str) -> str:
    """`scheme://host[:port]` without a slash; http only on this machine. Raises ValueError saying what is allowed."""
    parts = urlsplit(url.strip())
    plain = parts.scheme == "http" and is_loopback(url)
    odd = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if not parts.hostname or odd or not (parts.scheme == "https" or plain):
        raise ValueError("https://NAME.bitrix24.ru or https://YOUR-SERVER; http://127.0.0.1:PORT for a sandbox")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def followable(base: str, location: str) -> str | None:
    """The new base when `location` is plausibly the same portal renamed: same zone of the vendor, or this machine."""
    try:
        target = urlsplit(location)
        port = target.port
    except ValueError:
        return None
    if is_loopback(base):
        return f"{target.scheme}://{target.netloc}" if target.scheme == "http" and is_loopback(location) else None
    host, zone = _zone(target.hostname or "")
    _, ours = _zone(urlsplit(base).hostname or "")
    if target.scheme != "https" or port not in (None, 443) or target.username or not zone or zone != ours:
        return None
    return f"https://{host}"


def _zone(host: str) -> tuple[str, str]:
    """The host and its zone; the zone is empty where it is no cloud portal's address."""
    name, _, zone = host.lower().partition(".")
    return host.lower(), zone if zone in ZONES and _NAME.match(name) else ""
