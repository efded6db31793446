"""The index through its life: what is wrong with it is noticed, said and mended."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import filelock
import numpy as np
import pytest
import structlog
from forked import all_at_once
from index_opener import open_it

from omicstoken_kernel.context import open_context
from omicstoken_kernel.embedding.anchor import AnchorEmbedder
from omicstoken_kernel.embedding.encode import encode_runs
from omicstoken_kernel.errors import Cancelled, IndexUnavailable
from omicstoken_kernel.index import _file, flat
from omicstoken_kernel.index.flat import open_index, rebuild, status
from omicstoken_kernel.index.manifest import MANIFEST, folder_of
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.store.vectors import Vectors

KEY = AnchorEmbedder.model_key


@pytest.fixture(autouse=True)
def _fresh_process():
    """Forget what earlier tests opened, as a new process would."""
    _forget()
    yield
    _forget()


@pytest.fixture
def embed(store_runs, make_sequences):
    """A function that stores a run of ``count`` peptides with their anchor vectors."""

    def fill(ctx, count, seed=0):
        name = f"run {seed}"
        (run,) = store_runs(ctx, {name: make_sequences(count, seed)}, file=name)
        encode_runs(ctx, [run.id], model=AnchorEmbedder())
        return run

    return fill


def _forget():
    flat._opened.clear()
    _file._digest_once.cache_clear()


def nearest(ctx, sequence="SIINFEKL", k=5):
    index = open_index(ctx, KEY)
    return index.search(AnchorEmbedder().embed_batch([sequence]), k)


def index_file(ctx):
    (found,) = folder_of(ctx, KEY).glob("*.faiss")
    return found


def test_the_index_holds_the_unit_vectors_of_the_store(any_ctx, embed):
    embed(any_ctx, 60)
    index = open_index(any_ctx, KEY)
    assert len(index) == 60
    assert index.stale is None
    ids, vectors = Vectors(any_ctx).of_peptides(KEY, index.ids)
    np.testing.assert_array_equal(index.ids, ids)
    similarities, found = index.search(vectors, 1)
    assert found[:, 0].tolist() == ids.tolist()
    np.testing.assert_allclose(similarities, 1, atol=1e-6)


def test_the_manifest_says_what_the_file_holds(ctx, embed):
    embed(ctx, 20)
    manifest = rebuild(ctx, KEY)
    on_disk = json.loads((folder_of(ctx, KEY) / MANIFEST).read_text())
    assert on_disk["model_key"] == KEY
    assert on_disk["dim"] == 320
    assert on_disk["count"] == 20
    assert on_disk["generation"] == Vectors(ctx).model(KEY).generation
    assert on_disk["schema_version"] == 1
    assert on_disk["library"].startswith("faiss ")
    assert on_disk["file"] == index_file(ctx).name
    assert on_disk["sha256"].startswith(index_file(ctx).stem)
    assert on_disk == {**vars(manifest)}


def test_a_model_without_vectors_has_an_empty_index_that_finds_nothing(ctx):
    assert rebuild(ctx, KEY).count == 0
    similarities, found = nearest(ctx)
    assert similarities.shape == found.shape == (1, 0)
    assert status(ctx, KEY).state == "empty"


def test_an_up_to_date_index_is_not_written_again(ctx, embed):
    embed(ctx, 20)
    rebuild(ctx, KEY)
    before = index_file(ctx).stat().st_mtime_ns
    _forget()
    rebuild(ctx, KEY)
    assert index_file(ctx).stat().st_mtime_ns == before


def test_new_vectors_are_found_at_once(ctx, embed):
    embed(ctx, 20)
    assert len(open_index(ctx, KEY)) == 20
    embed(ctx, 30, seed=1)
    assert status(ctx, KEY).state == "stale"
    assert len(open_index(ctx, KEY)) == 50
    assert len(list(folder_of(ctx, KEY).glob("*.faiss"))) == 1
    assert status(ctx, KEY).state == "current"


def test_one_process_reads_the_file_once(ctx, embed):
    embed(ctx, 20)
    assert open_index(ctx, KEY) is open_index(ctx, KEY)


def test_the_same_vectors_give_the_same_file(ctx, embed):
    embed(ctx, 20)
    first = rebuild(ctx, KEY)
    (folder_of(ctx, KEY) / MANIFEST).unlink()
    assert rebuild(ctx, KEY).sha256 == first.sha256


# --- damage, each followed by a search that must give the right answer


def cut_short(file):
    file.write_bytes(file.read_bytes()[:-100])


def flip_a_byte(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def empty_it(file):
    file.write_bytes(b"")


def remove_it(file):
    file.unlink()


def remove_the_manifest(file):
    (file.parent / MANIFEST).unlink()


def tear_the_manifest(file):
    manifest = file.parent / MANIFEST
    manifest.write_bytes(manifest.read_bytes()[:40])


def write_rubbish_for_a_manifest(file):
    (file.parent / MANIFEST).write_bytes(b"\xff\x00 not json")


def change(**values):
    def damage(file):
        manifest = file.parent / MANIFEST
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **values}))

    damage.__name__ = "_".join(f"change_{name}_to_{value!r:.8}" for name, value in values.items())
    return damage


def exchange_the_content(file):
    """Put the index of other vectors there, with a manifest that fits it in everything else."""
    import hashlib

    import faiss

    index = faiss.read_index(str(file))
    ids = faiss.vector_to_array(index.id_map)
    other = _file.new_index(index.d)
    vectors = np.random.default_rng(3).standard_normal((index.ntotal, index.d)).astype(np.float32)
    other.add_with_ids(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), ids)
    faiss.write_index(other, str(file))
    change(sha256=hashlib.sha256(file.read_bytes()).hexdigest())(file)


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        flip_a_byte,
        empty_it,
        remove_it,
        remove_the_manifest,
        tear_the_manifest,
        write_rubbish_for_a_manifest,
        exchange_the_content,
        change(schema_version=2),
        change(schema_version="1"),
        change(model_key="esm2"),
        change(dim=64),
        change(count=7),
        change(generation=99),
        change(generation=0),
        change(file="../../../etc/passwd"),
        change(file=""),
        change(sha256="0" * 64),
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_damaged_or_foreign_index_is_rebuilt_with_a_log_line_and_never_used(ctx, embed, damage):
    embed(ctx, 40)
    expected = nearest(ctx)
    _forget()
    damage(index_file(ctx))
    assert status(ctx, KEY).state != "current" or damage is exchange_the_content
    set_up_logging(load_settings(log_level="INFO"))
    with structlog.testing.capture_logs() as lines:
        similarities, found = nearest(ctx)
    np.testing.assert_array_equal(found, expected[1])
    np.testing.assert_array_equal(similarities, expected[0])
    events = [line["event"] for line in lines]
    assert events == ["index_rebuilding", "index_rebuilt"]
    assert lines[0]["reason"]
    mere_age = ("remove_the_manifest", "change_generation_to_0")
    assert (lines[0]["log_level"] == "info") == (damage.__name__ in mere_age)
    assert status(ctx, KEY).state == "current"


def test_the_index_of_another_database_is_not_used(ctx, embed, tmp_path):
    embed(ctx, 40)
    open_index(ctx, KEY)
    _forget()
    # The same workspace folder, another database that happens to have as many vectors.
    moved = open_context(
        load_settings(
            home=ctx.settings.home, user="tester", database_url=f"sqlite:///{tmp_path / 'b.sqlite'}"
        )
    )
    embed(moved, 40, seed=8)
    assert Vectors(moved).model(KEY).generation == Vectors(ctx).model(KEY).generation
    index = open_index(moved, KEY)
    ids, vectors = Vectors(moved).of_peptides(KEY, index.ids)
    assert index.search(vectors, 1)[1][:, 0].tolist() == ids.tolist()


def test_leftovers_of_a_killed_writer_are_removed(ctx, embed):
    embed(ctx, 10)
    folder = folder_of(ctx, KEY)
    (folder / "4711.tmp").write_bytes(b"half")
    (folder / "0123456789abcdef.faiss").write_bytes(b"old")
    rebuild(ctx, KEY)
    assert sorted(path.suffix for path in folder.iterdir() if path.name != ".lock") == [
        ".faiss",
        ".json",
    ]


def test_a_process_keeps_no_more_indexes_than_fit(ctx, embed, monkeypatch):
    embed(ctx, 10)
    first = open_index(ctx, KEY)
    assert open_index(ctx, KEY) is first
    # One of another model that does not fit beside it.
    monkeypatch.setattr(flat, "_KEPT_BYTES", 4 * 320 * 15)
    Vectors(ctx).add(
        model_key="other:1",
        name="other",
        dim=320,
        peptide_ids=first.ids,
        vectors=np.ones((10, 320), dtype=np.float32),
    )
    assert len(open_index(ctx, "other:1")) == 10
    again = open_index(ctx, KEY)
    assert again is not first
    assert again.manifest == first.manifest


def test_a_cancelled_rebuild_leaves_the_index_before(ctx, embed):
    embed(ctx, 10)
    before = rebuild(ctx, KEY)
    embed(ctx, 10, seed=1)

    def stop(done, total, what):
        msg = "stop"
        raise Cancelled(msg)

    with pytest.raises(Cancelled):
        rebuild(ctx, KEY, progress=stop)
    assert index_file(ctx).name == before.file
    assert rebuild(ctx, KEY).count == 20


# --- when it cannot be rebuilt

SMALL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from omicstoken_kernel.context import open_context
from omicstoken_kernel.logs import set_up_logging
from omicstoken_kernel.settings import load_settings
from omicstoken_kernel.index.flat import open_index
from omicstoken_kernel.embedding.encode import encode_runs
from omicstoken_kernel.errors import IndexUnavailable
from omicstoken_kernel.logs import set_up_logging
settings = load_settings(home=sys.argv[1], user="tester")
set_up_logging(settings)
ctx = open_context(settings)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    index = open_index(ctx, sys.argv[2])
except IndexUnavailable as error:
    print("unavailable", error)
else:
    print(len(index), index.stale)
"""


