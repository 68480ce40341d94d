"""Where the key comes from, and what a wrong one says."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from connector.config import StoreSettings
from connector.errors import BadConfig, StoreTrouble, WrongKey
from connector.store.secret.sealing import load_key, seal, unseal

KEY = Fernet.generate_key()


def beside(folder: Path) -> StoreSettings:
    return StoreSettings(url=f"sqlite:///{folder / 'kpi.db'}")


def test_the_environment_wins_over_every_file(tmp_path: Path) -> None:
    settings = StoreSettings(url=f"sqlite:///{tmp_path / 'kpi.db'}", key_file=tmp_path / "key")
    assert load_key(settings, {"KPI_KEY": f" {KEY.decode()}\n"}) == KEY
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(KEY + b"\n")
    assert load_key(StoreSettings(key_file=tmp_path / "key"), {}) == KEY


@pytest.mark.parametrize("named", [True, False])
def test_a_missing_key_is_made_once_for_its_owner_alone(tmp_path: Path, named: bool) -> None:
    path = tmp_path / ("my.key" if named else "kpi.key")
    settings = StoreSettings(url="postgresql://x/y", key_file=path) if named else beside(tmp_path)
    old = os.umask(0)
    try:
        first = load_key(settings, {})
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(settings, {}) == first
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_database_that_has_a_key_already_gets_no_new_one_unless_told_so(tmp_path: Path) -> None:
    with pytest.raises(WrongKey, match=r"kpi\.key: the key of this database is not there; no new one was made") as lost:
        load_key(beside(tmp_path), {}, lambda: True)
    assert "KPI_NEW_KEY=1" in str(lost.value) and lost.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []
    made = load_key(beside(tmp_path), {"KPI_NEW_KEY": "1"}, lambda: True)
    assert load_key(beside(tmp_path), {}, lambda: True) == made


def test_processes_that_make_the_key_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: load_key(beside(tmp_path), {}), range(64)))
    assert len(keys) == 1


def test_postgresql_without_a_place_for_the_key_is_refused() -> None:
    with pytest.raises(BadConfig, match=r"store\.key_file"):
        load_key(StoreSettings(url="postgresql://x/y"), {})


@pytest.mark.parametrize("text", ["short", "ключ", "x" * 44])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadConfig, match="KPI_KEY holds no key") as caught:
        load_key(beside(tmp_path), {"KPI_KEY": text})
    assert text not in str(caught.value)
    (tmp_path / "kpi.key").write_text(text)
    with pytest.raises(BadConfig, match=r"kpi\.key holds no key"):
        load_key(beside(tmp_path), {})


def test_a_key_that_can_be_neither_read_nor_made_says_where(tmp_path: Path) -> None:
    (tmp_path / "kpi.key").mkdir()
    with pytest.raises(StoreTrouble, match=r"kpi\.key"):
        load_key(beside(tmp_path), {})
    with pytest.raises(StoreTrouble, match="KPI_KEY"):
        load_key(beside(tmp_path / "nowhere"), {})


def test_a_wrong_key_is_said_in_words() -> None:
    sealed = seal(KEY, b"secret")
    assert unseal(KEY, sealed, where="kpi.db") == b"secret"
    assert "secret" not in sealed
    for broken in (sealed[:-4], "", "ключ", sealed.replace("A", "B")):
        with pytest.raises(StoreTrouble, match="wrong key for this database"):
            unseal(KEY, broken, where="kpi.db")
    with pytest.raises(StoreTrouble, match=r"kpi\.db: this is the wrong key"):
        unseal(Fernet.generate_key(), sealed, where="kpi.db")
