"""The database is opened as intended, and says plainly when it cannot be."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa

from omicstoken_kernel.context import open_context
from omicstoken_kernel.errors import ServiceUnavailable, SettingsError, StoreError
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.engine import describe_database, open_engine, reading, writing


def pragma(ctx, name):
    with reading(ctx.engine) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_sqlite_runs_in_wal_with_foreign_keys_and_patience(ctx):
    assert pragma(ctx, "journal_mode") == "wal"
    assert pragma(ctx, "foreign_keys") == 1
    assert pragma(ctx, "busy_timeout") == 60_000
    assert pragma(ctx, "synchronous") == 1


def test_a_writer_holds_the_write_lock_from_its_first_moment(ctx):
    with writing(ctx.engine):
        second = sqlite3.connect(str(ctx.engine.url.database), timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            second.execute("BEGIN IMMEDIATE")
        second.close()


def test_a_reader_does_not_wait_for_a_writer_and_sees_one_state(any_ctx):
    count = sa.text("SELECT count(*) FROM model")
    with reading(any_ctx.engine) as reader:
        assert reader.scalar(count) == 0
        with writing(any_ctx.engine) as writer:
            writer.execute(
                sa.text(
                    "INSERT INTO model (model_key, name, dim, generation, created_at)"
                    " VALUES ('a', 'a', 4, 0, '2026-01-01 00:00:00')"
                )
            )
        assert reader.scalar(count) == 0
    with reading(any_ctx.engine) as reader:
        assert reader.scalar(count) == 1


def test_an_error_undoes_the_whole_transaction(any_ctx):
    insert = sa.text(
        "INSERT INTO sample (id, owner, name, hla, extra) VALUES ('s', 'o', 'n', '[]', '{}')"
    )

    def insert_and_fail():
        with writing(any_ctx.engine) as connection:
            connection.execute(insert)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        insert_and_fail()
    with reading(any_ctx.engine) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM sample")) == 0


def test_what_the_database_refuses_is_a_store_error(any_ctx):
    insert = sa.text("INSERT INTO sample (id) VALUES ('s')")
    with pytest.raises(StoreError, match="refused"), writing(any_ctx.engine) as connection:
        connection.execute(insert)


def test_a_postgresql_that_does_not_answer_is_unavailable_and_keeps_its_password(tmp_path):
    url = "postgresql+psycopg://someone:verysecret@127.0.0.1:9/nothing"
    settings = load_settings(home=tmp_path, database_url=url)
    with pytest.raises(ServiceUnavailable) as caught:
        open_engine(settings)
    assert "does not answer" in str(caught.value)
    assert "OMICSTOKEN_DATABASE_URL" in caught.value.hint
    assert "verysecret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "nonsense"]
)
def test_an_address_that_cannot_be_used_lists_what_can(tmp_path, url):
    with pytest.raises(SettingsError) as caught:
        open_engine(load_settings(home=tmp_path, database_url=url))
    assert "postgresql+psycopg://" in caught.value.hint


@pytest.mark.postgres
def test_the_short_postgresql_address_means_psycopg(tmp_path, postgres_url):
    url = postgres_url.replace("postgresql+psycopg", "postgresql")
    engine = open_engine(load_settings(home=tmp_path, database_url=url))
    assert engine.driver == "psycopg"
    engine.dispose()


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "omicstoken.sqlite"
    path.write_text("this is a text, and a rather long one, " * 100, encoding="ascii")
    with pytest.raises(StoreError, match="not a database"):
        open_context(load_settings(home=tmp_path))
    assert path.read_text(encoding="ascii").startswith("this is a text")


def test_a_workspace_that_cannot_be_made_is_unavailable(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="ascii")
    with pytest.raises(ServiceUnavailable, match="cannot be made") as caught:
        open_context(load_settings(home=tmp_path / "file" / "home"))
    assert "OMICSTOKEN_HOME" in caught.value.hint


def test_the_description_names_the_database_and_its_runs(any_ctx, store_runs, make_sequences):
    store_runs(any_ctx, {"a": make_sequences(5)})
    found = describe_database(any_ctx.engine)
    assert "1 runs" in found
    assert found.startswith(("SQLite 3", "PostgreSQL 16"))


def test_a_damaged_file_is_found_by_the_description(ctx, store_runs, make_sequences):
    store_runs(ctx, {"a": make_sequences(2000)})
    ctx.engine.dispose()
    path = ctx.settings.home / "omicstoken.sqlite"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        describe_database(ctx.engine)