def on_a_small_disk(ctx, limit):
    """Open the index in a process whose files cannot grow beyond a limit."""
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(ctx.settings.home), KEY, str(limit)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs limits on file size")
@pytest.mark.parametrize("limit", [0, 5_000, 60_000])
def test_when_the_disk_is_full_the_index_before_is_used_and_says_it_is_stale(ctx, embed, limit):
    embed(ctx, 40)
    before = rebuild(ctx, KEY)
    embed(ctx, 10, seed=1)
    answer = on_a_small_disk(ctx, limit)
    assert answer.startswith("40 The search index of")
    assert "cannot be built" in answer
    assert index_file(ctx).name == before.file
    assert status(ctx, KEY).state == "stale"
    assert not list(folder_of(ctx, KEY).glob("*.tmp"))
    _forget()
    assert len(open_index(ctx, KEY)) == 50


def test_when_the_disk_is_full_and_there_is_no_index_the_search_says_so(ctx, embed):
    embed(ctx, 40)
    answer = on_a_small_disk(ctx, 5_000)
    assert answer.startswith("unavailable The search index of")
    assert "disk" in answer


def test_a_damaged_index_is_not_used_even_when_it_cannot_be_rebuilt(ctx, embed):
    embed(ctx, 40)
    rebuild(ctx, KEY)
    flip_a_byte(index_file(ctx))
    assert on_a_small_disk(ctx, 5_000).startswith("unavailable")


