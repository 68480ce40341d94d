"""A phone's keyed hash: what is stored of it must not change with the program."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.store.secret.phones import phone_hasher

KEY = b"k" * 32


def told(digits: str) -> str:
    return hmac.digest(KEY, digits.encode(), "sha256").hex()[:24]


@pytest.mark.parametrize("phone", ["+79161234567", "8 (916) 123-45-67", "9161234567", "++7916 1234567", "79161234567"])
def test_the_last_ten_digits_count_however_they_are_written(phone: str) -> None:
    assert phone_hasher(KEY)(phone) == told("9161234567")


@given(st.text(alphabet="+0123456789()- \u0663\u00b2x", max_size=30))
def test_nothing_but_digits_counts(phone: str) -> None:
    assert phone_hasher(KEY)(phone) == told("".join(filter(str.isdigit, phone))[-10:])
