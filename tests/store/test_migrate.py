"""The schema: from nothing to this version's, back and forth, and after a kill anywhere in between."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from connector.errors import StoreTrouble
from connector.store import migrate
from connector.store.engine import Store, open_store
from connector.store.tables import NAMING, Base

Shape = dict[str, Any]


def shape(store: Store) -> Shape:
    """Everything a schema consists of, as the database tells it."""
    with store.read() as conn:
        inspector = sa.inspect(conn)
        return {
            name: {
                "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)],
                "key": inspector.get_pk_constraint(name),
                "unique": inspector.get_unique_constraints(name),
                "indexes": sorted(map(spelt, inspector.get_indexes(name))),
            }
            for name in sorted(inspector.get_table_names())
            if name != "alembic_version"
        }


def spelt(index: Any) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {options}"


@pytest.fixture
def empty(empty_url: str) -> Any:
    store = open_store(empty_url, migrate=False)
    yield store
    store.dispose()


def declared() -> sa.MetaData:
    """The tables of the code, the conditions of partial indexes as each database is told them."""
    told = sa.MetaData(naming_convention=NAMING)
    for table in Base.metadata.sorted_tables:
        made = {index.name: index for index in table.to_metadata(told).indexes}
        for index in table.indexes:
            for dialect in ("sqlite", "postgresql") if "where" in index.info else ():
                made[index.name].dialect_options[dialect]["where"] = sa.text(index.info["where"])
    return told


def test_up_from_nothing_is_what_the_code_declares(empty: Store) -> None:
    migrate.upgrade(empty)
    with empty.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    migrated = shape(empty)
    migrate.downgrade(empty, "base")
    assert shape(empty) == {}
    with empty.write() as conn:
        declared().create_all(conn)
    assert shape(empty) == migrated


def test_up_down_and_up_again(empty: Store) -> None:
    migrate.upgrade(empty)
    first = shape(empty)
    migrate.downgrade(empty, "base")
    with empty.read() as conn:
        assert migrate.version(conn) is None
    migrate.upgrade(empty)
    assert shape(empty) == first


def test_the_newest_revision_is_the_one_the_code_knows(empty: Store) -> None:
    migrate.upgrade(empty)
    with empty.read() as conn:
        assert migrate.version(conn) == migrate.HEAD
        assert ScriptDirectory.from_config(migrate._config(conn)).get_heads() == [migrate.HEAD]


def test_a_current_schema_costs_no_alembic(sqlite_url: str) -> None:
    code = "import sys; from connector.store.engine import open_store; open_store(sys.argv[1]);"
    code += "assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, sqlite_url], check=True)


def test_a_newer_schema_is_refused(store: Store) -> None:
    with store.write() as conn:
        conn.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreTrouble, match=r"a newer version of this program made the database \(schema 9999"):
        open_store(store.url)
    with store.read() as conn:
        assert migrate.version(conn) == "9999"


def move_and_die(url: str, revision: str, step: int) -> int:
    """In a process of its own, killed as by `kill -9` before its statement number `step`; its exit code."""
    child = os.fork()
    if child == 0:
        try:
            store = open_store(url, migrate=False)
            left = [step]

            def count(*_: Any) -> None:
                left[0] -= 1
                if left[0] < 0:
                    os._exit(9)

            sa.event.listen(store._engine, "before_cursor_execute", count)
            migrate.move(store, revision)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("there", ["head", "base"])
def test_a_kill_in_the_middle_leaves_the_way_open(empty: Store, there: str) -> None:
    if there == "base":
        migrate.move(empty, "head")
    before, step = shape(empty), 0
    while (ended := move_and_die(empty.url, there, step)) == 9:
        assert shape(empty) == before, step
        empty.dispose()
        step += 3
    assert ended == 0
    assert step > 15
    with empty.read() as conn:
        assert migrate.version(conn) == (migrate.HEAD if there == "head" else None)
    assert shape(empty) != before


def test_two_at_once_migrate_once(empty: Store) -> None:
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            try:
                open_store(empty.url)
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    with empty.read() as conn:
        assert migrate.version(conn) == migrate.HEAD
