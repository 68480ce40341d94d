"""Where tokens may go: the vendor's own hosts, and the loopback address of a sandbox. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

ALLOWED = (".amocrm.ru", ".amocrm.com", ".kommo.com")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def address(url: str) -> str:
    """Scheme and host only, as every call uses it."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def allowed(url: str) -> bool:
    """https on the vendor's hosts, or this very machine; user names in the address and odd ports are refused."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        return False
    if "@" in parts.netloc:
        return False
    if host in LOOPBACK:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and port in (None, 443) and host.endswith(ALLOWED)


def may_move(old: str, new: str) -> bool:
    """Whether an account known at `old` may be followed to `new`: a sandbox never leads out, nor the vendor in."""
    on_loopback = {(urlsplit(url).hostname or "") in LOOPBACK for url in (old, new)}
    return allowed(new) and len(on_loopback) == 1


def beside(home: str, host: str) -> str:
    """The address of another host of the account, spoken to as `home` is."""
    return f"{urlsplit(home).scheme}://{host}"


def subdomain(url: str) -> str:
    """`acme` of `https://acme.amocrm.ru`."""
    return (urlsplit(url).hostname or "").partition(".")[0]


def grants_at(base: str) -> str:
    """Where a person grants access: www of the same family; a sandbox answers itself."""
    host = urlsplit(base).hostname or ""
    family = next((end for end in ALLOWED if host.endswith(end)), None)
    return f"https://www{family}/oauth" if family else f"{base}/oauth"
