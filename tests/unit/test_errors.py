"""Errors: one shape at every edge, and whole after a journey between processes."""

import pickle

import pytest

from omicstoken_kernel import errors
from omicstoken_kernel.errors import OmicsTokenError

KINDS = [getattr(errors, name) for name in errors.__all__ if name != "ErrorBody"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_pickling(kind):
    error = kind("The file 'a' is empty.", "Give another.")
    found = pickle.loads(pickle.dumps(error))
    assert type(found) is kind
    assert (found.message, found.hint, found.code) == (error.message, error.hint, error.code)
    assert str(found) == "The file 'a' is empty. Give another."


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_has_the_one_shape(kind):
    body = kind("What.", "How.").body("abc")
    assert body == {
        "error": {"code": kind.code, "message": "What.", "hint": "How.", "correlation_id": "abc"}
    }


def test_which_runs_lack_vectors_survives_pickling():
    error = errors.NotEmbedded("What.", "How.", run_ids=["run_1"], model="esm2")
    found = pickle.loads(pickle.dumps(error))
    assert (found.run_ids, found.model) == (("run_1",), "esm2")


def test_without_a_hint_nothing_trails():
    assert str(OmicsTokenError("What.")) == "What."
    assert OmicsTokenError("What.").body()["error"]["hint"] == ""


def test_every_kind_is_a_child_of_the_root_with_a_code_and_a_sentence():
    for kind in KINDS:
        assert issubclass(kind, OmicsTokenError)
        assert kind.code
        assert kind.__doc__
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_what_is_wrong_with_a_bundle_or_a_file_is_bad_input():
    for kind in (errors.ParseError, errors.SettingsError, errors.BundleError):
        assert issubclass(kind, errors.InputError)
    assert issubclass(errors.IndexUnavailable, errors.ServiceUnavailable)
    assert not issubclass(errors.NotFound, errors.InputError)


def test_a_notebook_shows_the_words_and_the_next_step_and_no_traceback():
    gone = errors.InputError("The run is gone.", "Upload it.")
    assert gone._render_traceback_() == ["InputError: The run is gone.", "Upload it."]
    assert errors.InputError("Gone.")._render_traceback_() == ["InputError: Gone."]
