"""A folder of configurations: one file an account."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.app import read_settings, token_folder
from connector.config import load
from connector.errors import BadConfig

ACCOUNT = """
[[account]]
name = "{name}"
provider = "amocrm"
[account.options]
base_url = "http://127.0.0.1:1"
token = {{ file = "{name}.token" }}
"""


def write(folder: Path, name: str, more: str = "") -> None:
    (folder / f"{name}.toml").write_text(more + ACCOUNT.format(name=name))
    (folder / f"{name}.token").write_text(f"token-of-{name}")


def test_every_file_adds_its_accounts_to_one_store(tmp_path: Path) -> None:
    (tmp_path / "store.toml").write_text('[store]\nurl = "postgresql://kpi@db/kpi"\n')
    for name in ("b", "a"):
        write(tmp_path, name)
    (tmp_path / "notes.txt").write_text("not a configuration")
    settings = read_settings(tmp_path, {})
    assert [account.name for account in settings.account] == ["a", "b"]
    assert settings.store.url == "postgresql+psycopg://kpi@db/kpi"
    assert settings.account[1].options["token"].get_secret_value() == "token-of-b"
    assert token_folder(settings, tmp_path, {}) == tmp_path


@pytest.mark.parametrize(
    ("url", "folder"),
    [("postgresql://kpi@db/kpi", "/var/lib/kpi"), ("sqlite:////srv/kpi/kpi.db", "/srv/kpi")],
)
def test_journals_lie_where_the_unit_may_write(tmp_path: Path, url: str, folder: str) -> None:
    """With PostgreSQL under systemd the configuration's folder is read-only."""
    write(tmp_path, "a", f'[store]\nurl = "{url}"\n')
    settings = read_settings(tmp_path, {})
    assert token_folder(settings, tmp_path, {"STATE_DIRECTORY": "/var/lib/kpi:/var/lib/more"}) == Path(folder)


def test_the_problems_of_all_files_are_told_with_their_names(tmp_path: Path) -> None:
    write(tmp_path, "a", "[storr]\n")
    write(tmp_path, "b")
    (tmp_path / "b.token").unlink()
    with pytest.raises(BadConfig) as caught:
        load(tmp_path, {})
    assert [f"{tmp_path}/a.toml: line 1: storr" in line for line in caught.value.problems] == [True, False]
    assert caught.value.problems[1].startswith(f"{tmp_path}/b.toml: line 7: account b: options.token: ")


def test_what_two_files_say_is_refused(tmp_path: Path) -> None:
    store = '[store]\nurl = "sqlite:///kpi.db"\n'
    write(tmp_path, "a", store)
    write(tmp_path, "b", store)
    (tmp_path / "c.toml").write_text(ACCOUNT.format(name="a"))
    with pytest.raises(BadConfig) as caught:
        load(tmp_path, {})
    assert caught.value.problems == [
        f"{tmp_path}: [store] stands in a.toml, b.toml: keep one",
        f"{tmp_path}: account.name: 'a' stands in a.toml and in c.toml",
    ]


def test_an_options_problem_names_its_file(tmp_path: Path) -> None:
    write(tmp_path, "a")
    (tmp_path / "b.toml").write_text('[[account]]\nname = "b"\nprovider = "amocrm"\n')
    with pytest.raises(BadConfig, match=r"b\.toml: line 1: account b: options: base_url or"):
        read_settings(tmp_path, {})


def test_an_empty_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"no \*\.toml file"):
        load(tmp_path, {})


def test_what_an_editor_leaves_in_the_folder_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "a")
    (tmp_path / ".#a.toml").symlink_to("somebody@host.1234")
    (tmp_path / ".b.toml").write_text("half a fi")
    assert [one.name for one in load(tmp_path, {}).account] == ["a"]
