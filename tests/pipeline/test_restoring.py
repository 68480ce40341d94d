"""A backup of somebody else's accounts is told from one of these, and an older one of these is none."""

from __future__ import annotations

import pytest

from connector.config import AccountSettings
from connector.pipeline.restoring import not_in_it, strangers
from connector.store.holding import Kept


def configured(name: str, provider: str) -> AccountSettings:
    return AccountSettings(name=name, provider=provider)


HERE = [configured("moscow", "amocrm"), configured("spb", "bitrix24")]
AT = {"moscow": "https://Acme.amocrm.ru/"}
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
    assert strangers(kept, HERE, AT, ()) == told


def test_a_port_of_this_machine_is_no_other_crm() -> None:
    sandbox = {"moscow": "http://127.0.0.1:8080"}
    assert strangers([Kept("moscow", "amocrm", "127.0.0.1:9090", 5)], HERE, sandbox, ()) == []


def portal(host: str, remote: str | None) -> Kept:
    return Kept("spb", "bitrix24", host, 5, remote_id=remote)


@pytest.mark.parametrize(
    ("kept", "stands", "told"),
    [
        (portal("acme.bitrix24.ru", "m1"), portal("acme2.bitrix24.ru", "m1"), []),
        (
            portal("acme.bitrix24.ru", "m1"),
            portal("acme.bitrix24.ru", "m2"),
            ["spb is account m1 at acme.bitrix24.ru in the backup and m2 at acme.bitrix24.ru in the database"],
        ),
        (portal("acme2.bitrix24.ru", "m1"), portal("acme2.bitrix24.ru", None), []),
        (portal("acme2.bitrix24.ru", "m1"), Kept("spb", "amocrm", "acme.amocrm.ru", 5, remote_id="77"), []),
        (
            portal("acme.bitrix24.ru", "m1"),
            portal("acme.bitrix24.ru", None),
            ["spb is at acme.bitrix24.ru in the backup and at acme2.bitrix24.ru in the configuration"],
        ),
        (portal("other.bitrix24.ru", "acme2.bitrix24.ru"), portal("", None), []),
    ],
)
def test_the_crms_own_id_comes_before_its_address(kept: Kept, stands: Kept, told: list[str]) -> None:
    """A portal is renamed and stays the same one; one that knows no id of itself is known by its first address."""
    assert strangers([kept], HERE, {"spb": "https://acme2.bitrix24.ru"}, [stands]) == told


def test_what_would_begin_from_nothing() -> None:
    assert not_in_it([MOSCOW], HERE) == ["spb"] and not_in_it([], HERE) == ["moscow", "spb"]
