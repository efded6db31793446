"""Weights over the network: from a real server on this machine, well and badly behaved."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import socket
import threading

import pytest
from esm2_weights import FILE_NAME, write_weights

from omicstoken_kernel.embedding._esm2_shape import size_of
from omicstoken_kernel.embedding.esm2 import load_esm2
from omicstoken_kernel.embedding.fetch import fetch_weights
from omicstoken_kernel.embedding.weights import read_record
from omicstoken_kernel.errors import Cancelled, InputError, ServiceUnavailable

ESM2 = size_of("esm2")
PART = f"{FILE_NAME}.part"


class Server(http.server.ThreadingHTTPServer):
    """Serves one file; how badly is set by its attributes."""

    # Closing waits for the answers under way, so that none outlives its test.
    daemon_threads = False

    def __init__(self, content):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = content
        self.ranges, self.tag, self.dated, self.length = True, '"one"', False, True
        self.cut_after = None  # bytes of the answer after which the line goes dead
        self.status = None
        self.asked = []

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_address[1]}/models/"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_args):
        pass

    def do_GET(self):
        server = self.server
        wanted = self.headers.get("Range")
        server.asked.append((self.path, wanted))
        if server.status:
            self.send_error(server.status)
            return
        begin, total = 0, len(server.content)
        known = self.headers.get("If-Range") in (server.tag, "Wed, 01 Jan 2025 00:00:00 GMT")
        if wanted and server.ranges and known:
            begin = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if begin >= total:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{total}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{total - 1}/{total}")
        else:
            self.send_response(200)
        if server.tag:
            self.send_header("ETag", server.tag)
        if server.dated:
            self.send_header("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")
        if server.length:
            self.send_header("Content-Length", str(total - begin))
        self.end_headers()
        end = total if server.cut_after is None else begin + server.cut_after
        with contextlib.suppress(ConnectionError):  # the client may have heard enough
            self.wfile.write(server.content[begin:end])


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("published")).read_bytes()


@pytest.fixture
def server(published):
    server = Server(published)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_weights_are_fetched_taken_in_and_recorded(server, models, published):
    import hashlib

    seen = []
    added = fetch_weights(models, ESM2, base=server.base, progress=lambda *now: seen.append(now))
    assert server.asked == [(f"/models/{FILE_NAME}", None)]
    assert load_esm2(models).model_key == added.model_key
    record = read_record(models, ESM2)
    assert record.source_name == FILE_NAME
    assert record.source_sha256 == hashlib.sha256(published).hexdigest()
    assert names(models) == sorted([added.path.name, "record.json"])
    total = round(len(published) / 1e6)
    assert seen[-1] == (total, total, "MB")
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)


@pytest.mark.parametrize("dated", [False, True])
def test_a_download_that_broke_off_goes_on_where_it_stopped(server, models, dated):
    server.cut_after = 10_000_000
    if dated:  # a version told by its date, and a tag that vouches for nothing
        server.dated, server.tag = True, 'W/"weak"'
    with pytest.raises(ServiceUnavailable, match="broke off after 10 of") as caught:
        fetch_weights(models, ESM2, base=server.base)
    assert "goes on" in caught.value.hint
    assert "models add" in caught.value.hint
    assert (models / PART).stat().st_size == 10_000_000
    server.cut_after = None
    added = fetch_weights(models, ESM2, base=server.base)
    assert server.asked[1][1] == "bytes=10000000-"
    assert load_esm2(models).model_key == added.model_key
    assert PART not in names(models)


def test_a_server_that_cannot_go_on_sends_all_of_it_again(server, models):
    server.cut_after = 10_000_000
    server.ranges = False
    with pytest.raises(ServiceUnavailable, match="broke off"):
        fetch_weights(models, ESM2, base=server.base)
    server.cut_after = None
    assert fetch_weights(models, ESM2, base=server.base).name == "esm2"


def test_a_part_of_another_version_is_not_gone_on_with(server, models, tmp_path):
    server.cut_after = 10_000_000
    with pytest.raises(ServiceUnavailable, match="broke off"):
        fetch_weights(models, ESM2, base=server.base)
    server.cut_after, server.tag = None, '"two"'
    server.content = write_weights(tmp_path / "new", seed=1).read_bytes()
    added = fetch_weights(models, ESM2, base=server.base)
    assert added.model_key == load_esm2(tmp_path / "new").model_key


def test_a_part_longer_than_the_file_is_begun_anew(server, models, published):
    server.cut_after = 10
    with pytest.raises(ServiceUnavailable, match="broke off"):
        fetch_weights(models, ESM2, base=server.base)
    server.cut_after = None
    (models / PART).write_bytes(published + b"more")
    assert fetch_weights(models, ESM2, base=server.base).name == "esm2"


def test_a_download_that_was_whole_but_could_not_be_taken_in_is_not_repeated(
    server, models, monkeypatch
):
    from omicstoken_kernel.embedding import intake

    def full(*_args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "write_whole", full)
        with pytest.raises(ServiceUnavailable, match="No space left"):
            fetch_weights(models, ESM2, base=server.base)
    size = (models / PART).stat().st_size
    server.cut_after = 0  # nothing more can come
    assert fetch_weights(models, ESM2, base=server.base).name == "esm2"
    assert server.asked[1][1] == f"bytes={size}-"


def test_a_server_that_does_not_say_the_size_is_believed_when_the_file_is_whole(server, models):
    server.length = False
    assert fetch_weights(models, ESM2, base=server.base).name == "esm2"


def test_a_file_cut_short_without_a_word_is_refused_and_leaves_nothing(server, models):
    server.length, server.cut_after = False, 10_000_000
    with pytest.raises(ServiceUnavailable, match=r"is not esm2_t6_8M_UR50D\.pt: it is cut short"):
        fetch_weights(models, ESM2, base=server.base)
    assert names(models) == []


def test_a_page_instead_of_the_file_is_refused_and_leaves_nothing(server, models):
    server.content = b"<html>Please log in to the network</html>" * 100
    with pytest.raises(ServiceUnavailable, match="not a weights file") as caught:
        fetch_weights(models, ESM2, base=server.base)
    assert "models add" in caught.value.hint
    assert names(models) == []


def test_weights_of_another_size_are_refused(server, models):
    with pytest.raises(ServiceUnavailable, match="it is esm2_t6_8M_UR50D, expected esm2_t12_35M"):
        fetch_weights(models, size_of("esm2-35m"), base=server.base)
    assert names(models) == []


@pytest.mark.parametrize("status", [404, 403, 500, 503])
def test_an_answer_that_says_no_is_told(server, models, status):
    server.status = status
    with pytest.raises(ServiceUnavailable, match=f"answers {status}") as caught:
        fetch_weights(models, ESM2, base=server.base)
    assert "models add" in caught.value.hint


def test_no_network_is_told_with_the_way_out(models):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ServiceUnavailable, match="cannot be reached") as caught:
            fetch_weights(models, ESM2, base=base)
    assert "models add" in caught.value.hint


def test_an_address_that_is_none_is_refused_before_anything_is_asked(models):
    for base in ("file:///etc", "dl.example.org", ""):
        with pytest.raises(InputError, match="no address") as caught:
            fetch_weights(models, ESM2, base=base)
        assert "OMICSTOKEN_MODELS_URL" in caught.value.hint
    assert not models.exists()


def test_a_download_larger_than_the_disk_is_not_begun(server, models, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(ServiceUnavailable, match="too little space") as caught:
        fetch_weights(models, ESM2, base=server.base)
    assert "OMICSTOKEN_MODELS" in caught.value.hint
    assert not (models / PART).exists()


def test_a_disk_that_fills_up_meanwhile_is_told_as_that_and_not_as_a_network_error(server, models):
    # /dev/full takes nothing: every write to it finds the disk full.
    models.mkdir()
    (models / PART).symlink_to("/dev/full")
    server.tag = None
    with pytest.raises(ServiceUnavailable, match="cannot be written: No space left on device"):
        _keep_the_link(server, models)


def _keep_the_link(server, models):
    """Fetch, with the part's name staying what it is when a download begins anew."""
    from omicstoken_kernel.embedding import fetch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetch, "_forget", lambda _part: None)
        fetch_weights(models, ESM2, base=server.base)


def test_a_cancelled_download_keeps_its_part(server, models):
    def stop(done, _total, _what):
        if done >= 5:
            msg = "stop"
            raise Cancelled(msg)

    with pytest.raises(Cancelled):
        fetch_weights(models, ESM2, base=server.base, progress=stop)
    here = (models / PART).stat().st_size
    assert here >= 4_500_000
    fetch_weights(models, ESM2, base=server.base)
    assert server.asked[1][1] == f"bytes={here}-"
