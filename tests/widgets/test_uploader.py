"""Files arrive whole or not at all, whatever their size and name."""

from __future__ import annotations

import subprocess
import sys
import zlib

import pytest

from omicstoken_widgets.uploader import Uploader

CONTENT = bytes(range(256)) * 40
PIECE = 4096


@pytest.fixture
def arrived():
    return []


@pytest.fixture
def uploader(tmp_path, arrived):
    return Uploader(tmp_path / "tmp", lambda path, name: arrived.append((path, name)))


@pytest.fixture
def ask(uploader, monkeypatch):
    answers = []
    monkeypatch.setattr(
        type(uploader), "send", lambda _self, content, parts=None: answers.append(content)
    )

    def send(type, piece=None, **content):
        buffers = [] if piece is None else [memoryview(piece)]
        uploader._answer(uploader, {"id": "7", "type": type, **content}, buffers)
        return answers.pop()

    return send


def send_pieces(ask, key, content, stop=None):
    for offset in range(0, stop or len(content), PIECE):
        piece = content[offset : offset + PIECE]
        answer = ask("piece", piece, key=key, offset=offset, crc32=zlib.crc32(piece))
        assert answer["received"] == offset + len(piece)


def left_over(tmp_path):
    return list((tmp_path / "tmp").glob("*"))


def test_a_file_in_pieces_arrives_as_it_was(ask, arrived):
    key = ask("begin", name="peptides.txt", size=len(CONTENT))["key"]
    send_pieces(ask, key, CONTENT)
    assert "error" not in ask("end", key=key)
    ((path, name),) = arrived
    assert (path.read_bytes(), name) == (CONTENT, "peptides.txt")


def test_an_empty_file_arrives_too(ask, arrived):
    key = ask("begin", name="empty.txt", size=0)["key"]
    ask("end", key=key)
    assert arrived[0][0].read_bytes() == b""


@pytest.mark.parametrize("name", ["../../evil.txt", "C:\\temp\\evil.txt", "/etc/evil.txt"])
def test_a_name_never_leaves_the_folder(ask, arrived, tmp_path, name):
    key = ask("begin", name=name, size=0)["key"]
    ask("end", key=key)
    path, told = arrived[0]
    assert path.parent == tmp_path / "tmp"
    assert told == "evil.txt"


def test_a_damaged_piece_is_refused(ask, arrived):
    key = ask("begin", name="a.txt", size=4)["key"]
    answer = ask("piece", b"abcd", key=key, offset=0, crc32=zlib.crc32(b"abcX"))
    assert "damaged" in answer["error"]["message"]
    assert not arrived


def test_a_piece_out_of_order_is_refused(ask):
    key = ask("begin", name="a.txt", size=8)["key"]
    assert "error" in ask("piece", b"abcd", key=key, offset=4, crc32=zlib.crc32(b"abcd"))


def test_more_bytes_than_announced_are_refused(ask):
    key = ask("begin", name="a.txt", size=2)["key"]
    answer = ask("piece", b"abcd", key=key, offset=0, crc32=zlib.crc32(b"abcd"))
    assert "longer" in answer["error"]["message"]


def test_a_file_that_broke_off_is_no_file(ask, arrived):
    key = ask("begin", name="a.txt", size=len(CONTENT))["key"]
    send_pieces(ask, key, CONTENT, stop=PIECE)
    assert "broke off" in ask("end", key=key)["error"]["message"]
    assert not arrived


def test_what_is_cancelled_leaves_nothing(ask, tmp_path):
    key = ask("begin", name="a.txt", size=len(CONTENT))["key"]
    send_pieces(ask, key, CONTENT, stop=PIECE)
    ask("drop", key=key)
    assert left_over(tmp_path) == []


def test_a_file_that_went_away_on_the_way_is_told_and_not_begun_in_the_middle(
    ask, arrived, tmp_path
):
    key = ask("begin", name="a.txt", size=len(CONTENT))["key"]
    send_pieces(ask, key, CONTENT, stop=PIECE)
    left_over(tmp_path)[0].unlink()
    piece = CONTENT[PIECE : 2 * PIECE]
    answer = ask("piece", piece, key=key, offset=PIECE, crc32=zlib.crc32(piece))
    assert "cannot be kept" in answer["error"]["message"]
    assert left_over(tmp_path) == []
    assert not arrived


@pytest.mark.parametrize("how", ["ended", "killed"])
def test_a_kernel_that_ends_takes_what_is_still_arriving_with_it(tmp_path, how):
    def left_behind():
        return sorted(path.name.partition("-")[0] for path in tmp_path.iterdir())

    code = """
import os, signal, sys
from pathlib import Path
from omicstoken_widgets.uploader import Uploader
up = Uploader(Path(sys.argv[1]), lambda path, name: None)
for name in ("whole", "half"):
    (answer, _) = up._begin({"name": name, "size": 0 if name == "whole" else 4}, [])
    if name == "whole":
        up._end(answer, [])
print(len(list(Path(sys.argv[1]).iterdir())), flush=True)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), how],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert ended.stdout == "2\n"
    if how == "killed":
        # It could not tidy up; whoever comes next does.
        assert len(left_behind()) == 2
        Uploader(tmp_path, lambda _path, _name: None)
    assert left_behind() == ["arrived"]


def test_a_file_the_kernel_has_forgotten_is_told(ask):
    answer = ask("piece", b"", key="no such file", offset=0, crc32=0)
    assert "knows nothing" in answer["error"]["message"]


def test_a_workspace_that_cannot_be_written_to_is_told(ask, tmp_path):
    (tmp_path / "tmp").write_text("a file where the folder should be")
    answer = ask("begin", name="a.txt", size=1)
    assert "cannot be kept" in answer["error"]["message"]