def test_a_rebuild_that_never_ends_elsewhere_is_not_waited_for_for_ever(ctx, embed, monkeypatch):
    embed(ctx, 10)
    rebuild(ctx, KEY)
    embed(ctx, 10, seed=1)
    monkeypatch.setattr(flat, "_PATIENCE_S", 0.2)
    with filelock.FileLock(folder_of(ctx, KEY) / ".lock"):
        with pytest.raises(IndexUnavailable, match="Another process"):
            rebuild(ctx, KEY)
        index = open_index(ctx, KEY)
    assert len(index) == 10
    assert "Another process" in index.stale


# --- several at once


def test_eight_processes_opening_a_stale_index_rebuild_it_once(ctx, embed):
    embed(ctx, 300)
    outcomes = all_at_once(open_it, [(ctx.settings.home, KEY)] * 8)
    assert [count for count, _ in outcomes] == [300] * 8
    assert sum(events.count("index_rebuilt") for _, events in outcomes) == 1


def test_threads_may_open_and_search_while_vectors_are_added(ctx, embed):
    embed(ctx, 50)

    def look(_):
        similarities, _ = nearest(ctx)
        return similarities.shape

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look, place) for place in range(12)]
        embed(ctx, 50, seed=1)
        assert {future.result() for future in looks} == {(1, 5)}
    assert len(open_index(ctx, KEY)) == 100


def test_keys_that_look_alike_as_file_names_have_folders_of_their_own(ctx):
    first, second = folder_of(ctx, "a:b:mean"), folder_of(ctx, "a/b/mean")
    assert first != second
    assert first.parent == second.parent == ctx.settings.home / "index"
    assert os.sep not in first.name
