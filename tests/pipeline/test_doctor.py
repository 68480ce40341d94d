"""Each thing that makes an installation unsafe is found, and a sound one is called sound."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from connector.config import Settings
from connector.errors import WrongKey
from connector.pipeline.doctor import House, files, look
from connector.store.backup import back_up
from connector.store.engine import Store
from connector.store.secret import key_mark
from connector.store.secret.sealing import seal
from connector.store.told import inbox

KEY = Fernet.generate_key()


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    os.chmod(tmp_path, 0o700)
    for path in tmp_path.glob("kpi.db*"):
        path.chmod(0o600)
    config = tmp_path / "config.toml"
    config.touch(0o600)
    settings = Settings.model_validate({"account": [{"name": "a", "provider": "amocrm"}]})
    return House(settings, sqlite_store, KEY, True, tmp_path, config, datetime.now(UTC))


def bad(house: House) -> set[str]:
    return {one.what for one in look(house) if one.state != "ok"}


def test_a_sound_installation_is_called_sound(house: House) -> None:
    back_up(house.store, house.folder / "backups", now=house.now)
    assert bad(house) == set()


def test_the_worst_comes_first(house: House) -> None:
    (house.folder / "kpi.db").chmod(0o644)
    states = [one.state for one in look(house)]
    assert states == sorted(states, key=["bad", "warn", "ok"].index) and states[0] == "bad"


Harm = Callable[[House], Any]


def write(statement: str) -> Harm:
    def harm(house: House) -> None:
        with house.store.write() as conn:
            conn.execute(sa.text(statement))

    return harm


def beside(house: House) -> House:
    (house.folder / "kpi.key").touch(0o600)
    return replace(house, key_given=False)


def begun_with_another_key(house: House) -> None:
    with house.store.write() as conn:
        key_mark.hold(conn, Fernet.generate_key(), where="", now=1)


def without_a_key(house: House) -> House:
    return replace(house, key=WrongKey("the key of this database is not there", where="kpi.key", todo="put it back"))


def listening(listen: str, address: str | None = None) -> Harm:
    def harm(house: House) -> House:
        return replace(house, settings=house.settings.model_copy(update={"web": house.settings.web.model_copy(
            update={"listen": listen, "address": address})}))  # fmt: skip

    return harm


def in_clear(house: House) -> House:
    told = {"name": "a", "provider": "bitrix24", "options": {"base_url": "http://portal.example.ru"}}
    return replace(house, settings=Settings.model_validate({"account": [told]}))


def many_hooks(house: House) -> None:
    with house.store.write() as conn:
        inbox.keep(conn, KEY, [inbox.Letter(1, 1, str(n).encode()) for n in range(1001)])


def old_backup(house: House) -> None:
    path = back_up(house.store, house.folder / "backups", now=house.now).path
    os.utime(path, (time.time() - 9 * 86400,) * 2)


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda house: (house.folder / "kpi.db").chmod(0o644), "file modes"),
        (lambda house: (house.folder / "a.tokens").touch(0o644), "file modes"),
        (lambda house: house.config.chmod(0o666), "file modes"),
        (lambda house: house.folder.chmod(0o777), "file modes"),
        (beside, "key"),
        (write(f"insert into token values (1, 1, '{seal(Fernet.generate_key(), b'x')}', 'good', null, '')"), "key"),
        (begun_with_another_key, "key"),
        (without_a_key, "key"),
        (write("insert into account (name, provider, clock_offset) values ('a', 'amocrm', 3600)"), "clock"),
        (listening("0.0.0.0:8800"), "pages"),
        (listening("127.0.0.1:8800", "http://kpi.example.ru"), "pages"),
        (in_clear, "https"),
        (many_hooks, "hooks"),
        (old_backup, "backup"),
    ],
)
def test_what_is_wrong_is_found_with_what_to_do(house: House, harm: Harm, found: str) -> None:
    harmed = harm(house)
    house = harmed if isinstance(harmed, House) else house
    told = [one for one in look(house) if one.what == found and one.state != "ok"]
    assert told and all(one.todo for one in told)


def test_a_full_disk_and_a_share_are_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FREE", 10**18)
    monkeypatch.setattr(files, "_file_system", lambda folder: "nfs4")
    assert [one.state for one in look(house) if one.what == "disk"] == ["bad", "bad"]
