"""What all tests share: a workspace of one's own, in SQLite or PostgreSQL, and made-up uploads."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
import sqlalchemy as sa
import structlog
from ci_guard import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401
from sharing import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401

from omicstoken_kernel.context import open_context
from omicstoken_kernel.ingest.features import FEATURES, Ledger, ParsedUpload, RunDraft
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import Settings, load_settings

RESIDUES = np.frombuffer(b"ACDEFGHIKLMNPQRSTVWY", dtype="S1")


@pytest.fixture(autouse=True)
def _isolated(monkeypatch, tmp_path):
    """Keep the developer's settings, workspace and weights out of every test."""
    for name in os.environ:
        if name.startswith("OMICSTOKEN_") and name != "OMICSTOKEN_REALDATA":
            monkeypatch.delenv(name)
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    for kind in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "xdg" / kind.lower()))
    monkeypatch.setenv("OMICSTOKEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMICSTOKEN_USER", "tester")
    set_up_logging(load_settings())
    yield
    structlog.contextvars.clear_contextvars()


@pytest.fixture(scope="session")
def _empty_sqlite(tmp_path_factory):
    """An empty workspace's database file; copying it takes a tenth of the time migrating does."""
    home = tmp_path_factory.mktemp("empty")
    # Not load_settings: the developer's environment is still in force here.
    open_context(Settings(home=home)).engine.dispose()
    return home / "omicstoken.sqlite"


@pytest.fixture
def ctx(tmp_path, _empty_sqlite):
    """A Context of the owner 'tester' on an empty SQLite workspace."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(_empty_sqlite, home)
    return open_context(load_settings(home=home, user="tester"))


@pytest.fixture(scope="session")
def _postgres_server(tmp_path_factory):
    # Not in pytest's folder: when root runs the tests, the server's own user cannot enter that.
    with (
        TemporaryDirectory(prefix="omicstoken-pg-", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        # pgserver asks for this folder when it is imported, and warns where there is none.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import pgserver

        data = Path(folder) / "data"
        data.mkdir()
        server = pgserver.get_server(data, cleanup_mode="stop")
        yield server
        server.cleanup()


@contextmanager
def _database(server, like="template1"):
    """Make a database on the server, yield its address and drop it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    root = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(root, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {like}")
    yield root.set(database=name)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(_postgres_server):
    """The address of an empty database of its own on PostgreSQL 16, without any tables."""
    with _database(_postgres_server) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def _empty_postgres(_postgres_server, tmp_path_factory):
    """The name of a database with empty tables, to be copied."""
    with _database(_postgres_server) as url:
        address = url.render_as_string(hide_password=False)
        settings = Settings(home=tmp_path_factory.mktemp("empty"), database_url=address)
        open_context(settings).engine.dispose()
        yield url.database


@pytest.fixture
def postgres_ctx(_postgres_server, _empty_postgres, tmp_path):
    """A Context of the owner 'tester' on an empty PostgreSQL database."""
    with _database(_postgres_server, like=_empty_postgres) as url:
        found = open_context(
            load_settings(
                home=tmp_path / "home",
                user="tester",
                database_url=url.render_as_string(hide_password=False),
            )
        )
        yield found
        found.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_ctx(request):
    """A Context on SQLite, then the same test on PostgreSQL."""
    return request.getfixturevalue("ctx" if request.param == "sqlite" else "postgres_ctx")


def random_sequences(count, seed=0, lengths=(8, 11)):
    """Return ``count`` distinct made-up peptides."""
    draw = np.random.default_rng(seed)
    found = {}
    while len(found) < count:
        for length in draw.integers(lengths[0], lengths[1] + 1, size=count - len(found)):
            found[b"".join(draw.choice(RESIDUES, size=length)).decode()] = None
    return list(found)


def parsed_upload(runs):
    """Return a ParsedUpload with one feature per sequence: ``{run name: [sequence, ...]}``.

    Numbers are seeded by the run's name; some scores and quantities are missing, as in real files.
    """
    tables = []
    for position, (name, sequences) in enumerate(runs.items()):
        draw = np.random.default_rng(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
        count = len(sequences)
        columns = {
            "run": np.full(count, position, dtype=np.int32),
            "sequence": list(sequences),
            "proforma": list(sequences),
            "precursor_charge": draw.integers(1, 4, size=count).astype(np.int16),
            "mz": draw.uniform(300, 1200, size=count),
            "rt_s": draw.uniform(60, 7200, size=count),
            "quantity": pa.array(draw.lognormal(10, 2, size=count), mask=draw.random(count) < 0.1),
            "score": pa.nulls(count, pa.float64()),
            "pep": draw.uniform(0, 0.1, size=count),
            "q_value": draw.uniform(0, 0.01, size=count),
            "psm_count": draw.integers(1, 9, size=count).astype(np.int32),
            "matched": draw.random(count) < 0.2,
            "contaminant": draw.random(count) < 0.02,
            "proteins": [f"P{number:05d}" for number in draw.integers(0, 99_999, size=count)],
            "line": np.arange(2, count + 2) + 1_000_000 * position,
        }
        tables.append(pa.table(columns, schema=FEATURES))
    features = pa.concat_tables(tables) if tables else FEATURES.empty_table()
    rows = features.num_rows
    return ParsedUpload(
        format="made_up",
        reader_version="1",
        runs=tuple(
            RunDraft(key=name, name=name, quantity_kind="precursor_intensity") for name in runs
        ),
        features=features,
        ledger=Ledger(rows_in=rows, used=rows, cells_in=rows, features=rows),
    )


@pytest.fixture(scope="session")
def make_parsed():
    """The function that makes a ParsedUpload of ``{run name: [sequence, ...]}``."""
    return parsed_upload


@pytest.fixture(scope="session")
def make_sequences():
    """The function that makes ``count`` distinct peptides from a ``seed``."""
    return random_sequences


@pytest.fixture(scope="session")
def store_runs():
    """A function that stores runs given as ``{run name: [sequence, ...]}`` and returns them."""
    from omicstoken_kernel.store.features import Features
    from omicstoken_kernel.store.uploads import Uploads

    def store(ctx, runs, *, file="made_up.tsv"):
        content = repr((file, sorted(runs))).encode()
        upload = Uploads(ctx).add(
            name=file,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            options={},
        )
        return Features(ctx).replace(upload.id, parsed_upload(runs), {})

    return store


@pytest.fixture
def other():
    """A function that returns the same Context for another owner."""

    def of(ctx, owner="somebody else"):
        return replace(ctx, owner=owner)

    return of


@pytest.fixture(scope="session")
def realdata():
    """The folder of real result files."""
    return Path(os.environ.get("OMICSTOKEN_REALDATA", "../shared/realdata")).absolute()


@pytest.fixture
def realdata_or_skip(realdata):
    """The folder of real files; where it is absent the test is skipped, except in CI."""
    if not realdata.is_dir() and not os.environ.get("CI"):
        pytest.skip(f"no real files at {realdata}")
    return realdata


@pytest.fixture
def real_file(realdata_or_skip):
    """A function that returns the path of a real file."""
    return lambda name: realdata_or_skip / name
