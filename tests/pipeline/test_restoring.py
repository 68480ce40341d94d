"""A backup of somebody else's accounts is told from one of these, and an older one of these is none."""

from __future__ import annotations

import pytest

from connector.config import AccountSettings
from connector.pipeline.restoring import not_in_it, strangers
from connector.store.holding import Kept


def configured(name: str, provider: str, address: str | None) -> AccountSettings:
    return AccountSettings(name=name, provider=provider, options={"base_url": address} if address else {})


HERE = [configured("moscow", "amocrm", "https://Acme.amocrm.ru/"), configured("spb", "bitrix24", None)]
MOSCOW = Kept("moscow", "amocrm", "acme.amocrm.ru", 5)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ([MOSCOW, Kept("spb", "bitrix24", "acme.bitrix24.ru", None)], []),
        ([], []),
        ([MOSCOW], []),
        ([MOSCOW, Kept("given up", "amocrm", "old.amocrm.ru", 5)], []),
        ([Kept("moscow", "amocrm", None, None)], []),
        (
            [Kept("moscow", "amocrm", "other.amocrm.ru:443", 5)],
            ["moscow is at other.amocrm.ru in the backup and at acme.amocrm.ru in the configuration"],
        ),
        (
            [Kept("moscow", "bitrix24", "acme.amocrm.ru", 5)],
            ["moscow is bitrix24 in the backup and amocrm in the configuration"],
        ),
        (
            [Kept("kazan", "amocrm", "acme.amocrm.ru", 5), Kept("omsk", "amocrm", None, None)],
            ["the backup holds kazan, omsk, and the configuration has moscow, spb: not one account in common"],
        ),
    ],
)
def test_whose_backup_it_is(kept: list[Kept], told: list[str]) -> None:
    assert strangers(kept, HERE) == told


def test_a_port_of_this_machine_is_no_other_crm() -> None:
    sandbox = configured("moscow", "amocrm", "http://127.0.0.1:8080")
    assert strangers([Kept("moscow", "amocrm", "127.0.0.1:9090", 5)], [sandbox]) == []


def test_what_would_begin_from_nothing() -> None:
    assert not_in_it([MOSCOW], HERE) == ["spb"] and not_in_it([], HERE) == ["moscow", "spb"]
