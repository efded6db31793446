"""Logs: to stderr, readable by people or programs, without secrets."""

import json
import subprocess
import sys

import pytest
import structlog

from omicstoken_kernel.logs import (
    correlation_id,
    get_logger,
    new_correlation,
    set_up_logging,
)
from omicstoken_kernel.settings import load_settings


@pytest.fixture
def lines(capsys):
    """The function that logs in JSON and returns the lines as dictionaries."""
    set_up_logging(load_settings(log_level="INFO", log_format="json"))

    def read():
        captured = capsys.readouterr()
        assert captured.out == ""
        return [json.loads(line) for line in captured.err.splitlines()]

    return read


def test_an_event_is_a_word_with_values(lines):
    get_logger("here").info("index_rebuilt", model_key="anchor:1", count=7)
    (line,) = lines()
    assert line["event"] == "index_rebuilt"
    assert (line["module"], line["level"], line["count"]) == ("here", "info", 7)
    assert line["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_written(lines):
    log = get_logger("here")
    log.debug("sequence", sequence="SIINFEKL")
    log.warning("careful")
    assert [line["event"] for line in lines()] == ["careful"]


@pytest.mark.parametrize(
    "values",
    [
        {"api_token": "hunter2"},
        {"Authorization": "hunter2"},
        {"headers": {"Cookie": "hunter2", "x": [{"password": "hunter2"}]}},
        {"url": "postgresql://ana:hunter2@host/name"},
        {"urls": ["postgresql://ana:hunter2@host/name"]},
        {"url": "postgresql://ana:hun@ter2@host/name"},
        {"text": "cannot reach postgresql://:hunter2@host"},
    ],
)
def test_secrets_are_hidden_wherever_they_stand(lines, values):
    get_logger("here").info("called", **values, kept="yes")
    (line,) = lines()
    assert "hunter2" not in json.dumps(line)
    assert "ter2" not in json.dumps(line)
    assert line["kept"] == "yes"
    assert "[hidden]" in json.dumps(line)


def test_an_address_keeps_all_but_its_password(lines):
    get_logger("here").info(
        "opened", url="postgresql://ana:pw@host:5432/name", plain="http://a/b@c"
    )
    (line,) = lines()
    assert line["url"] == "postgresql://ana:[hidden]@host:5432/name"
    assert line["plain"] == "http://a/b@c"


def fail():
    password = "hunter2"
    if password:
        msg = "cannot open postgresql://ana:hunter2@host"
        raise ValueError(msg)


def test_a_traceback_is_one_value_without_secrets(lines):
    try:
        fail()
    except ValueError:
        get_logger("here").exception("failed")
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "hunter2@" not in line["exception"]


@pytest.mark.parametrize("given", ["call", "tuple"])
def test_the_console_shows_tracebacks_without_local_variables(capsys, given):
    set_up_logging(load_settings(log_format="console"))
    log = get_logger("here")
    local = "-".join(["a", "local", "variable"])
    try:
        fail()
    except ValueError:
        if given == "call":
            log.exception("failed")
        else:
            log.error("failed", exc_info=sys.exc_info())
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert "Traceback" in shown
    assert local not in shown
    assert "hunter2@" not in shown


def test_one_correlation_id_stands_in_every_line_until_the_next(lines):
    assert correlation_id() == ""
    first = new_correlation()
    get_logger("a").info("one")
    get_logger("b").info("two")
    second = new_correlation()
    get_logger("a").info("three")
    assert [line["correlation_id"] for line in lines()] == [first, first, second]
    assert correlation_id() == second != first


def test_what_is_written_goes_to_the_stderr_of_the_moment(lines, capsys):
    log = get_logger("made before")
    log.info("one")
    assert len(lines()) == 1
    log.info("two")
    assert len(lines()) == 1


def run(code):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_before_it_is_set_up_only_warnings_are_written_and_to_stderr():
    code = (
        "from omicstoken_kernel.logs import get_logger\n"
        "get_logger('here').info('quiet')\nget_logger('here').warning('loud')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == ""
    assert "loud" in result.stderr
    assert "quiet" not in result.stderr


def test_a_program_that_configured_structlog_itself_is_left_alone():
    code = (
        "import structlog\nstructlog.configure(processors=[lambda l, m, e: 'mine'])\n"
        "from omicstoken_kernel.logs import get_logger\nget_logger('here').info('x')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "mine\n"
    assert structlog.is_configured()
