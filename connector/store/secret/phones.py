"""Numbers of phones: never kept, only a keyed hash of each."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable


def phone_hasher(key: bytes) -> Callable[[str], str]:
    """A keyed hash of a phone's last ten digits: equal phones match, the number cannot be read back."""

    def hashed(phone: str) -> str:
        digits = "".join(sign for sign in phone if sign.isdigit())[-10:]
        return hmac.new(key, digits.encode(), hashlib.sha256).hexdigest()[:24]

    return hashed
