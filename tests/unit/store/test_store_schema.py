"""Migrations make exactly the declared tables, once, whoever comes first."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from forked import all_at_once
from workspace_opener import count_runs

from omicstoken_kernel.context import open_context
from omicstoken_kernel.errors import StoreError
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store._blocks import BLOCK_FEATURES
from omicstoken_kernel.store.annotation_tables import metadata
from omicstoken_kernel.store.dump import logical_dump
from omicstoken_kernel.store.engine import reading, writing
from omicstoken_kernel.store.runs import Runs
from omicstoken_kernel.store.schema import HEAD, migration_config

_OPEN = """
import sys
from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.runs import Runs
print(len(Runs(open_context(load_settings(home=sys.argv[1], database_url=sys.argv[2]))).list()))
"""


def constraints(inspector):
    """Return what Alembic's comparison does not look at: keys, checks, actions, uniqueness."""
    found = {}
    for table in inspector.get_table_names():
        foreign = inspector.get_foreign_keys(table)
        found[table] = {
            "primary": inspector.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted(u["column_names"] for u in inspector.get_unique_constraints(table)),
            "checks": len(inspector.get_check_constraints(table)),
            "foreign": sorted(
                (key["constrained_columns"], key["referred_table"], key["options"].get("ondelete"))
                for key in foreign
            ),
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in inspector.get_columns(table)
            },
        }
    found.pop("alembic_version", None)
    return found


def test_the_migrated_schema_is_the_declared_one(any_ctx, tmp_path):
    with reading(any_ctx.engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        migrated = constraints(sa.inspect(connection))
    with writing(any_ctx.engine) as connection:
        # The same database made by create_all instead of by migrations.
        connection.exec_driver_sql("DROP TABLE alembic_version")
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert constraints(sa.inspect(connection)) == migrated


def test_the_newest_migration_is_the_head_that_is_looked_for():
    assert ScriptDirectory.from_config(migration_config()).get_current_head() == HEAD


def test_every_migration_can_be_undone(any_ctx):
    config = migration_config()
    with writing(any_ctx.engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}


def test_a_database_of_the_first_schema_is_brought_up_and_loses_nothing(
    any_ctx, store_runs, make_sequences
):
    many = make_sequences(BLOCK_FEATURES + 3)
    store_runs(any_ctx, {"a": many, "none": [], "b": [*many[:2], *many[:2]]})
    before = logical_dump(any_ctx)
    config = migration_config()
    with writing(any_ctx.engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert "proteome" not in sa.inspect(connection).get_table_names()
        stored = connection.exec_driver_sql("SELECT count(*) FROM feature").scalar_one()
        assert stored == len(many) + 4
    again = open_context(any_ctx.settings)
    assert logical_dump(again) == before
    with reading(again.engine) as connection:
        tables = set(sa.inspect(connection).get_table_names())
        assert {"proteome", "mapping", "prediction", "selection", "feature_block"} <= tables
        assert "feature" not in tables


def test_a_database_of_a_newer_package_is_refused_and_left_alone(any_ctx):
    with writing(any_ctx.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="schema version 9999") as caught:
        open_context(any_ctx.settings)
    assert "update the package" in caught.value.hint
    with reading(any_ctx.engine) as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert found == "9999"


def test_opening_again_changes_nothing_and_needs_no_alembic(any_ctx, store_runs, make_sequences):
    store_runs(any_ctx, {"a": make_sequences(3)})
    code = f"{_OPEN}assert 'alembic' not in sys.modules"
    url = any_ctx.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", code, str(any_ctx.settings.home), url],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("1", 0), done.stderr


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_eight_processes_may_open_a_new_database_at_once(kind, request, tmp_path):
    url = "" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    assert all_at_once(count_runs, [(tmp_path / "home", url)] * 8) == [0] * 8


def test_threads_may_open_workspaces_at_once(tmp_path):
    def open_one(number):
        return open_context(load_settings(home=tmp_path / str(number % 4)))

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(open_one, range(8)))
    assert [len(Runs(ctx).list()) for ctx in opened] == [0] * 8
