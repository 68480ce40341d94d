"""Numbers of phones: never kept, only a keyed hash of each."""

from __future__ import annotations

import hmac
from collections.abc import Callable


def phone_hasher(key: bytes) -> Callable[[str], str]:
    """A keyed hash of a phone's last ten digits: equal phones match, the number cannot be read back."""

    def hashed(phone: str) -> str:
        digits = "".join(filter(str.isdigit, phone))[-10:]
        return hmac.digest(key, digits.encode(), "sha256").hex()[:24]

    return hashed
